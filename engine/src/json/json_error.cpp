#include "json/json_error.hpp"

#include "json/utf8.hpp"

#include <boost/json/error.hpp>

#include <string>

namespace swarmlog::detail {

namespace {

std::string at_byte(std::size_t offset) { return " at byte " + std::to_string(offset); }

} // namespace

error json_error(std::string_view text, std::size_t stopped_at,
                 boost::system::error_code const& reported, std::uint32_t depth_max) {
    using problem = boost::json::error;
    // The parser calls ill-formed UTF-8 a syntax error, and an unfinished sequence at the end
    // incomplete; it has consumed all of the text by then.
    std::size_t const bad_byte = find_invalid_utf8(text);
    if (bad_byte <= stopped_at) {
        return error(errc::invalid_utf8, "The JSON is not valid UTF-8" + at_byte(bad_byte) + ".");
    }
    if (reported == problem::too_deep) {
        return error(errc::json_too_deep, "The JSON is nested more than " +
                                              std::to_string(depth_max) + " levels deep" +
                                              at_byte(stopped_at) + ".");
    }
    if (reported == problem::exponent_overflow) {
        return error(errc::non_finite_number,
                     "The JSON has a number with an exponent that no double has" +
                         at_byte(stopped_at) + ".");
    }
    if (reported == problem::incomplete) {
        return error(errc::invalid_json, "The JSON ends too early" + at_byte(text.size()) + ".");
    }
    if (reported == problem::illegal_leading_surrogate ||
        reported == problem::illegal_trailing_surrogate) {
        return error(errc::invalid_json,
                     "The JSON has an unpaired surrogate escape" + at_byte(stopped_at) + ".");
    }
    return error(errc::invalid_json,
                 "The JSON is malformed" + at_byte(stopped_at) + " (" + reported.message() + ").");
}

error non_finite_number_error(std::string_view number, std::size_t end) {
    return error(errc::non_finite_number, "The JSON number of " + std::to_string(number.size()) +
                                              " characters" + at_byte(end - number.size()) +
                                              " is not finite as a double.");
}

} // namespace swarmlog::detail
