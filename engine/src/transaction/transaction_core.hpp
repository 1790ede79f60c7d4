#pragma once

#include "log/log_core.hpp"
#include "producer/append_draft.hpp"
#include "record/record.hpp"

#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/query.hpp>
#include <swarmlog/engine/receipt.hpp>

#include <memory>
#include <vector>

namespace swarmlog::detail {

/// An optimistic transaction's reads and appends.
///
/// What it has read is kept as queries; commit is an append under the condition that no event
/// since the beginning matches any of them.
class transaction_core {
public:
    explicit transaction_core(std::shared_ptr<log_core> core)
        : core_(std::move(core)), began_at_(core_->head.get()) {
        draft_.reset(core_->options.limits);
    }

    [[nodiscard]] position began_at() const noexcept { return began_at_; }
    [[nodiscard]] append_limits const& limits() const noexcept { return core_->options.limits; }

    [[nodiscard]] result<version> version_of(std::string_view stream);
    [[nodiscard]] result<std::vector<event>> newest(query const& events, std::uint64_t count);
    [[nodiscard]] result<std::vector<event>> read(query const& events, position after);
    [[nodiscard]] result<void> append(append_draft const& more);
    [[nodiscard]] result<receipt> commit();
    void rollback() noexcept;

private:
    [[nodiscard]] result<void> check_open() const;
    void remember(query const& events);
    [[nodiscard]] result<version> committed_version(std::string_view stream) const;
    /// Its own appends as events without positions, oldest first.
    [[nodiscard]] result<std::vector<event>> own(query const& events);
    [[nodiscard]] result<std::shared_ptr<record const>> own_record() const;

    std::shared_ptr<log_core> core_;
    position began_at_;
    append_draft draft_;
    query read_; ///< everything it has read; only with `has_read_`
    bool has_read_ = false;
    bool ended_ = false;
    std::optional<error> failure_;      ///< the first append's that failed: commit answers it
    std::shared_ptr<record const> own_; ///< of the draft so far; null once it grew
};

} // namespace swarmlog::detail
