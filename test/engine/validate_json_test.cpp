#include "json/validate_json.hpp"

#include "json/json_error.hpp"
#include "json/parse_json.hpp"
#include "json/unique_keys.hpp"
#include "support/random_seed.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <string_view>

using namespace std::string_literals;
using namespace std::string_view_literals;
using swarmlog::errc;
using swarmlog::result;
using swarmlog::detail::json_depth_ceiling;
using swarmlog::detail::parse_json;
using swarmlog::detail::validate_json;

namespace {

constexpr std::uint32_t depth_max = 8;

struct judged_text {
    std::string_view text;
    errc verdict;
    std::string_view told = {}; ///< what the message has in it

    friend std::ostream& operator<<(std::ostream& out, judged_text const& self) {
        return out << self.text;
    }
};

constexpr std::string_view valid_texts[] = {
    "{}"sv,
    "[]"sv,
    "null"sv,
    "true"sv,
    "false"sv,
    "0"sv,
    "-0"sv,
    "-0.0"sv,
    "42"sv,
    "1.5e3"sv,
    "1E+2"sv,
    "1e-2"sv,
    "\"\""sv,
    "\"text\""sv,
    " \t\r\n{ \"a\" : [ 1 , 2 ] } \n"sv,
    R"({"data":12345,"type":"performance_test"})"sv,
    R"({"a":{"a":{"a":1}},"b":{"a":2}})"sv,
    R"([{"a":1},{"a":1}])"sv,
    R"({"a":1,"A":2,"":3," a":4})"sv,
    R"("\"\\\/\b\f\n\r\t\u0041\u0000")"sv,
    R"("\ud83d\ude00")"sv,
    R"("\uD83D\uDE00")"sv,
    "\"\xF0\x9F\x98\x80\""sv,
    "\"\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF\""sv,
    "\"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF\""sv,
    "\"\x7F\""sv,
    "[[[[[[[[]]]]]]]]"sv,
    "[[[[[[[0]]]]]]]"sv,
    "18446744073709551615"sv,
    "18446744073709551616"sv,
    "-9223372036854775808"sv,
    "-9223372036854775809"sv,
    "123456789012345678901234567890"sv,
    "1.7976931348623157e308"sv,
    "-1.7976931348623157e+308"sv,
    "5e-324"sv,
    "1e-400"sv,
};

constexpr judged_text rejected_texts[] = {
    // What JSON's grammar does not have.
    {"", errc::invalid_json, "ends too early at byte 0"},
    {"   ", errc::invalid_json, "ends too early at byte 3"},
    {"{", errc::invalid_json, "at byte 1"},
    {"[1,2", errc::invalid_json, "at byte 4"},
    {"{\"a\":1", errc::invalid_json, "at byte 6"},
    {"\"abc", errc::invalid_json, "at byte 4"},
    {"tru", errc::invalid_json},
    {"-", errc::invalid_json},
    {"1.", errc::invalid_json},
    {"1e", errc::invalid_json},
    {"{} {}", errc::invalid_json, "at byte 3"},
    {"1 2", errc::invalid_json, "at byte 2"},
    {"{}x", errc::invalid_json, "at byte 2"},
    {"{},", errc::invalid_json, "at byte 2"},
    {"[1,]", errc::invalid_json, "at byte 3"},
    {"[,1]", errc::invalid_json, "at byte 1"},
    {"[1 2]", errc::invalid_json, "at byte 3"},
    {"{\"a\":1,}", errc::invalid_json, "at byte 7"},
    {"{\"a\" 1}", errc::invalid_json, "at byte 5"},
    {"{\"a\":}", errc::invalid_json, "at byte 5"},
    {"{a:1}", errc::invalid_json, "at byte 1"},
    {"{1:1}", errc::invalid_json, "at byte 1"},
    {"{'a':1}", errc::invalid_json, "at byte 1"},
    {"[1}", errc::invalid_json, "at byte 2"},
    {"{]", errc::invalid_json, "at byte 1"},
    {"]", errc::invalid_json, "at byte 0"},
    {"01", errc::invalid_json},
    {"+1", errc::invalid_json},
    {".5", errc::invalid_json},
    {"0x10", errc::invalid_json},
    {"1e+", errc::invalid_json},
    {"--1", errc::invalid_json},
    {"NaN", errc::invalid_json},
    {"Infinity", errc::invalid_json},
    {"-Infinity", errc::invalid_json},
    {"nul", errc::invalid_json},
    {"nulll", errc::invalid_json},
    {"True", errc::invalid_json},
    {"// comment\n1", errc::invalid_json},
    {"/* comment */1", errc::invalid_json},
    {"\"\t\"", errc::invalid_json, "at byte 1"},
    {"\"a\n\"", errc::invalid_json, "at byte 2"},
    {"\"\0\""sv, errc::invalid_json, "at byte 1"},
    {"1\0"sv, errc::invalid_json},
    {"\"\\x\"", errc::invalid_json},
    {"\"\\u12\"", errc::invalid_json},
    {"\"\\u123g\"", errc::invalid_json},
    {"\xEF\xBB\xBF{}", errc::invalid_json, "at byte 0"},
    {"\xC2\xA0{}", errc::invalid_json, "at byte 0"},

    // Surrogates, as escapes and as bytes.
    {R"("\ud83d")", errc::invalid_json},
    {R"("\ud83d and more text")", errc::invalid_json},
    {R"("\ud83d\n and more text")", errc::invalid_json},
    {R"("\ud83d\u0041 and more text")", errc::invalid_json, "surrogate"},
    {R"("\ud83d\ud83d and more text")", errc::invalid_json, "surrogate"},
    {R"("\ude00")", errc::invalid_json, "surrogate"},
    {R"("\ude00\ud83d and more text")", errc::invalid_json, "surrogate"},
    {R"({"\ud83d":1})", errc::invalid_json},
    {"\"\xED\xA0\x80\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xED\xBF\xBF\"", errc::invalid_utf8, "at byte 1"},

    // Ill-formed UTF-8: stray, overlong, too large, cut short.
    {"\"ab\x80\"", errc::invalid_utf8, "at byte 3"},
    {"\"\xC0\x80\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xC1\xBF\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xE0\x9F\xBF\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xF0\x8F\xBF\xBF\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xF4\x90\x80\x80\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xF5\x80\x80\x80\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xFF\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xE2\x82\"", errc::invalid_utf8, "at byte 1"},
    {"\"\xE2\x82", errc::invalid_utf8, "at byte 1"},
    {"\"\xF0\x9F\x98", errc::invalid_utf8, "at byte 1"},
    {"{\"k\xFF\":1}", errc::invalid_utf8, "at byte 3"},
    {"\xFF", errc::invalid_utf8, "at byte 0"},

    // Nesting.
    {"[[[[[[[[[]]]]]]]]]", errc::json_too_deep, "more than 8 levels deep at byte 8"},
    {"{\"a\":[[[[[[[[0]]]]]]]]}", errc::json_too_deep},
    {"[[[[[[[[[", errc::json_too_deep},

    // Numbers that are not finite for Boost.JSON.
    {"1e400", errc::non_finite_number, "of 5 characters at byte 0"},
    {"[0,-1e400]", errc::non_finite_number, "of 6 characters at byte 3"},
    {"1e309", errc::non_finite_number},
    {"1.8e308", errc::non_finite_number},
    {"17976931348623159e292", errc::non_finite_number},
    {"0e400", errc::non_finite_number},
    {"1e99999999999", errc::non_finite_number, "exponent"},
    {"1e-99999999999", errc::non_finite_number, "exponent"},

    // Duplicate keys.
    {R"({"a":1,"a":1})", errc::duplicate_key, "key of 1 bytes at byte 8 "},
    {R"({"":1,"":2})", errc::duplicate_key, "key of 0 bytes at byte 7 "},
    {R"({"a":1,"b":2,"c":3,"a":4})", errc::duplicate_key, "key of 1 bytes"},
    {R"([0,{"x":{"key one":1,"key one":2}}])", errc::duplicate_key, "key of 7 bytes"},
    {R"({"a":{"b":1},"a":2})", errc::duplicate_key, "key of 1 bytes"},
    {R"({"a":1,"\u0061":2})", errc::duplicate_key, "key of 1 bytes"},
    {R"({"\u0061":1,"a":2})", errc::duplicate_key, "key of 1 bytes"},
    {R"({"\u0061b":1,"a\u0062":2})", errc::duplicate_key, "key of 2 bytes occurs"},
    {R"({"\n":1,"\u000a":2})", errc::duplicate_key},
    {R"({"\ud83d\ude00":1,"\uD83D\uDE00":2})", errc::duplicate_key},
};

std::string object_with_keys(std::size_t count, std::string const& extra = {}) {
    std::string text = "{";
    for (std::size_t i = 0; i != count; ++i) {
        text += "\"key number " + std::to_string(i) + "\":{\"key number 0\":0},";
    }
    text += extra.empty() ? "\"last\":0" : extra;
    return text + "}";
}

std::string nested_arrays(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

BOOST_AUTO_TEST_SUITE(validate_json_test)

BOOST_DATA_TEST_CASE(valid_text_passes_and_parses, valid_texts, text) {
    auto const verdict = validate_json(text, depth_max);
    BOOST_TEST(verdict.has_value(), (verdict ? "" : verdict.error().message()));
    BOOST_TEST(parse_json(text, depth_max).has_value());
}

BOOST_DATA_TEST_CASE(what_cannot_be_stored_is_rejected_and_told_where, rejected_texts, sample) {
    auto const verdict = validate_json(sample.text, depth_max);
    BOOST_TEST_REQUIRE(verdict.has_error());
    BOOST_TEST((verdict.error() == sample.verdict), verdict.error().message());
    BOOST_TEST(verdict.error().message().find(sample.told) != std::string::npos,
               verdict.error().message());
}

BOOST_DATA_TEST_CASE(parsing_rejects_the_same_but_for_duplicates, rejected_texts, sample) {
    auto const document = parse_json(sample.text, depth_max);
    if (sample.verdict == errc::duplicate_key) {
        BOOST_TEST(document.has_value());
    } else {
        BOOST_TEST_REQUIRE(document.has_error());
        BOOST_TEST((document.error() == sample.verdict), document.error().message());
    }
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_value_is_rejected) {
    std::string const whole =
        "{\"\xC3\xA9\\ud83d\\ude00\":[-1.5e+3,true,null,\"\xF0\x9F\x98\x80\"]}";
    BOOST_TEST_REQUIRE(validate_json(whole, depth_max).has_value());
    for (std::size_t size = 0; size != whole.size(); ++size) {
        // A copy of its own on the heap, so that a sanitizer sees a read past the end.
        std::string const beginning(whole, 0, size);
        BOOST_TEST_CONTEXT(beginning) {
            BOOST_TEST(validate_json(beginning, depth_max).has_error());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_view_without_data_is_empty_text) {
    BOOST_TEST((validate_json(std::string_view{}, depth_max).error() == errc::invalid_json));
}

BOOST_AUTO_TEST_CASE(depth_counts_arrays_and_objects_around_a_value) {
    BOOST_TEST(validate_json("1", 0).has_value());
    BOOST_TEST((validate_json("[]", 0).error() == errc::json_too_deep));
    BOOST_TEST(validate_json("[]", 1).has_value());
    BOOST_TEST((validate_json("[{}]", 1).error() == errc::json_too_deep));
    BOOST_TEST(validate_json("[[],[],{}]", 2).has_value());
    BOOST_TEST(validate_json(nested_arrays(64), 64).has_value());
    BOOST_TEST((validate_json(nested_arrays(65), 64).error() == errc::json_too_deep));
}

BOOST_AUTO_TEST_CASE(no_limit_goes_above_the_ceiling) {
    constexpr std::uint32_t no_limit = 0xFFFF'FFFF;
    BOOST_TEST(validate_json(nested_arrays(json_depth_ceiling), no_limit).has_value());
    BOOST_TEST((validate_json(nested_arrays(json_depth_ceiling + 1), no_limit).error() ==
                errc::json_too_deep));
    BOOST_TEST(
        (validate_json(std::string(10'000'000, '['), no_limit).error() == errc::json_too_deep));
    BOOST_TEST(parse_json(nested_arrays(json_depth_ceiling), no_limit).has_value());
    BOOST_TEST((parse_json(std::string(10'000'000, '['), no_limit).error() == errc::json_too_deep));
}

BOOST_AUTO_TEST_CASE(a_duplicate_is_found_among_any_number_of_keys) {
    std::size_t const bound = swarmlog::detail::unique_keys::compared_keys_max;
    for (std::size_t const count : {std::size_t{1}, bound - 2, bound - 1, bound, bound + 1,
                                    std::size_t{100}, std::size_t{5'000}}) {
        BOOST_TEST_CONTEXT(count << " keys") {
            BOOST_TEST(validate_json(object_with_keys(count), depth_max).has_value());
            std::string const middle = "key number " + std::to_string(count / 2);
            std::string const text = object_with_keys(count, "\"" + middle + "\":0");
            auto const verdict = validate_json(text, depth_max);
            BOOST_TEST_REQUIRE(verdict.has_error());
            BOOST_TEST((verdict.error() == errc::duplicate_key));
            auto const names = [&](std::size_t place) {
                return verdict.error().message().starts_with(
                    "A key of " + std::to_string(middle.size()) + " bytes at byte " +
                    std::to_string(place + 1) + " ");
            };
            bool const is_named =
                names(text.find('"' + middle + '"')) || names(text.rfind('"' + middle + '"'));
            BOOST_TEST(is_named, verdict.error().message());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_duplicate_long_key_with_an_escape_is_found) {
    // Longer than any buffer of the parser, so that the key arrives in parts.
    std::string const body(10'000, 'k');
    std::string const text = "{\"" + body + "\\n" + body + "\":1,\"" + body + "\\u000A" + body +
                             "\":2,\"" + body + "\":3}";
    auto const verdict = validate_json(text, depth_max);
    BOOST_TEST_REQUIRE(verdict.has_error());
    BOOST_TEST((verdict.error() == errc::duplicate_key));
    BOOST_TEST(verdict.error().message().size() < 300u);
}

BOOST_AUTO_TEST_CASE(keys_that_hash_alike_are_still_told_apart) {
    // The fingerprint looks at a key's size, head and tail only.
    auto const key = [](char middle) { return "\"headhead"s + middle + "tailtail\":0"; };
    std::string text = "{" + key('A');
    for (char middle = 'B'; middle <= 'Z'; ++middle) { text += "," + key(middle); }
    for (char middle = 'a'; middle <= 'z'; ++middle) { text += "," + key(middle); }
    BOOST_TEST(validate_json(text + "}", depth_max).has_value());
    BOOST_TEST(
        (validate_json(text + "," + key('M') + "}", depth_max).error() == errc::duplicate_key));
}

BOOST_AUTO_TEST_CASE(a_text_changed_at_random_is_judged_as_the_parser_judges_it) {
    std::mt19937_64 random(swarmlog::test::random_seed());
    constexpr std::string_view alphabet = "{}[]\",:\\/ \t\nabfnrtu0123456789eE+-.\x80\xC3\xA9\xED";
    auto const below = [&random](std::size_t bound) {
        return static_cast<std::size_t>(random() % bound);
    };
    std::size_t accepted = 0;
    for (int round = 0; round != 100'000; ++round) {
        std::string text{valid_texts[below(std::size(valid_texts))]};
        for (std::size_t change = below(3); change != std::size_t(-1); --change) {
            char const byte = alphabet[below(alphabet.size())];
            std::size_t const at = below(text.size() + 1);
            switch (below(3)) {
            case 0: text.insert(at, 1, byte); break;
            case 1: text.erase(at, 1); break;
            default: text.replace(at, 1, 1, byte); break;
            }
        }
        auto const verdict = validate_json(text, depth_max);
        auto const document = parse_json(text, depth_max);
        bool const is_same =
            verdict.has_value() == document.has_value() || verdict.error() == errc::duplicate_key;
        BOOST_TEST_REQUIRE(is_same, text);
        if (verdict) {
            // What is stored can be written and read again for ever.
            std::string const again = boost::json::serialize(*document);
            BOOST_TEST_REQUIRE(validate_json(again, depth_max).has_value(), text);
            BOOST_TEST_REQUIRE((parse_json(again, depth_max).value() == *document), text);
            ++accepted;
        }
    }
    // Otherwise the round above would show nothing.
    BOOST_TEST(accepted > 1'000u);
}

BOOST_AUTO_TEST_CASE(doubles_are_read_to_the_last_digit) {
    // Boost.JSON 1.81 itself reads the first three otherwise.
    BOOST_TEST((parse_json("474.59380568556355", 0).value().as_double() == 474.59380568556355));
    BOOST_TEST((parse_json("3e-30", 0).value().as_double() == 3e-30));
    BOOST_TEST(
        (parse_json("2.2250738585072011e-308", 0).value().as_double() == 2.2250738585072011e-308));
    BOOST_TEST((parse_json("1e-400", 0).value().as_double() == 0.0));
    BOOST_TEST(
        (parse_json("1.7976931348623157e308", 0).value().as_double() == 1.7976931348623157e308));
}

BOOST_AUTO_TEST_SUITE_END()
