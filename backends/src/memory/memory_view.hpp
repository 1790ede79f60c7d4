#pragma once

#include "memory/memory_rows.hpp"
#include "memory/memory_state.hpp"

#include <swarmlog/engine/backend.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// A snapshot, and a share in what it points into.
class memory_view final : public read_view {
public:
    explicit memory_view(std::shared_ptr<memory_state const> state)
        : state_(std::move(state)), snapshot_(state_->snapshot()) {}

    result<position> head() override { return snapshot_.head(); }
    result<void> records_from(position from, record_visitor const& visit) override;
    result<void> records_back_from(position from, record_visitor const& visit) override;
    result<std::vector<stored_run>> runs(bool with_headers) override;
    result<std::string> run_header(std::uint64_t run) override;
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override;
    result<std::uint64_t> run_generation() override { return snapshot_.run_generation; }
    result<std::optional<position>> checkpoint_of(std::string_view name) override;
    result<std::vector<stored_checkpoint>> checkpoints() override;
    result<std::vector<stored_projection>> projections() override;
    result<std::optional<stored_snapshot>> snapshot_of(std::string_view projection,
                                                       position at) override;
    result<std::vector<stored_snapshot>> snapshots() override;

    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override {
        return find_row_in(*snapshot_.tables, table, key);
    }
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override {
        return select_rows_in(*snapshot_.tables, table, asked, visit);
    }
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override {
        return count_rows_in(*snapshot_.tables, table, where);
    }

private:
    std::shared_ptr<memory_state const> state_;
    memory_snapshot snapshot_;
};

} // namespace swarmlog::detail
