#pragma once

#include <swarmlog/engine/backend.hpp>

namespace swarmlog::test {

/// A view of a store that keeps no rows: the base of fakes that are about something else.
class rowless_view : public read_view {
public:
    result<std::optional<row_cells>> find_row(table_spec const&, cell const&) override {
        return error{errc::unsupported};
    }
    result<void> select_rows(table_spec const&, row_query const&, row_visitor const&) override {
        return error{errc::unsupported};
    }
    result<std::uint64_t> count_rows(table_spec const&, row_filter const&) override {
        return error{errc::unsupported};
    }
    result<std::vector<stored_projection>> projections() override {
        return std::vector<stored_projection>{};
    }
    result<std::optional<stored_snapshot>> snapshot_of(std::string_view, position) override {
        return std::optional<stored_snapshot>{};
    }
    result<std::vector<stored_snapshot>> snapshots() override {
        return std::vector<stored_snapshot>{};
    }
};

/// A transaction of such a store.
class rowless_transaction : public write_transaction {
public:
    result<std::optional<row_cells>> find_row(table_spec const&, cell const&) override {
        return error{errc::unsupported};
    }
    result<void> select_rows(table_spec const&, row_query const&, row_visitor const&) override {
        return error{errc::unsupported};
    }
    result<std::uint64_t> count_rows(table_spec const&, row_filter const&) override {
        return error{errc::unsupported};
    }
    result<void> create_table(table_spec const&) override { return error{errc::unsupported}; }
    result<void> add_indexes(table_spec const&) override { return error{errc::unsupported}; }
    result<void> drop_table(std::string_view) override { return error{errc::unsupported}; }
    result<void> rename_table(std::string_view, std::string_view) override {
        return error{errc::unsupported};
    }
    result<void> put_row(table_spec const&, row_cells const&) override {
        return error{errc::unsupported};
    }
    result<void> erase_row(table_spec const&, cell const&) override {
        return error{errc::unsupported};
    }
    result<void> put_projection(stored_projection const&) override {
        return error{errc::unsupported};
    }
    result<void> erase_projection(std::string_view) override { return error{errc::unsupported}; }
    result<void> put_snapshot(stored_snapshot const&) override { return error{errc::unsupported}; }
    result<void> erase_snapshots(std::string_view, position) override {
        return error{errc::unsupported};
    }
};

} // namespace swarmlog::test
