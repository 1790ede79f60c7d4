#include "json/validate_json.hpp"

#include "json/json_error.hpp"
#include "json/unique_keys.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <forward_list>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace swarmlog::detail {

namespace {

using boost::json::error_code;
using json_text = boost::json::string_view;

/// Receives the parser's events and adds the rules that JSON itself does not have. The names
/// and the numbers of its members are Boost.JSON's.
class strict_handler {
public:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_object_size = unlimited;
    static constexpr std::size_t max_array_size = unlimited;
    static constexpr std::size_t max_key_size = unlimited;
    static constexpr std::size_t max_string_size = unlimited;

    explicit strict_handler(std::string_view text) noexcept : text_(text) {}

    [[nodiscard]] std::optional<error>& failure() noexcept { return failure_; }

    bool on_object_begin(error_code&) {
        keys_.open_object();
        return true;
    }
    bool on_object_end(std::size_t, error_code& code) {
        auto const duplicate = keys_.close_object();
        return !duplicate || fail_duplicate(*duplicate, code);
    }
    bool on_key_part(json_text part, std::size_t, error_code&) {
        partial_key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json_text last_part, std::size_t size, error_code& code) {
        std::string_view const key = whole_key({last_part.data(), last_part.size()}, size);
        return keys_.add(key) || fail_duplicate(key, code);
    }
    bool on_double(double number, json_text digits, error_code& code) {
        if (std::isfinite(number)) { return true; }
        auto const end = static_cast<std::size_t>(digits.data() + digits.size() - text_.data());
        return fail(non_finite_number_error({digits.data(), digits.size()}, end), code);
    }

    bool on_document_begin(error_code&) noexcept { return true; }
    bool on_document_end(error_code&) noexcept { return true; }
    bool on_array_begin(error_code&) noexcept { return true; }
    bool on_array_end(std::size_t, error_code&) noexcept { return true; }
    bool on_string_part(json_text, std::size_t, error_code&) noexcept { return true; }
    bool on_string(json_text, std::size_t, error_code&) noexcept { return true; }
    bool on_number_part(json_text, error_code&) noexcept { return true; }
    bool on_int64(std::int64_t, json_text, error_code&) noexcept { return true; }
    bool on_uint64(std::uint64_t, json_text, error_code&) noexcept { return true; }
    bool on_bool(bool, error_code&) noexcept { return true; }
    bool on_null(error_code&) noexcept { return true; }
    bool on_comment_part(json_text, error_code&) noexcept { return true; }
    bool on_comment(json_text, error_code&) noexcept { return true; }

private:
    /// The unescaped key, in the text itself if it stands there, else in a copy: a key with an
    /// escape arrives in parts, and these may lie in a buffer of the parser's own.
    std::string_view whole_key(std::string_view last_part, std::size_t size) {
        if (is_in_text(last_part) && last_part.size() == size) { return last_part; }
        partial_key_ += last_part;
        copied_keys_.push_front(std::exchange(partial_key_, {}));
        return copied_keys_.front();
    }

    [[nodiscard]] bool is_in_text(std::string_view part) const noexcept {
        std::less_equal<char const*> const is_ordered;
        return is_ordered(text_.data(), part.data()) &&
               is_ordered(part.data(), text_.data() + text_.size());
    }

    /// Names the key by its place, where it stands in the text as it is, for it is data.
    bool fail_duplicate(std::string_view key, error_code& code) {
        std::string reason = "A key of " + std::to_string(key.size()) + " bytes";
        if (is_in_text(key)) { reason += " at byte " + std::to_string(key.data() - text_.data()); }
        return fail(error(errc::duplicate_key, reason + " occurs twice in one JSON object."), code);
    }

    /// The code only stops the parser; what is reported is our own error.
    bool fail(error reason, error_code& code) {
        code = reason.code();
        failure_ = std::move(reason);
        return false;
    }

    std::string_view text_;
    unique_keys keys_;
    std::string partial_key_;
    std::forward_list<std::string> copied_keys_; ///< a list, because `keys_` keeps views
    std::optional<error> failure_;
};

} // namespace

result<void> validate_json(std::string_view text, std::uint32_t depth_max) {
    std::uint32_t const depth_limit = std::min(depth_max, json_depth_ceiling);
    boost::json::parse_options options;
    options.max_depth = depth_limit;
    boost::json::basic_parser<strict_handler> parser(options, text);

    error_code code;
    constexpr bool more_text_follows = false;
    std::size_t const stopped_at =
        parser.write_some(more_text_follows, text.data(), text.size(), code);
    if (!code && stopped_at == text.size()) { return {}; }

    if (parser.handler().failure()) { return std::move(*parser.handler().failure()); }
    if (!code) { code = boost::json::error::extra_data; }
    return json_error(text, stopped_at, code, depth_limit);
}

} // namespace swarmlog::detail
