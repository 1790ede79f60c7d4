#include <swarmlog/engine/detail/json_reader.hpp>

#include "json/text_view.hpp"

#include "json/json_error.hpp"
#include "json/parse_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace swarmlog::detail {

namespace {

using boost::json::value;

bool fail(codec_failure& failure, std::string reason) {
    return failure.set(errc::invalid_json, std::move(reason));
}

template <class Limit>
bool fail_range(Limit min, Limit max, codec_failure& failure) {
    return fail(failure,
                "is outside its range of " + std::to_string(min) + " to " + std::to_string(max));
}

} // namespace

bool read_bool(value const& from, bool& to, codec_failure& failure) {
    if (!from.is_bool()) { return fail(failure, "is not true or false"); }
    to = from.get_bool();
    return true;
}

bool read_signed(value const& from, std::int64_t min, std::int64_t max, std::int64_t& to,
                 codec_failure& failure) {
    // The parser gives a uint64 only to what no int64 can hold.
    if (from.is_uint64()) { return fail_range(min, max, failure); }
    if (!from.is_int64()) { return fail(failure, "is not an integer"); }
    std::int64_t const number = from.get_int64();
    if (number < min || number > max) { return fail_range(min, max, failure); }
    to = number;
    return true;
}

bool read_unsigned(value const& from, std::uint64_t max, std::uint64_t& to,
                   codec_failure& failure) {
    constexpr std::uint64_t min = 0;
    if (from.is_int64() && from.get_int64() < 0) { return fail_range(min, max, failure); }
    if (!from.is_int64() && !from.is_uint64()) { return fail(failure, "is not an integer"); }
    std::uint64_t const number =
        from.is_uint64() ? from.get_uint64() : static_cast<std::uint64_t>(from.get_int64());
    if (number > max) { return fail_range(min, max, failure); }
    to = number;
    return true;
}

bool read_double(value const& from, double& to, codec_failure& failure) {
    switch (from.kind()) {
    case boost::json::kind::int64: to = static_cast<double>(from.get_int64()); return true;
    case boost::json::kind::uint64: to = static_cast<double>(from.get_uint64()); return true;
    case boost::json::kind::double_: to = from.get_double(); return true;
    default: return fail(failure, "is not a number");
    }
}

bool read_float(value const& from, float& to, codec_failure& failure) {
    double number = 0;
    if (!read_double(from, number, failure)) { return false; }
    // Out of range is undefined as a conversion, so it is looked at first. The bound is where
    // rounding to the nearest float goes over to infinity.
    constexpr double first_infinite = 0x1.FFFFFFp127;
    if (std::abs(number) >= first_infinite) {
        return fail(failure, "is too large for a 32-bit float");
    }
    to = static_cast<float>(number);
    return true;
}

bool read_string(value const& from, std::string_view& to, codec_failure& failure) {
    if (!from.is_string()) { return fail(failure, "is not a string"); }
    to = view_of(from.get_string());
    return true;
}

bool read_timestamp(value const& from, timestamp& to, codec_failure& failure) {
    std::string_view text;
    if (!read_string(from, text, failure)) { return false; }
    result<timestamp> const time = parse_timestamp(text);
    if (!time) { return fail(failure, "is no timestamp: " + time.error().message()); }
    to = *time;
    return true;
}

bool read_event_id(value const& from, event_id& to, codec_failure& failure) {
    std::string_view text;
    if (!read_string(from, text, failure)) { return false; }
    result<event_id> const id = parse_event_id(text);
    if (!id) { return fail(failure, "is no event id: " + id.error().message()); }
    to = *id;
    return true;
}

void read_document(value const& from, value& to) { to = from; }

bool fail_unknown_enumerator(std::string_view name, codec_failure& failure) {
    return fail(failure, "is a text of " + std::to_string(name.size()) +
                             " bytes, which is not a name in its enum");
}

bool fail_element_count(std::size_t actual, std::size_t expected, codec_failure& failure) {
    return fail(failure, "has " + std::to_string(actual) + " elements instead of " +
                             std::to_string(expected));
}

bool fail_missing_member(std::string_view name, codec_failure& failure) {
    fail(failure, "is missing");
    return failure.inside_member(name);
}

bool is_null(value const& document) noexcept { return document.is_null(); }

bool expect_object(value const& document, codec_failure& failure) {
    return document.is_object() || fail(failure, "is not an object");
}

bool expect_array(value const& document, codec_failure& failure) {
    return document.is_array() || fail(failure, "is not an array");
}

std::size_t child_count(value const& document) noexcept {
    return document.is_object() ? document.get_object().size() : document.get_array().size();
}

value const& child_at(value const& document, std::size_t index) noexcept {
    if (document.is_object()) { return document.get_object().begin()[index].value(); }
    return document.get_array()[index];
}

std::string_view key_at(value const& object, std::size_t index) noexcept {
    return view_of(object.get_object().begin()[index].key());
}

value const* find_member(value const& object, std::string_view name) noexcept {
    return object.get_object().if_contains({name.data(), name.size()});
}

result<void> walk_document(std::string_view type, std::string_view data, document_walk walk,
                           void* target) {
    // Most events fit the buffer, so that decoding allocates only what it returns.
    unsigned char buffer[4096];
    boost::json::monotonic_resource arena(buffer, sizeof buffer);
    result<value> const document = parse_json(data, json_depth_ceiling, &arena);
    if (!document) {
        error const& failure = document.error();
        return error(static_cast<errc>(failure.code().value()),
                     std::string(type) + ": " + failure.message());
    }
    codec_failure failure;
    if (!walk(*document, target, failure)) { return failure.to_error(type); }
    return {};
}

} // namespace swarmlog::detail
