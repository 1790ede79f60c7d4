#include "json/parse_json.hpp"

#include "json/json_error.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

namespace swarmlog::detail {

namespace {

using boost::json::error_code;
using json_text = boost::json::string_view;

/// Builds a document like Boost.JSON's own handler, but for the doubles.
class document_handler {
public:
    static constexpr std::size_t max_object_size = boost::json::object::max_size();
    static constexpr std::size_t max_array_size = boost::json::array::max_size();
    static constexpr std::size_t max_key_size = boost::json::string::max_size();
    static constexpr std::size_t max_string_size = boost::json::string::max_size();

    explicit document_handler(std::string_view text) noexcept
        : text_(text), stack_({}, buffer_, sizeof buffer_) {}

    void reset(boost::json::storage_ptr storage) { stack_.reset(std::move(storage)); }
    [[nodiscard]] boost::json::value release() { return stack_.release(); }
    [[nodiscard]] std::optional<error>& failure() noexcept { return failure_; }

    bool on_double(double approximate, json_text digits, error_code& code) {
        if (!std::isfinite(approximate)) {
            auto const end = static_cast<std::size_t>(digits.data() + digits.size() - text_.data());
            failure_ = non_finite_number_error({digits.data(), digits.size()}, end);
            code = failure_->code();
            return false;
        }
        // Out of range leaves the number alone: it is the zero that Boost.JSON rounded to.
        double number = approximate;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        stack_.push_double(number);
        return true;
    }

    bool on_object_end(std::size_t count, error_code&) {
        stack_.push_object(count);
        return true;
    }
    bool on_array_end(std::size_t count, error_code&) {
        stack_.push_array(count);
        return true;
    }
    bool on_key_part(json_text part, std::size_t, error_code&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_key(json_text last_part, std::size_t, error_code&) {
        stack_.push_key(last_part);
        return true;
    }
    bool on_string_part(json_text part, std::size_t, error_code&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(json_text last_part, std::size_t, error_code&) {
        stack_.push_string(last_part);
        return true;
    }
    bool on_int64(std::int64_t number, json_text, error_code&) {
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json_text, error_code&) {
        stack_.push_uint64(number);
        return true;
    }
    bool on_bool(bool flag, error_code&) {
        stack_.push_bool(flag);
        return true;
    }
    bool on_null(error_code&) {
        stack_.push_null();
        return true;
    }

    bool on_document_begin(error_code&) noexcept { return true; }
    bool on_document_end(error_code&) noexcept { return true; }
    bool on_object_begin(error_code&) noexcept { return true; }
    bool on_array_begin(error_code&) noexcept { return true; }
    bool on_number_part(json_text, error_code&) noexcept { return true; }
    bool on_comment_part(json_text, error_code&) noexcept { return true; }
    bool on_comment(json_text, error_code&) noexcept { return true; }

private:
    std::string_view text_;
    unsigned char buffer_[2048];
    boost::json::value_stack stack_;
    std::optional<error> failure_;
};

} // namespace

result<boost::json::value> parse_json(std::string_view text, std::uint32_t depth_max,
                                      boost::json::storage_ptr storage) {
    std::uint32_t const depth_limit = std::min(depth_max, json_depth_ceiling);
    boost::json::parse_options options;
    options.max_depth = depth_limit;
    boost::json::basic_parser<document_handler> parser(options, text);
    document_handler& handler = parser.handler();
    handler.reset(std::move(storage));

    error_code code;
    constexpr bool more_text_follows = false;
    std::size_t const stopped_at =
        parser.write_some(more_text_follows, text.data(), text.size(), code);
    if (!code && stopped_at == text.size()) { return handler.release(); }

    if (handler.failure()) { return std::move(*handler.failure()); }
    if (!code) { code = boost::json::error::extra_data; }
    return json_error(text, stopped_at, code, depth_limit);
}

} // namespace swarmlog::detail
