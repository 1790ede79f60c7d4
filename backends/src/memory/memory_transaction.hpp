#pragma once

#include "memory/memory_rows.hpp"
#include "memory/memory_state.hpp"

#include <swarmlog/engine/backend.hpp>

#include <map>
#include <memory>
#include <new>
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
    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override;
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override;
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override;
    result<void> create_table(table_spec const& table) override;
    result<void> add_indexes(table_spec const& table) override;
    result<void> drop_table(std::string_view name) override;
    result<void> rename_table(std::string_view from, std::string_view to) override;
    result<void> put_row(table_spec const& table, row_cells const& row) override;
    result<void> erase_row(table_spec const& table, cell const& key) override;
    result<void> put_projection(stored_projection const& projection) override;
    result<void> erase_projection(std::string_view name) override;
    result<void> put_snapshot(stored_snapshot const& snapshot) override;
    result<void> erase_snapshots(std::string_view projection, position from) override;
    commit_result commit() override;

private:
    [[nodiscard]] result<void> check_open() const;
    /// Runs a change; a failure, of memory too, ends the transaction.
    template <class Change>
    [[nodiscard]] result<void> change(Change const& apply) {
        if (auto open = check_open(); !open) return open;
        result<void> done;
        try {
            done = apply();
        } catch (std::bad_alloc const&) {
            done = error{errc::disk_full, "the process has no more memory"};
        }
        if (done) return done;
        failure_ = done.error();
        end();
        return done;
    }
    [[nodiscard]] result<void> grow(std::uint64_t& part, std::uint64_t bytes);
    [[nodiscard]] memory_runs& runs();
    [[nodiscard]] memory_run& run(std::uint64_t id);
    [[nodiscard]] memory_checkpoints& checkpoints();
    [[nodiscard]] memory_tables& tables();
    /// A table of this transaction's own, to be changed; null when there is none.
    [[nodiscard]] memory_table* own_table(std::string_view name);
    [[nodiscard]] memory_projections& projections();
    [[nodiscard]] memory_stored_snapshots& snapshots();
    void end() noexcept;

    std::shared_ptr<memory_state> state_;
    memory_snapshot next_;
    position head_;
    std::shared_ptr<memory_runs> staged_runs_; ///< set once changed; also in `next_`
    std::map<std::uint64_t, std::shared_ptr<memory_run>> staged_each_;
    std::shared_ptr<memory_checkpoints> staged_checkpoints_;
    std::shared_ptr<memory_tables> staged_tables_;
    std::map<std::string, std::shared_ptr<memory_table>, std::less<>> own_tables_;
    std::shared_ptr<memory_projections> staged_projections_;
    std::shared_ptr<memory_stored_snapshots> staged_snapshots_;
    bool runs_changed_ = false;
    bool is_open_ = true;
    std::optional<error> failure_;
};

} // namespace swarmlog::detail
