#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Finds values inside JSON text as the very bytes that stand there.
///
/// A parser gives values and loses how they were written; an event's data must come out as it
/// came in. So text is checked once with Boost.JSON (`check_json`), and then these functions
/// walk over it. They never read outside of the text, but say nothing useful about text that was
/// not checked. All views point into the text that was given.
namespace swarmlog {

/// Where and why text is not JSON.
struct json_problem {
    std::size_t offset = 0;
    std::string what;
};

/// Nothing when `text` is one JSON value with at most blanks around it, nested no deeper than
/// `depth_max`, its strings valid UTF-8.
[[nodiscard]] std::optional<json_problem> check_json(std::string_view text,
                                                     std::size_t depth_max = 256);

/// A value without the blanks around it.
[[nodiscard]] std::string_view trim_json(std::string_view text) noexcept;

[[nodiscard]] bool is_json_object(std::string_view value) noexcept;
[[nodiscard]] bool is_json_array(std::string_view value) noexcept;
[[nodiscard]] bool is_json_string(std::string_view value) noexcept;
[[nodiscard]] bool is_json_null(std::string_view value) noexcept;

/// What a JSON string says: without quotes, escapes resolved.
[[nodiscard]] std::string json_string_text(std::string_view value);

/// One member of an object.
struct json_member {
    std::string_view key; ///< as written, with its quotes
    std::string_view value;

    [[nodiscard]] bool is(std::string_view name) const;
};

/// Walks the members of an object in the order they are written.
class json_object_walk {
public:
    explicit json_object_walk(std::string_view object) noexcept;
    /// Nothing after the last member.
    [[nodiscard]] std::optional<json_member> next() noexcept;

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// Walks the elements of an array.
class json_array_walk {
public:
    explicit json_array_walk(std::string_view array) noexcept;
    /// Nothing after the last element.
    [[nodiscard]] std::optional<std::string_view> next() noexcept;

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// The first member of this name, if `value` is an object that has one.
[[nodiscard]] std::optional<std::string_view> find_json_member(std::string_view value,
                                                               std::string_view name);

} // namespace swarmlog
