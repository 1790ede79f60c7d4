#pragma once

#include "sqlite/writer.hpp"

#include <swarmlog/engine/backend.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace swarmlog::detail {

/// A transaction of the writer's connection.
///
///     open ──commit──▶ ended      committed, not_committed, or in_doubt
///      │ └──drop─────▶ ended      rolled back
///      └─a statement fails──▶ failed    rolled back; every later call answers that failure
///
/// A failure before COMMIT leaves nothing: frames without a commit frame behind them do not
/// count. At COMMIT a full disk is met while frames are written, so the commit frame is not
/// whole; after any other I/O error it may be, and come back at the next open.
class sqlite_write_transaction final : public write_transaction {
public:
    [[nodiscard]] static result<std::unique_ptr<write_transaction>> begin(sqlite_writer& writer);

    explicit sqlite_write_transaction(sqlite_writer& writer) noexcept;
    sqlite_write_transaction(sqlite_write_transaction const&) = delete;
    sqlite_write_transaction& operator=(sqlite_write_transaction const&) = delete;
    ~sqlite_write_transaction() override;

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
    /// Runs a statement that changes something; a failure ends the transaction.
    [[nodiscard]] result<void> run(sqlite_statement& statement);
    [[nodiscard]] error fail(error failure);
    /// A change to rows; a failure ends the transaction.
    template <class Change>
    [[nodiscard]] result<void> change(Change const& apply);
    [[nodiscard]] commit_result commit_failed(int code);
    void roll_back() noexcept;
    void end() noexcept;

    sqlite_writer& writer_;
    position head_;
    bool runs_changed_ = false;
    bool is_open_ = true;
    std::optional<error> failure_;
};

} // namespace swarmlog::detail
