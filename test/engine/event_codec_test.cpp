#include <swarmlog/engine/event_codec.hpp>

#include "json/validate_json.hpp"
#include "support/random_seed.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/value.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using namespace std::string_view_literals;
using swarmlog::decode_event;
using swarmlog::encode_event;
using swarmlog::errc;
using swarmlog::event_id;
using swarmlog::position;
using swarmlog::result;
using swarmlog::timestamp;
using swarmlog::version;

namespace codec_events {

struct integers {
    static constexpr std::string_view type = "test.integers";
    std::int8_t i8 = 0;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint16_t u16 = 0;
    std::int32_t i32 = 0;
    std::uint32_t u32 = 0;
    std::int64_t i64 = 0;
    std::uint64_t u64 = 0;
    friend bool operator==(integers const&, integers const&) = default;
};
BOOST_DESCRIBE_STRUCT(integers, (), (i8, u8, i16, u16, i32, u32, i64, u64))

struct wide {
    static constexpr std::string_view type = "test.wide";
    std::uint64_t number = 0;
    friend bool operator==(wide const&, wide const&) = default;
};
BOOST_DESCRIBE_STRUCT(wide, (), (number))

struct floats {
    static constexpr std::string_view type = "test.floats";
    float single = 0;
    double twice = 0;
    friend bool operator==(floats const&, floats const&) = default;
};
BOOST_DESCRIBE_STRUCT(floats, (), (single, twice))

struct text {
    static constexpr std::string_view type = "test.text";
    static constexpr std::uint32_t schema_version = 7;
    std::string body;
    friend bool operator==(text const&, text const&) = default;
};
BOOST_DESCRIBE_STRUCT(text, (), (body))

struct borrowed_text {
    static constexpr std::string_view type = "test.text";
    std::string_view body;
};
BOOST_DESCRIBE_STRUCT(borrowed_text, (), (body))

struct nothing {
    static constexpr std::string_view type = "test.nothing";
    friend bool operator==(nothing const&, nothing const&) = default;
};
BOOST_DESCRIBE_STRUCT(nothing, (), ())

enum class colour { red = 1, green = 2 };
BOOST_DESCRIBE_ENUM(colour, red, green)

struct retry_policy {
    std::uint32_t count = 0;
    std::optional<std::string> reason;
    friend bool operator==(retry_policy const&, retry_policy const&) = default;
};
BOOST_DESCRIBE_STRUCT(retry_policy, (), (count, reason))

struct stamped {
    timestamp at;
    friend bool operator==(stamped const&, stamped const&) = default;
};
BOOST_DESCRIBE_STRUCT(stamped, (), (at))

struct everything : stamped {
    static constexpr std::string_view type = "test.everything";
    bool flag = false;
    std::string name;
    std::optional<std::int32_t> maybe;
    std::vector<std::string> words;
    std::vector<bool> flags;
    std::array<std::uint16_t, 2> pair{};
    std::set<std::int64_t> members;
    std::map<std::string, double> weights;
    std::unordered_map<std::string, std::vector<std::optional<int>>> table;
    colour paint = colour::red;
    retry_policy retry;
    std::vector<retry_policy> past;
    event_id id;
    position seen;
    swarmlog::version at_version;
    boost::json::value extra;
    std::optional<boost::json::value> more;
    friend bool operator==(everything const&, everything const&) = default;
};
BOOST_DESCRIBE_STRUCT(everything, (stamped),
                      (flag, name, maybe, words, flags, pair, members, weights, table, paint, retry,
                       past, id, seen, at_version, extra, more))

struct tree {
    static constexpr std::string_view type = "test.tree";
    std::vector<tree> children;
};
BOOST_DESCRIBE_STRUCT(tree, (), (children))

class guarded {
public:
    static constexpr std::string_view type = "test.guarded";
    guarded() = default;
    explicit guarded(int secret) : secret_(secret) {}
    [[nodiscard]] int secret() const { return secret_; }

private:
    BOOST_DESCRIBE_CLASS(guarded, (), (), (), (secret_))
    int secret_ = 0;
};

struct undescribed {
    static constexpr std::string_view type = "test.undescribed";
};
struct unnamed {
    int number = 0;
};
BOOST_DESCRIBE_STRUCT(unnamed, (), (number))
struct named_by_a_member {
    std::string type;
};
BOOST_DESCRIBE_STRUCT(named_by_a_member, (), (type))
struct named_by_nothing {
    static constexpr std::string_view type = "";
};
BOOST_DESCRIBE_STRUCT(named_by_nothing, (), ())

} // namespace codec_events

namespace {

using namespace codec_events;

static_assert(swarmlog::event_type<everything>);
static_assert(swarmlog::event_type<nothing>);
static_assert(swarmlog::event_type<guarded>);
static_assert(!swarmlog::event_type<undescribed>);
static_assert(!swarmlog::event_type<unnamed>);
static_assert(!swarmlog::event_type<named_by_a_member>);
static_assert(!swarmlog::event_type<named_by_nothing>);
static_assert(!swarmlog::event_type<colour>);
static_assert(!swarmlog::event_type<int>);
static_assert(swarmlog::schema_version_of<everything>() == 1);
static_assert(swarmlog::schema_version_of<text>() == 7);

template <class T>
std::string encoded(T const& event) {
    std::string out;
    encode_event(event, out).value();
    return out;
}

/// The message of the failure; empty if there is none.
template <class T>
std::string decoding_failure(std::string_view data) {
    auto const event = decode_event<T>(data);
    return event ? "" : event.error().message();
}

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();

everything full_event() {
    everything event;
    event.at = swarmlog::parse_timestamp("2026-08-06T04:12:45.184938521Z").value();
    event.flag = true;
    event.name = "a \"name\"\n";
    event.maybe = -3;
    event.words = {"x", ""};
    event.flags = {true, false};
    event.pair = {1, 65535};
    event.members = {3, -1};
    event.weights = {{"b", 0.5}, {"a", 1e100}};
    event.table = {{"z", {1, std::nullopt}}, {"y", {}}};
    event.paint = colour::green;
    event.retry = {2, "why"};
    event.past = {{0, std::nullopt}, {1, "so"}};
    event.id = swarmlog::parse_event_id("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").value();
    event.seen = position{9};
    event.at_version = version{4};
    event.extra = {{"k", {1, nullptr, "s", true, 1.5, 18446744073709551615u}}};
    event.more = "text";
    return event;
}

struct misfit {
    std::string_view data;
    std::string_view message;

    friend std::ostream& operator<<(std::ostream& out, misfit const& self) {
        return out << self.data;
    }
};

constexpr misfit integer_misfits[] = {
    {"7", "test.integers: the data is not an object"},
    {"[]", "test.integers: the data is not an object"},
    {"{}", "test.integers: field \"i8\" is missing"},
    {R"({"i8":"1"})", "test.integers: field \"i8\" is not an integer"},
    {R"({"i8":1.0})", "test.integers: field \"i8\" is not an integer"},
    {R"({"i8":1e2})", "test.integers: field \"i8\" is not an integer"},
    {R"({"i8":null})", "test.integers: field \"i8\" is not an integer"},
    {R"({"i8":128})", "test.integers: field \"i8\" is outside its range of -128 to 127"},
    {R"({"i8":-129})", "test.integers: field \"i8\" is outside its range of -128 to 127"},
    {R"({"i8":18446744073709551615})",
     "test.integers: field \"i8\" is outside its range of -128 to 127"},
    {R"({"i8":0,"u8":-1})", "test.integers: field \"u8\" is outside its range of 0 to 255"},
    {R"({"i8":0,"u8":256})", "test.integers: field \"u8\" is outside its range of 0 to 255"},
    {R"({"i8":0,"u8":true})", "test.integers: field \"u8\" is not an integer"},
};

constexpr misfit wide_misfits[] = {
    {R"({"number":-1})",
     "test.wide: field \"number\" is outside its range of 0 to 18446744073709551615"},
    {R"({"number":18446744073709551616})", "test.wide: field \"number\" is not an integer"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_codec_test)

BOOST_AUTO_TEST_CASE(every_kind_of_member_is_written_as_documented) {
    BOOST_TEST(encoded(full_event()) ==
               R"({"at":"2026-08-06T04:12:45.184938521Z","flag":true,"name":"a \"name\"\n",)"
               R"("maybe":-3,"words":["x",""],"flags":[true,false],"pair":[1,65535],)"
               R"("members":[-1,3],"weights":{"a":1e+100,"b":0.5},)"
               R"("table":{"y":[],"z":[1,null]},"paint":"green",)"
               R"("retry":{"count":2,"reason":"why"},"past":[{"count":0},)"
               R"({"count":1,"reason":"so"}],"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",)"
               R"("seen":9,"at_version":4,)"
               R"("extra":{"k":[1,null,"s",true,1.5,18446744073709551615]},"more":"text"})"sv);
}

BOOST_AUTO_TEST_CASE(every_kind_of_member_reads_back) {
    everything const event = full_event();
    BOOST_TEST((decode_event<everything>(encoded(event)).value() == event));
    BOOST_TEST((decode_event<everything>(encoded(everything{})).value() == everything{}));
}

BOOST_AUTO_TEST_CASE(a_struct_without_members_is_an_empty_object) {
    BOOST_TEST(encoded(nothing{}) == "{}");
    BOOST_TEST(decode_event<nothing>("{}").has_value());
    BOOST_TEST(decode_event<nothing>(R"({"later":1})").has_value());
    BOOST_TEST(decoding_failure<nothing>("null") == "test.nothing: the data is not an object");
}

BOOST_AUTO_TEST_CASE(encoding_appends) {
    std::string out = "before";
    encode_event(wide{1}, out).value();
    encode_event(nothing{}, out).value();
    BOOST_TEST(out == R"(before{"number":1}{})");
}

BOOST_AUTO_TEST_CASE(integers_keep_their_limits) {
    integers lowest;
    integers highest;
    auto const set = [&](auto integers::*member) {
        using limits = std::numeric_limits<std::remove_reference_t<decltype(lowest.*member)>>;
        lowest.*member = limits::min();
        highest.*member = limits::max();
    };
    set(&integers::i8), set(&integers::u8), set(&integers::i16), set(&integers::u16);
    set(&integers::i32), set(&integers::u32), set(&integers::i64), set(&integers::u64);

    BOOST_TEST(encoded(lowest) ==
               R"({"i8":-128,"u8":0,"i16":-32768,"u16":0,"i32":-2147483648,"u32":0,)"
               R"("i64":-9223372036854775808,"u64":0})"sv);
    BOOST_TEST(encoded(highest) ==
               R"({"i8":127,"u8":255,"i16":32767,"u16":65535,"i32":2147483647,)"
               R"("u32":4294967295,"i64":9223372036854775807,"u64":18446744073709551615})"sv);
    BOOST_TEST((decode_event<integers>(encoded(lowest)).value() == lowest));
    BOOST_TEST((decode_event<integers>(encoded(highest)).value() == highest));
}

BOOST_AUTO_TEST_CASE(u64_is_exact_around_every_limit_of_other_types) {
    constexpr std::uint64_t limits[] = {std::uint64_t{1} << 32, std::uint64_t{1} << 53,
                                        std::uint64_t{1} << 63, 0};
    for (std::uint64_t const limit : limits) {
        for (std::uint64_t const number : {limit - 1, limit, limit + 1}) {
            BOOST_TEST(encoded(wide{number}) == R"({"number":)" + std::to_string(number) + "}");
            BOOST_TEST((decode_event<wide>(encoded(wide{number})).value() == wide{number}));
        }
    }
}

BOOST_DATA_TEST_CASE(an_integer_that_does_not_fit_is_told_why, integer_misfits, sample) {
    BOOST_TEST(decoding_failure<integers>(sample.data) == sample.message);
}

BOOST_DATA_TEST_CASE(a_u64_that_does_not_fit_is_told_why, wide_misfits, sample) {
    BOOST_TEST(decoding_failure<wide>(sample.data) == sample.message);
}

BOOST_AUTO_TEST_CASE(floats_are_written_shortest) {
    BOOST_TEST(encoded(floats{0.1F, 0.1}) == R"({"single":0.1,"twice":0.1})");
    BOOST_TEST(encoded(floats{3, -2}) == R"({"single":3,"twice":-2})");
    BOOST_TEST(encoded(floats{-0.0F, -0.0}) == R"({"single":-0.0,"twice":-0.0})");
    BOOST_TEST(encoded(floats{1e-45F, 5e-324}) == R"({"single":1e-45,"twice":5e-324})");
}

BOOST_AUTO_TEST_CASE(a_negative_zero_keeps_its_sign) {
    auto const event = decode_event<floats>(encoded(floats{-0.0F, -0.0})).value();
    BOOST_TEST(std::signbit(event.single));
    BOOST_TEST(std::signbit(event.twice));
}

BOOST_AUTO_TEST_CASE(an_integer_is_read_as_a_float) {
    auto const event =
        decode_event<floats>(R"({"single":-16777216,"twice":18446744073709551615})").value();
    BOOST_TEST(event.single == -16777216.0F);
    BOOST_TEST(event.twice == 18446744073709551615.0);
}

BOOST_AUTO_TEST_CASE(what_no_float_holds_is_told) {
    BOOST_TEST(decoding_failure<floats>(R"({"single":3.5e38,"twice":0})") ==
               "test.floats: field \"single\" is too large for a 32-bit float");
    BOOST_TEST(decoding_failure<floats>(R"({"single":3.4028235e38,"twice":0})").empty());
    BOOST_TEST(decoding_failure<floats>(R"({"single":"1","twice":0})") ==
               "test.floats: field \"single\" is not a number");
    BOOST_TEST(
        (decode_event<floats>(R"({"single":0,"twice":1e400})").error() == errc::non_finite_number));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_finite_is_rejected_and_named) {
    std::string out = "before";
    for (double const number : {infinity, -infinity, not_a_number}) {
        auto const rejected = encode_event(floats{0, number}, out);
        BOOST_TEST_REQUIRE(rejected.has_error());
        BOOST_TEST((rejected.error() == errc::non_finite_number));
        BOOST_TEST(rejected.error().message().starts_with("test.floats: field \"twice\" is "));
    }
    auto const single = encode_event(floats{static_cast<float>(infinity), 0}, out);
    BOOST_TEST((single.error() == errc::non_finite_number));
    everything nested;
    nested.weights["a key"] = infinity;
    BOOST_TEST(encode_event(nested, out).error().message() ==
               "test.everything: field \"weights[0]\" is infinite");
    nested = everything{};
    nested.extra = {1, {{"x", {2, not_a_number}}}};
    BOOST_TEST(encode_event(nested, out).error().message() ==
               "test.everything: field \"extra[1][0][1]\" is not a number");
    BOOST_TEST(out == "before");
}

BOOST_AUTO_TEST_CASE(text_is_escaped_where_json_asks_for_it) {
    std::string all;
    for (int code = 0; code != 0x80; ++code) { all += static_cast<char>(code); }
    std::string const out = encoded(text{all});
    BOOST_TEST(out.starts_with(R"({"body":"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007)"
                               R"(\b\t\n\u000b\f\r\u000e\u000f\u0010)"));
    BOOST_TEST(out.find(R"(\u001f !\"#$%&'()*+,-./0)") != std::string::npos);
    BOOST_TEST(out.find(R"(Z[\\]^_)") != std::string::npos);
    BOOST_TEST((decode_event<text>(out).value() == text{all}));
}

BOOST_AUTO_TEST_CASE(text_beyond_ascii_stays_as_it_is) {
    text const event{"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"};
    BOOST_TEST(encoded(event) == "{\"body\":\"" + event.body + "\"}");
    BOOST_TEST((decode_event<text>(encoded(event)).value() == event));
    BOOST_TEST((decode_event<text>(R"({"body":"\u00e9 \u20ac \ud83d\ude00"})").value() == event));
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_is_rejected_and_named) {
    std::string out = "before";
    for (std::string_view const bad :
         {"\x80"sv, "abcdefghijk\xC3"sv, "\xED\xA0\x80"sv, "\xC0\xAF"sv, "\xF4\x90\x80\x80"sv}) {
        auto const rejected = encode_event(text{std::string(bad)}, out);
        BOOST_TEST_REQUIRE(rejected.has_error());
        BOOST_TEST((rejected.error() == errc::invalid_utf8));
    }
    everything nested;
    nested.past = {{0, {}}, {0, "ab\xFF"}};
    BOOST_TEST(encode_event(nested, out).error().message() ==
               "test.everything: field \"past[1].reason\" is not valid UTF-8 at its byte 2");
    nested = everything{};
    nested.weights["\xFF"] = 1;
    BOOST_TEST(encode_event(nested, out).error().message() ==
               "test.everything: field \"weights[0]\" is not valid UTF-8 at its byte 0");
    BOOST_TEST(out == "before");
}

BOOST_AUTO_TEST_CASE(a_view_can_be_encoded) {
    BOOST_TEST(encoded(borrowed_text{"abc"}) == R"({"body":"abc"})");
    BOOST_TEST(encoded(borrowed_text{}) == R"({"body":""})");
}

BOOST_AUTO_TEST_CASE(an_absent_and_a_null_optional_are_empty) {
    auto const decoded = [](std::string_view retry) {
        std::string data = encoded(everything{});
        std::string const empty = R"("retry":{"count":0})";
        data.replace(data.find(empty), empty.size(), retry);
        return decode_event<everything>(data).value().retry.reason;
    };
    BOOST_TEST(!decoded(R"("retry":{"count":1})").has_value());
    BOOST_TEST(!decoded(R"("retry":{"count":1,"reason":null})").has_value());
    BOOST_TEST(decoded(R"("retry":{"count":1,"reason":""})").value() == "");
}

BOOST_AUTO_TEST_CASE(unknown_members_are_ignored_and_order_does_not_matter) {
    auto const event =
        decode_event<floats>(R"({"new":{"single":[]},"twice":2,"single":1,"Twice":9})").value();
    BOOST_TEST((event == floats{1, 2}));
}

BOOST_AUTO_TEST_CASE(failures_name_the_path_of_the_field) {
    std::string const data = encoded(full_event());
    auto const failure_after = [&data](std::string_view from, std::string_view to) {
        std::string changed = data;
        std::size_t const at = changed.find(from);
        BOOST_TEST_REQUIRE(at != std::string::npos, from);
        changed.replace(at, from.size(), to);
        return decoding_failure<everything>(changed);
    };
    BOOST_TEST(failure_after(R"("count":2)", R"("count":"two")") ==
               "test.everything: field \"retry.count\" is not an integer");
    BOOST_TEST(failure_after(R"("count":2,)", "") ==
               "test.everything: field \"retry.count\" is missing");
    BOOST_TEST(failure_after(R"({"count":1,)", R"({"count":[],)") ==
               "test.everything: field \"past[1].count\" is not an integer");
    BOOST_TEST(failure_after(R"({"count":0})", "0") ==
               "test.everything: field \"past[0]\" is not an object");
    BOOST_TEST(failure_after(R"("z":[1,null])", R"("z":[1,null,""])") ==
               "test.everything: field \"table[1][2]\" is not an integer");
    BOOST_TEST(failure_after(R"("a":1e+100)", R"("a":false)") ==
               "test.everything: field \"weights[0]\" is not a number");
    BOOST_TEST(failure_after(R"(["x",""])", R"({"x":""})") ==
               "test.everything: field \"words\" is not an array");
    BOOST_TEST(failure_after("[1,65535]", "[1]") ==
               "test.everything: field \"pair\" has 1 elements instead of 2");
    BOOST_TEST(
        failure_after(R"("green")", R"("blue")") ==
        "test.everything: field \"paint\" is a text of 4 bytes, which is not a name in its enum");
    BOOST_TEST(failure_after(R"("green")", "2") ==
               "test.everything: field \"paint\" is not a string");
    BOOST_TEST(failure_after("\"flag\":true", "\"flag\":1") ==
               "test.everything: field \"flag\" is not true or false");
    BOOST_TEST(failure_after("2026-08-06T", "2026-08-36T")
                   .starts_with("test.everything: field \"at\" is no timestamp: A text of "));
    BOOST_TEST(failure_after("017f22e2", "017f22ex")
                   .starts_with("test.everything: field \"id\" is no event id: A text of "));
    BOOST_TEST(failure_after(R"("seen":9)", R"("seen":-9)") ==
               "test.everything: field \"seen\" is outside its range of 0 to "
               "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(data_that_is_no_json_keeps_its_code) {
    BOOST_TEST((decode_event<wide>("{").error() == errc::invalid_json));
    BOOST_TEST((decode_event<wide>("").error() == errc::invalid_json));
    BOOST_TEST((decode_event<wide>("{\"number\":1}}").error() == errc::invalid_json));
    BOOST_TEST((decode_event<wide>("\"\xFF\"").error() == errc::invalid_utf8));
    BOOST_TEST((decode_event<wide>(std::string(100'000, '[')).error() == errc::json_too_deep));
    BOOST_TEST(decoding_failure<wide>("{").starts_with("test.wide: The JSON ends too early"));
}

BOOST_AUTO_TEST_CASE(an_enumerator_without_a_name_cannot_be_written) {
    everything event;
    event.paint = static_cast<colour>(3);
    std::string out;
    auto const rejected = encode_event(event, out);
    BOOST_TEST((rejected.error() == errc::invalid_argument));
    BOOST_TEST(rejected.error().message() ==
               "test.everything: field \"paint\" holds 3, which its enum has no name for");
}

BOOST_AUTO_TEST_CASE(nesting_is_limited_as_validation_limits_it) {
    tree event; // the data and its array: two levels each
    for (int i = 1; i != 4; ++i) {
        tree parent;
        parent.children.push_back(event);
        event = parent;
    }
    std::string out;
    BOOST_TEST(encode_event(event, out, 8).has_value());
    BOOST_TEST(swarmlog::detail::validate_json(out, 8).has_value());
    BOOST_TEST(swarmlog::detail::validate_json(out, 7).has_error());
    auto const rejected = encode_event(event, out, 7);
    BOOST_TEST((rejected.error() == errc::json_too_deep));
    BOOST_TEST(decode_event<tree>(out).has_value());
}

BOOST_AUTO_TEST_CASE(private_members_are_kept_when_they_are_described) {
    BOOST_TEST(encoded(guarded(5)) == R"({"secret_":5})");
    BOOST_TEST(decode_event<guarded>(R"({"secret_":6})").value().secret() == 6);
}

BOOST_AUTO_TEST_CASE(a_view_of_an_event_reads_as_its_type_only) {
    swarmlog::event_view view;
    view.position = position{12};
    view.type = "test.wide";
    view.data = R"({"number":3})";
    BOOST_TEST((view.as<wide>().value() == wide{3}));
    auto const other = view.as<text>();
    BOOST_TEST((other.error() == errc::invalid_argument));
    BOOST_TEST(other.error().message() ==
               "The event at position 12 is of type \"test.wide\", not \"test.text\".");
}

BOOST_AUTO_TEST_CASE(equal_unordered_maps_give_equal_bytes) {
    everything one;
    everything other;
    for (int i = 0; i != 100; ++i) {
        one.table["key" + std::to_string(i)] = {i};
        other.table["key" + std::to_string(99 - i)] = {99 - i};
    }
    other.table.rehash(1'000);
    BOOST_TEST(encoded(one) == encoded(other));
}

BOOST_AUTO_TEST_CASE(any_finite_float_and_double_reads_back_bit_by_bit) {
    std::mt19937_64 random(swarmlog::test::random_seed());
    for (int round = 0; round != 50'000; ++round) {
        floats const event{std::bit_cast<float>(static_cast<std::uint32_t>(random())),
                           std::bit_cast<double>(random())};
        if (!std::isfinite(event.single) || !std::isfinite(event.twice)) { continue; }
        std::string const data = encoded(event);
        BOOST_TEST_REQUIRE(swarmlog::detail::validate_json(data, 1).has_value(), data);
        floats const again = decode_event<floats>(data).value();
        BOOST_TEST_REQUIRE((std::bit_cast<std::uint32_t>(again.single) ==
                            std::bit_cast<std::uint32_t>(event.single)),
                           data);
        BOOST_TEST_REQUIRE((std::bit_cast<std::uint64_t>(again.twice) ==
                            std::bit_cast<std::uint64_t>(event.twice)),
                           data);
    }
}

BOOST_AUTO_TEST_CASE(the_one_float_that_rounding_twice_would_change_reads_back) {
    for (float const number : {7.038531e-26F, -7.038531e-26F}) {
        BOOST_TEST(decode_event<floats>(encoded(floats{number, 0})).value().single == number);
    }
}

BOOST_AUTO_TEST_CASE(the_largest_doubles_read_back) {
    double number = std::numeric_limits<double>::max();
    for (int step = 0; step != 1'000; ++step, number = std::nextafter(number, 0)) {
        std::string const data = encoded(floats{0, number});
        BOOST_TEST_REQUIRE(swarmlog::detail::validate_json(data, 1).has_value(), data);
        BOOST_TEST_REQUIRE(decode_event<floats>(data).value().twice == number);
    }
}

BOOST_AUTO_TEST_CASE(any_event_encodes_to_valid_json_and_reads_back) {
    std::mt19937_64 random(swarmlog::test::random_seed());
    auto const below = [&random](std::size_t bound) {
        return static_cast<std::size_t>(random() % bound);
    };
    constexpr std::string_view pieces[] = {"a",        "\"",   "\\",       "\n",
                                           "\x1F",     "\x7F", "\xC3\xA9", "\xF0\x9F\x98\x80",
                                           "12345678", "\0"sv, "/",        "{}"};
    auto const any_text = [&] {
        std::string out;
        for (std::size_t i = below(12); i != 0; --i) { out += pieces[below(std::size(pieces))]; }
        return out;
    };
    for (int round = 0; round != 5'000; ++round) {
        everything event;
        event.at = timestamp{std::chrono::nanoseconds{static_cast<std::int64_t>(random())}};
        event.flag = below(2) == 0;
        event.name = any_text();
        if (below(2) == 0) { event.maybe = static_cast<std::int32_t>(random()); }
        for (std::size_t i = below(4); i != 0; --i) {
            event.words.push_back(any_text());
            event.flags.push_back(below(2) == 0);
            event.members.insert(static_cast<std::int64_t>(random()));
            event.weights[any_text()] = std::uniform_real_distribution<double>(-1e9, 1e9)(random);
            event.table[any_text()] = {static_cast<int>(below(9)), std::nullopt};
            event.past.push_back({static_cast<std::uint32_t>(random()), any_text()});
        }
        event.pair = {static_cast<std::uint16_t>(random()), static_cast<std::uint16_t>(random())};
        event.paint = below(2) == 0 ? colour::red : colour::green;
        event.retry = {static_cast<std::uint32_t>(random()), std::nullopt};
        for (std::uint8_t& byte : event.id.bytes) { byte = static_cast<std::uint8_t>(random()); }
        event.seen = position{random()};
        event.at_version = version{random()};
        event.extra = {{any_text(), {random() | std::uint64_t{1} << 63, any_text(), nullptr}}};
        if (below(2) == 0) { event.more = any_text(); }

        std::string const data = encoded(event);
        BOOST_TEST_REQUIRE(swarmlog::detail::validate_json(data, 8).has_value(), data);
        BOOST_TEST_REQUIRE((decode_event<everything>(data).value() == event), data);
    }
}

BOOST_AUTO_TEST_SUITE_END()
