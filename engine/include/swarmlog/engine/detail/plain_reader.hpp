#pragma once

#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <string_view>

namespace swarmlog::detail {

/// Walks JSON text of the plain kind that events mostly are, without building a document.
///
/// It takes a subset of JSON: strings without escapes, integers of up to 18 digits, fractions
/// without exponent, 16 levels. What it takes, it takes as the way by a document does. At
/// anything else, wrong or merely not plain, it answers false; then nothing is known but that the
/// caller has to go by a document, which also says what is wrong.
///
/// One thread at a time; the text must outlive it and the views it gives.
class SWARMLOG_EXPORT plain_reader {
public:
    explicit plain_reader(std::string_view json) noexcept
        : at_(json.data()), end_(json.data() + json.size()) {}

    /// An array or an object, as `bracket` says. Calls `read_item()` where each item begins, for
    /// it to step over the item; when it answers false, so does this.
    template <class ReadItem>
    [[nodiscard]] bool items(char bracket, ReadItem const& read_item) {
        char const closing = bracket == '{' ? '}' : ']';
        if (!take(bracket)) { return false; }
        if (take(closing)) { return true; }
        do {
            if (!read_item()) { return false; }
        } while (take(','));
        return take(closing);
    }
    /// A member's name and the colon behind it.
    [[nodiscard]] bool name(std::string_view& to) noexcept;

    [[nodiscard]] bool text(std::string_view& to) noexcept;
    [[nodiscard]] bool boolean(bool& to) noexcept;
    [[nodiscard]] bool integer(std::int64_t& to) noexcept;
    [[nodiscard]] bool number(double& to) noexcept;
    [[nodiscard]] bool time(timestamp& to);
    [[nodiscard]] bool id(event_id& to);
    [[nodiscard]] bool document(boost::json::value& to) { return document(to, 0); }
    /// Steps over a null, if there is one.
    [[nodiscard]] bool null() noexcept { return word("null"); }
    /// Steps over one value of any kind.
    [[nodiscard]] bool skip() { return skip(0); }
    /// Whether nothing but white space is left.
    [[nodiscard]] bool at_end() noexcept;

private:
    [[nodiscard]] bool document(boost::json::value& to, unsigned depth);
    [[nodiscard]] bool object(boost::json::object& to, unsigned depth);
    [[nodiscard]] bool array(boost::json::array& to, unsigned depth);
    [[nodiscard]] bool skip(unsigned depth);
    /// Steps over what is expected, if it comes next.
    [[nodiscard]] bool take(char expected) noexcept;
    [[nodiscard]] bool word(std::string_view expected) noexcept;
    [[nodiscard]] char peek() noexcept;

    char const* at_;
    char const* end_;
};

} // namespace swarmlog::detail
