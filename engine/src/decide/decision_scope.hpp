#pragma once

#include "decide/decider.hpp"
#include "log/log_core.hpp"

#include <swarmlog/engine/detail/completions.hpp>
#include <swarmlog/engine/receipt.hpp>

#include <cstddef>
#include <optional>

namespace swarmlog::detail {

/// One closure's view of the log at the write, and what it has appended so far.
class decision_scope {
public:
    decision_scope(log_core& core, decider& writer) : core_(&core), writer_(&writer) {}

    /// Runs a closure: its appends are staged together, or not at all.
    [[nodiscard]] result<receipt> run(decision_function const& closure);

    [[nodiscard]] position head() const noexcept { return writer_->next_position().previous(); }
    [[nodiscard]] timestamp now() { return writer_->next_time(); }
    [[nodiscard]] append_limits const& limits() const noexcept { return core_->options.limits; }
    [[nodiscard]] std::shared_ptr<state_fold> const& state() const noexcept {
        return core_->options.state;
    }
    [[nodiscard]] result<version> version_of(std::string_view stream);
    [[nodiscard]] result<std::vector<event>> newest(query const& events, std::uint64_t count);
    [[nodiscard]] result<std::vector<event>> read(query const& events, position after);
    [[nodiscard]] result<void> append(append_draft const& draft);

private:
    [[nodiscard]] result<void> stage(append_draft const& draft);
    [[nodiscard]] result<void> check_size(append_draft const& draft) const;
    [[nodiscard]] result<void> call(decision_function const& closure);
    /// Staged events that match, oldest first.
    [[nodiscard]] result<std::vector<event>> staged(query const& events, position after);

    log_core* core_;
    decider* writer_;
    receipt answer_;
    std::optional<error> failure_; ///< the first append's that failed: nothing is appended then
    std::size_t bytes_ = 0;        ///< of all its appends together
};

} // namespace swarmlog::detail
