#pragma once

#include "moment.hpp"
#include "row_printer.hpp"

#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/projections/projection_set.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::cli {

/// A log that was opened with the swarm's projections.
struct swarm_log {
    projection_set projections;
    event_log log;
};

/// As `open_to_read`. The tables need not be stored: they can be folded from the events.
[[nodiscard]] std::optional<swarm_log> open_swarm_to_read(std::filesystem::path const& database);

/// As `open_to_append`, for a log that is there. The tables are made or caught up, with a bar.
[[nodiscard]] std::optional<swarm_log> open_swarm_to_write(std::filesystem::path const& database);

/// `agents`, `messages`, `metrics`, `tasks`.
[[nodiscard]] std::vector<std::string> const& swarm_table_names();

/// How the columns of one of these tables are shown.
[[nodiscard]] std::vector<row_column> const& swarm_columns(std::string_view table);

/// The tables as of a moment, folded from the events.
[[nodiscard]] result<as_of_view> as_of(event_log const& log, moment const& when);

/// The last position that a moment includes.
[[nodiscard]] result<position> position_at(event_log const& log, moment const& when);

/// The rows of a swarm's table: as stored, or folded from the events where none are stored. Its
/// calls answer what went wrong, if anything did.
template <class Row>
[[nodiscard]] typed_table<Row> stored_or_folded(event_log const& log) {
    typed_table<Row> stored = log.table<Row>();
    auto const counted = stored.count();
    if (counted || counted.error() != errc::not_found) return stored;
    auto const folded = as_of(log, log.head());
    return folded ? folded->template table<Row>() : typed_table<Row>(folded.error());
}

} // namespace swarmlog::cli
