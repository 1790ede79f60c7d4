#include "history/json_slice.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdint>

namespace swarmlog {

namespace {

namespace json = boost::json;

/// Takes what the parser finds and keeps nothing.
struct ignoring_handler {
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;

    using text = json::string_view;
    using failure = json::error_code;

    static bool on_document_begin(failure&) { return true; }
    static bool on_document_end(failure&) { return true; }
    static bool on_object_begin(failure&) { return true; }
    static bool on_object_end(std::size_t, failure&) { return true; }
    static bool on_array_begin(failure&) { return true; }
    static bool on_array_end(std::size_t, failure&) { return true; }
    static bool on_key_part(text, std::size_t, failure&) { return true; }
    static bool on_key(text, std::size_t, failure&) { return true; }
    static bool on_string_part(text, std::size_t, failure&) { return true; }
    static bool on_string(text, std::size_t, failure&) { return true; }
    static bool on_number_part(text, failure&) { return true; }
    static bool on_int64(std::int64_t, text, failure&) { return true; }
    static bool on_uint64(std::uint64_t, text, failure&) { return true; }
    static bool on_double(double, text, failure&) { return true; }
    static bool on_bool(bool, failure&) { return true; }
    static bool on_null(failure&) { return true; }
    static bool on_comment_part(text, failure&) { return true; }
    static bool on_comment(text, failure&) { return true; }
};

constexpr std::string_view blanks = " \t\r\n";

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
    std::size_t const found = text.find_first_not_of(blanks, at);
    return found == std::string_view::npos ? text.size() : found;
}

/// The offset after the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept {
    ++at;
    while (at < text.size()) {
        at = text.find_first_of("\"\\", at);
        if (at == std::string_view::npos) return text.size();
        if (text[at] == '"') return at + 1;
        at += 2; // What a backslash escapes is not a quote that ends the string.
    }
    return text.size();
}

/// The offset after the object or array that begins at `at`.
std::size_t skip_nested(std::string_view text, std::size_t at) noexcept {
    std::size_t depth = 0;
    while (at < text.size()) {
        at = text.find_first_of("{}[]\"", at);
        if (at == std::string_view::npos) break;
        char const mark = text[at];
        if (mark == '"') {
            at = skip_string(text, at);
            continue;
        }
        ++at;
        if (mark == '{' || mark == '[') {
            ++depth;
        } else if (--depth == 0) {
            return at;
        }
    }
    return text.size();
}

std::size_t skip_value(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return text.size();
    switch (text[at]) {
    case '"': return skip_string(text, at);
    case '{':
    case '[': return skip_nested(text, at);
    default: break;
    }
    std::size_t const end = text.find_first_of(",]} \t\r\n", at);
    return end == std::string_view::npos ? text.size() : end;
}

/// The offset of the next key or element: after an opening bracket, or a comma, or neither.
std::size_t skip_separator(std::string_view text, std::size_t at) noexcept {
    at = skip_blanks(text, at);
    return at < text.size() && text[at] == ',' ? skip_blanks(text, at + 1) : at;
}

bool begins_with(std::string_view value, char mark) noexcept {
    return !value.empty() && value.front() == mark;
}

} // namespace

std::optional<json_problem> check_json(std::string_view text, std::size_t depth_max) {
    json::parse_options options;
    options.max_depth = depth_max;
    json::basic_parser<ignoring_handler> parser(options);
    json::error_code failure;
    std::size_t const used = parser.write_some(false, text.data(), text.size(), failure);
    if (failure) return json_problem{used, failure.message()};
    std::size_t const rest = skip_blanks(text, used);
    if (rest != text.size()) return json_problem{rest, "more text after the value"};
    return std::nullopt;
}

std::string_view trim_json(std::string_view text) noexcept {
    std::size_t const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_json_object(std::string_view value) noexcept { return begins_with(value, '{'); }
bool is_json_array(std::string_view value) noexcept { return begins_with(value, '['); }
bool is_json_string(std::string_view value) noexcept { return begins_with(value, '"'); }
bool is_json_null(std::string_view value) noexcept { return value == "null"; }

std::string json_string_text(std::string_view value) {
    if (value.size() < 2) return {};
    if (value.find('\\') == std::string_view::npos) {
        return std::string(value.substr(1, value.size() - 2));
    }
    json::error_code failure;
    json::value const parsed = json::parse(value, failure);
    if (failure || !parsed.is_string()) return {};
    return {parsed.get_string().data(), parsed.get_string().size()};
}

bool json_member::is(std::string_view name) const {
    if (key.find('\\') != std::string_view::npos) return json_string_text(key) == name;
    return key.size() == name.size() + 2 && key.substr(1, name.size()) == name;
}

json_object_walk::json_object_walk(std::string_view object) noexcept : text_(object) {
    at_ = is_json_object(text_) ? 1 : text_.size();
}

std::optional<json_member> json_object_walk::next() noexcept {
    at_ = skip_separator(text_, at_);
    if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
    std::size_t const key_end = skip_string(text_, at_);
    std::size_t const colon = skip_blanks(text_, key_end);
    std::size_t const begin = skip_blanks(text_, colon + 1);
    if (begin >= text_.size()) return std::nullopt;
    std::size_t const end = skip_value(text_, begin);
    json_member const found{text_.substr(at_, key_end - at_), text_.substr(begin, end - begin)};
    at_ = end;
    return found;
}

json_array_walk::json_array_walk(std::string_view array) noexcept : text_(array) {
    at_ = is_json_array(text_) ? 1 : text_.size();
}

std::optional<std::string_view> json_array_walk::next() noexcept {
    at_ = skip_separator(text_, at_);
    if (at_ >= text_.size() || text_[at_] == ']') return std::nullopt;
    std::size_t const begin = at_;
    at_ = skip_value(text_, begin);
    if (at_ == begin) return std::nullopt;
    return text_.substr(begin, at_ - begin);
}

std::optional<std::string_view> find_json_member(std::string_view value, std::string_view name) {
    json_object_walk members(value);
    while (std::optional<json_member> const member = members.next()) {
        if (member->is(name)) return member->value;
    }
    return std::nullopt;
}

} // namespace swarmlog
