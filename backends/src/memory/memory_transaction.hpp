#pragma once

#include "memory/memory_state.hpp"

#include <swarmlog/engine/backend.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace swarmlog::detail {

/// Stages its changes in a snapshot of its own, copying a part when it first changes, and
/// publishes that at commit. Writer's thread.
class memory_transaction final : public write_transaction {
public:
    explicit memory_transaction(std::shared_ptr<memory_state> state);
    memory_transaction(memory_transaction const&) = delete;
    memory_transaction& operator=(memory_transaction const&) = delete;
    ~memory_transaction() override;

    result<void> append_record(stored_record const& record) override;
    result<void> put_run_block(std::uint64_t run, std::uint32_t block,
                               std::string_view bytes) override;
    result<void> put_run(stored_run const& run) override;
    result<void> drop_run(std::uint64_t run) override;
    result<void> erase_run_blocks(std::uint64_t run) override;
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override;
    result<void> put_checkpoint(std::string_view name, position at) override;
    result<void> erase_checkpoint(std::string_view name) override;
    commit_result commit() override;

private:
    [[nodiscard]] result<void> check_open() const;
    /// Runs a change; a failure, of memory too, ends the transaction.
    template <class Change>
    [[nodiscard]] result<void> change(Change const& apply);
    [[nodiscard]] result<void> grow(std::uint64_t& part, std::uint64_t bytes);
    [[nodiscard]] memory_runs& runs();
    [[nodiscard]] memory_run& run(std::uint64_t id);
    [[nodiscard]] memory_checkpoints& checkpoints();
    void end() noexcept;

    std::shared_ptr<memory_state> state_;
    memory_snapshot next_;
    position head_;
    std::shared_ptr<memory_runs> staged_runs_; ///< set once changed; also in `next_`
    std::map<std::uint64_t, std::shared_ptr<memory_run>> staged_each_;
    std::shared_ptr<memory_checkpoints> staged_checkpoints_;
    bool runs_changed_ = false;
    bool is_open_ = true;
    std::optional<error> failure_;
};

} // namespace swarmlog::detail
