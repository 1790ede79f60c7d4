#include <swarmlog/engine/detail/plain_reader.hpp>

#include "json/plain_text.hpp"
#include "json/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <charconv>

namespace swarmlog::detail {

namespace {

/// So many digits fit 63 bits, whatever they are.
constexpr std::ptrdiff_t digits_max = 18;
/// A number without exponent and with no more characters is finite.
constexpr std::ptrdiff_t number_size_max = 32;
constexpr unsigned nesting_max = 16;

constexpr bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }
constexpr bool is_space(char byte) noexcept {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

char const* skip_digits(char const* at, char const* end) noexcept {
    while (at != end && is_digit(*at)) { ++at; }
    return at;
}

/// The end of a plain number's integer part, sign included; null when it is none.
char const* skip_integer(char const* at, char const* end) noexcept {
    bool const is_negative = at != end && *at == '-';
    if (is_negative) { ++at; }
    char const* const after = skip_digits(at, end);
    std::ptrdiff_t const digits = after - at;
    if (digits == 0 || digits > digits_max) { return nullptr; }
    // No zero leads, and what "-0" is depends on who reads it.
    bool const has_fraction = after != end && *after == '.';
    if (*at == '0' && (digits > 1 || (is_negative && !has_fraction))) { return nullptr; }
    return after;
}

constexpr bool goes_on(char const* at, char const* end) noexcept {
    return at != end && (*at == '.' || *at == 'e' || *at == 'E');
}

/// The end of a plain number; null when it is none.
char const* skip_number(char const* at, char const* end) noexcept {
    char const* after = skip_integer(at, end);
    if (after == nullptr || !goes_on(after, end)) { return after; }
    if (*after != '.') { return nullptr; }
    char const* const fraction = after + 1;
    after = skip_digits(fraction, end);
    bool const is_plain_fraction = after != fraction && !goes_on(after, end);
    return is_plain_fraction && after - at <= number_size_max ? after : nullptr;
}

} // namespace

char plain_reader::peek() noexcept {
    while (at_ != end_ && is_space(*at_)) { ++at_; }
    return at_ == end_ ? '\0' : *at_;
}

bool plain_reader::at_end() noexcept {
    static_cast<void>(peek());
    return at_ == end_;
}

bool plain_reader::word(std::string_view expected) noexcept {
    static_cast<void>(peek());
    std::string_view const rest{at_, static_cast<std::size_t>(end_ - at_)};
    if (!rest.starts_with(expected)) { return false; }
    at_ += expected.size();
    return true;
}

bool plain_reader::take(char expected) noexcept {
    if (peek() != expected) { return false; }
    ++at_;
    return true;
}

bool plain_reader::name(std::string_view& to) noexcept { return text(to) && take(':'); }

bool plain_reader::text(std::string_view& to) noexcept {
    if (!take('"')) { return false; }
    char const* const first = at_;
    while ((at_ = skip_plain(at_, end_)) != end_) {
        if (*at_ == '"') {
            to = {first, static_cast<std::size_t>(at_ - first)};
            ++at_;
            return true;
        }
        if (static_cast<unsigned char>(*at_) < 0x80) { return false; } // an escape, or a control
        std::size_t const size = utf8_sequence_size(at_, end_);
        if (size == 0) { return false; }
        at_ += size;
    }
    return false;
}

bool plain_reader::boolean(bool& to) noexcept {
    to = word("true");
    return to || word("false");
}

bool plain_reader::integer(std::int64_t& to) noexcept {
    static_cast<void>(peek());
    char const* const after = skip_integer(at_, end_);
    if (after == nullptr || goes_on(after, end_)) { return false; }
    std::from_chars(at_, after, to);
    at_ = after;
    return true;
}

bool plain_reader::number(double& to) noexcept {
    static_cast<void>(peek());
    char const* const after = skip_number(at_, end_);
    if (after == nullptr) { return false; }
    std::from_chars(at_, after, to);
    at_ = after;
    return true;
}

bool plain_reader::time(timestamp& to) {
    std::string_view written;
    if (!text(written)) { return false; }
    auto const parsed = parse_timestamp(written);
    if (parsed) { to = *parsed; }
    return parsed.has_value();
}

bool plain_reader::id(event_id& to) {
    std::string_view written;
    if (!text(written)) { return false; }
    auto const parsed = parse_event_id(written);
    if (parsed) { to = *parsed; }
    return parsed.has_value();
}

bool plain_reader::document(boost::json::value& to, unsigned depth) {
    switch (peek()) {
    case '"': {
        std::string_view written;
        if (!text(written)) { return false; }
        to = boost::json::string_view{written.data(), written.size()};
        return true;
    }
    case '{': return depth < nesting_max && object(to.emplace_object(), depth + 1);
    case '[': return depth < nesting_max && array(to.emplace_array(), depth + 1);
    case 'n': to = nullptr; return null();
    case 't':
    case 'f': return boolean(to.emplace_bool());
    default: break;
    }
    return integer(to.emplace_int64()) || number(to.emplace_double());
}

bool plain_reader::object(boost::json::object& to, unsigned depth) {
    return items('{', [&] {
        std::string_view key;
        if (!name(key)) { return false; }
        auto const [member, is_new] =
            to.emplace(boost::json::string_view{key.data(), key.size()}, nullptr);
        // By a document the last of a name counts.
        return is_new && document(member->value(), depth);
    });
}

bool plain_reader::array(boost::json::array& to, unsigned depth) {
    return items('[', [&] { return document(to.emplace_back(nullptr), depth); });
}

bool plain_reader::skip(unsigned depth) {
    std::string_view text_here;
    double number_here = 0;
    switch (peek()) {
    case '"': return text(text_here);
    case '{':
        return depth < nesting_max &&
               items('{', [&] { return name(text_here) && skip(depth + 1); });
    case '[': return depth < nesting_max && items('[', [&] { return skip(depth + 1); });
    default: return word("null") || word("true") || word("false") || number(number_here);
    }
}

} // namespace swarmlog::detail
