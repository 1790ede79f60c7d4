#pragma once

#include <swarmlog/engine/detail/codec_failure.hpp>
#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace swarmlog::detail {

/// Writes JSON straight into a string. A value is followed by nothing; members and elements
/// begin with a comma, and closing turns the first one into the bracket.
class SWARMLOG_EXPORT json_writer {
public:
    json_writer(std::string& out, std::uint32_t depth_max) noexcept
        : out_(out), depth_left_(depth_max) {}

    [[nodiscard]] codec_failure& failure() noexcept { return failure_; }

    /// Remembers where an object or array begins, or fails with `json_too_deep`.
    [[nodiscard]] bool open(std::size_t& begin) {
        if (depth_left_ == 0) { return fail_too_deep(); }
        --depth_left_;
        begin = out_.size();
        return true;
    }
    void close(std::size_t begin, char opening, char closing) {
        ++depth_left_;
        if (out_.size() == begin) {
            out_ += opening;
        } else {
            out_[begin] = opening;
        }
        out_ += closing;
    }

    void put_raw(std::string_view text) { out_.append(text); }
    void put_comma() { out_ += ','; }
    void put_bool(bool flag);
    void put_null();
    void put_signed(std::int64_t number);
    void put_unsigned(std::uint64_t number);
    [[nodiscard]] bool put_float(float number);
    [[nodiscard]] bool put_double(double number);
    [[nodiscard]] bool put_string(std::string_view text);
    /// A comma, the key and a colon.
    [[nodiscard]] bool put_key(std::string_view key);
    void put_timestamp(timestamp time);
    void put_event_id(event_id const& id);
    [[nodiscard]] bool put_document(boost::json::value const& value);
    [[nodiscard]] bool fail_unnamed_enumerator(std::int64_t number);

private:
    [[nodiscard]] bool fail_too_deep();

    std::string& out_;
    std::uint32_t depth_left_;
    codec_failure failure_;
};

} // namespace swarmlog::detail
