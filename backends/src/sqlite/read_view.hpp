#pragma once

#include "sqlite/reader_pool.hpp"

#include <swarmlog/engine/backend.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// A read transaction on a connection borrowed from the pool, from its making to its end.
class sqlite_read_view final : public read_view {
public:
    [[nodiscard]] static result<std::unique_ptr<sqlite_read_view>>
    open(std::shared_ptr<reader_pool> const& pool);

    sqlite_read_view(std::shared_ptr<reader_pool> pool, reader_pool::loan loan,
                     position head) noexcept;
    sqlite_read_view(sqlite_read_view const&) = delete;
    sqlite_read_view& operator=(sqlite_read_view const&) = delete;
    ~sqlite_read_view() override;

    result<position> head() override { return head_; }
    result<void> records_from(position from, record_visitor const& visit) override;
    result<void> records_back_from(position from, record_visitor const& visit) override;
    result<std::vector<stored_run>> runs(bool with_headers) override;
    result<std::string> run_header(std::uint64_t run) override;
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override;
    result<std::uint64_t> run_generation() override;
    result<std::optional<position>> checkpoint_of(std::string_view name) override;
    result<std::vector<stored_checkpoint>> checkpoints() override;
    result<std::vector<stored_projection>> projections() override;
    result<std::optional<stored_snapshot>> snapshot_of(std::string_view projection,
                                                       position at) override;
    result<std::vector<stored_snapshot>> snapshots() override;

    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override {
        return reader().rows.find(connection(), table, key);
    }
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override {
        return reader().rows.select(connection(), table, asked, visit);
    }
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override {
        return reader().rows.count(connection(), table, where);
    }

    [[nodiscard]] sqlite_connection& connection() noexcept { return reader().connection; }

private:
    [[nodiscard]] sqlite_reader& reader() const noexcept { return *loan_.reader; }
    /// Visits the rows of a statement whose parameter is `bound`; false when the visitor
    /// stopped. A visitor may read this view again: a busy statement gets a twin.
    [[nodiscard]] result<bool> visit_rows(sqlite_statement& statement, position bound,
                                          record_visitor const& visit, position skip_before);

    std::shared_ptr<reader_pool> pool_;
    reader_pool::loan loan_;
    position head_;
};

/// One row, by a statement alone: it is a transaction of its own, and one costs less than the
/// three around a view.
[[nodiscard]] result<std::optional<row_cells>>
find_committed_row(std::shared_ptr<reader_pool> const& pool, table_spec const& table,
                   cell const& key);

} // namespace swarmlog::detail
