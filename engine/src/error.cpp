#include <swarmlog/engine/error.hpp>

#include <swarmlog/engine/detail/printable_text.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/throw_exception.hpp>

#include <utility>

namespace swarmlog {

namespace {

char const* sentence_for(errc code) noexcept {
    switch (code) {
    case errc::empty_append: return "The append holds no event.";
    case errc::append_too_large: return "The append holds more events or bytes than its limit.";
    case errc::event_too_large: return "The event's data and metadata exceed their limit.";
    case errc::too_many_tags: return "The event carries more tags than its limit.";
    case errc::json_too_deep: return "The JSON is nested more deeply than its limit.";
    case errc::invalid_json: return "The text is not the JSON that was expected.";
    case errc::invalid_utf8: return "The text is not valid UTF-8.";
    case errc::non_finite_number: return "A number is not finite as a 64-bit float.";
    case errc::duplicate_key: return "A key occurs twice in one JSON object.";
    case errc::invalid_stream_name: return "The stream's name is not 1 to 255 bytes of UTF-8.";
    case errc::invalid_type_name: return "The event's type is not 1 to 255 bytes of UTF-8.";
    case errc::invalid_tag: return "A tag is not 1 to 255 bytes of UTF-8.";
    case errc::invalid_id: return "An identifier is not well formed.";
    case errc::invalid_idempotency_key:
        return "The idempotency key is not 1 to 255 bytes of UTF-8.";
    case errc::invalid_argument: return "An argument is outside what the call accepts.";

    case errc::wrong_version: return "The stream is not at the expected version.";
    case errc::stream_already_exists: return "The stream has events already.";
    case errc::stream_not_found: return "The stream has no event.";
    case errc::condition_failed: return "An event that the condition excludes was appended.";
    case errc::idempotency_conflict:
        return "The idempotency key was used before with other content.";
    case errc::conflict: return "Something that the transaction read has changed since.";
    case errc::projection_failed: return "An inline projection failed on the append.";
    case errc::decision_failed: return "The decision did not complete.";
    case errc::position_exhausted: return "The log has no position left.";
    case errc::disk_full: return "The device has no space left.";

    case errc::queue_full: return "The ingestion queue is full.";
    case errc::closed: return "The log is closed.";
    case errc::read_only: return "The log is open for reading only.";
    case errc::forked_handle: return "The handle was opened by the process before a fork.";
    case errc::deadline_exceeded: return "The deadline passed before the call completed.";
    case errc::cancelled: return "The call was cancelled.";

    case errc::in_doubt:
        return "The commit's I/O failed: whether it is stored shows when the log is reopened.";

    case errc::already_open: return "Another process has the log open for writing.";
    case errc::not_ours: return "The file is not a swarmlog store.";
    case errc::schema_too_new: return "The store was written by a newer swarmlog.";
    case errc::not_found: return "What was asked for is not there.";
    case errc::permission_denied: return "The operating system denies access.";
    case errc::corrupt: return "The store holds bytes that swarmlog did not write.";
    case errc::io_error: return "The operating system reported an I/O error.";
    case errc::unsupported: return "This store does not support the operation.";
    }
    return "An error that this version of swarmlog does not know.";
}

// GCC takes the protected destructor of Boost's base for an accessible one, because the base
// has friends. Nobody deletes a category.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif
class category final : public boost::system::error_category {
public:
    // A fixed id makes two copies of the category, in two shared libraries, compare equal.
    constexpr category() noexcept : error_category(0x5357'4152'4D4C'4F47) {}

    char const* name() const noexcept override { return "swarmlog"; }
    std::string message(int code) const override { return sentence_for(static_cast<errc>(code)); }
    char const* message(int code, char*, std::size_t) const noexcept override {
        return sentence_for(static_cast<errc>(code));
    }
};
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/// True when `code` lies in one of the sections of `errc`, whose order is thereby fixed.
bool is_between(boost::system::error_code const& code, errc first, errc last) noexcept {
    return code.category() == swarmlog_category() && code.value() >= static_cast<int>(first) &&
           code.value() <= static_cast<int>(last);
}

} // namespace

boost::system::error_category const& swarmlog_category() noexcept {
    static constexpr category instance;
    return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), swarmlog_category()};
}

error::error(errc code) : code_(make_error_code(code)) {}

error::error(errc code, std::string detail) : error(make_error_code(code), std::move(detail)) {}

error::error(boost::system::error_code code, std::string detail)
    : code_(code), detail_(detail::printable(std::move(detail))) {}

std::string error::message() const { return detail_.empty() ? code_.message() : detail_; }

bool error::is_rejected() const noexcept {
    bool const is_of_a_domain = code_.failed() && code_.category() != swarmlog_category();
    return is_of_a_domain || is_between(code_, errc::empty_append, errc::disk_full);
}

bool error::is_refused() const noexcept {
    return is_between(code_, errc::queue_full, errc::cancelled);
}

bool error::is_in_doubt() const noexcept {
    return is_between(code_, errc::in_doubt, errc::in_doubt);
}

void throw_exception_from_error(error const& failure, boost::source_location const& where) {
    boost::throw_with_location(boost::system::system_error(failure.code(), failure.message()),
                               where);
}

} // namespace swarmlog
