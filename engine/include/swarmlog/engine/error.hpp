#pragma once

#include <swarmlog/export.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <type_traits>

namespace swarmlog {

/// What can go wrong, one code for each case a caller could act on.
///
/// Three kinds, told apart by `is_rejected`, `is_refused` and `is_in_doubt`:
/// - *rejected*: this append was judged and nothing of it is stored;
/// - *refused*: nothing was queued, the same call may be made again;
/// - *in doubt*: the commit's I/O failed, so it may be there after a reopen.
///
/// docs/guarantees.md says of each what it means and what to do.
enum class errc {
    // Rejected before the queue: the append breaks a limit or is not well formed.
    empty_append = 1,
    append_too_large,
    event_too_large,
    too_many_tags,
    json_too_deep,
    invalid_json,
    invalid_utf8,
    non_finite_number,
    duplicate_key,
    invalid_stream_name,
    invalid_type_name,
    invalid_tag,
    invalid_id,
    invalid_idempotency_key,
    invalid_argument,

    // Rejected at the write: the append's condition does not hold.
    wrong_version,
    stream_already_exists,
    stream_not_found,
    condition_failed,
    idempotency_conflict,
    conflict,
    projection_failed,
    decision_failed,
    position_exhausted,
    disk_full,

    // Refused: nothing was queued.
    queue_full,
    closed,
    read_only,
    forked_handle,
    deadline_exceeded,
    cancelled,

    // In doubt.
    in_doubt,

    // Opening and reading.
    already_open,
    not_ours,
    schema_too_new,
    not_found,
    permission_denied,
    corrupt,
    io_error,
    unsupported,
};

/// The category of `errc`; its name is "swarmlog".
[[nodiscard]] SWARMLOG_EXPORT boost::system::error_category const& swarmlog_category() noexcept;

/// For Boost.System, which finds it by its argument.
[[nodiscard]] SWARMLOG_EXPORT boost::system::error_code make_error_code(errc code) noexcept;

/// An error code with a sentence that says what was wrong: it names streams, ids, places, sizes
/// and the limit that was broken, but quotes nothing of an event's data or metadata. It is one
/// line: what a terminal or a log file could take for more is escaped, as `\x1b`.
class SWARMLOG_EXPORT error {
public:
    error() = default;
    /// From a code alone: the message is the category's own sentence.
    error(errc code);
    /// With a sentence of its own, in place of the code's.
    error(errc code, std::string detail);
    /// With a code of another category: a domain's own reason to reject a decision.
    error(boost::system::error_code code, std::string detail);

    /// What can be compared and acted on; of `swarmlog_category`, or the domain's own.
    [[nodiscard]] boost::system::error_code const& code() const noexcept { return code_; }
    /// One sentence for a person; never empty.
    [[nodiscard]] std::string message() const;

    /// True when the append was judged and nothing of it is stored.
    [[nodiscard]] bool is_rejected() const noexcept;
    /// True when nothing was queued: the same call may be made again later.
    [[nodiscard]] bool is_refused() const noexcept;
    /// True when the commit may or may not be there after a reopen.
    [[nodiscard]] bool is_in_doubt() const noexcept;

    /// Compares codes; the sentence does not count.
    friend bool operator==(error const& left, errc right) noexcept {
        return left.code_ == make_error_code(right);
    }

private:
    boost::system::error_code code_;
    std::string detail_;
};

/// What `result<T>::value()` throws: a `boost::system::system_error` with the error's message.
[[noreturn]] SWARMLOG_EXPORT void throw_exception_from_error(error const& failure,
                                                             boost::source_location const& where);

/// A value or an `error`. `.value()` throws for those who like exceptions.
template <class T>
using result = boost::system::result<T, error>;

} // namespace swarmlog

template <>
struct boost::system::is_error_code_enum<swarmlog::errc> : std::true_type {};
