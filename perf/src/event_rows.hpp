#pragma once

#include "sample_events.hpp"
#include "sqlite_database.hpp"
#include "workload.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>

namespace swarmlog::perf {

/// A row an event with `UNIQUE(stream, version)`, prepared statements, WAL, one connection: what
/// one writes by hand.
class event_rows {
public:
    event_rows(std::filesystem::path const& folder, synchronous level);

    /// Inserts the events from `first` to `end`, `per_transaction` in each transaction.
    void insert(event_maker const& make, std::uint64_t first, std::uint64_t end,
                std::uint64_t per_transaction);
    /// Goes on where the rows of a table that was there before end.
    void load_versions();
    [[nodiscard]] std::uint64_t count();
    /// Reads all rows.
    [[nodiscard]] std::uint64_t digest_of_all();
    [[nodiscard]] database& rows() noexcept { return rows_; }

private:
    database rows_;
    /// Versions are counted outside the database, as a writer that keeps its heads would do.
    std::unordered_map<std::string, std::uint64_t> versions_;
};

/// A folder with such a table, made once for all rounds with the setting's events.
[[nodiscard]] std::filesystem::path prepared_rows(setting const& given, std::string const& name,
                                                  event_maker const& make);

} // namespace swarmlog::perf
