#pragma once

#include <swarmlog/engine/decision.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/projections/projection_set.hpp>

/// \file
/// The log's own way to its projections' rows: `log.table<task>()`, `log.query<task>()`,
/// `log.as_of(position)`, and in a decision `now.table<task>()`.
namespace swarmlog {

template <class Row>
typed_table<Row> event_log::table() const {
    return projection_set::of(state()).table<Row>();
}

template <class Row>
typed_query<Row> event_log::query() const {
    return table<Row>().query();
}

template <class Row>
typed_table<Row> decision::table() const {
    return projection_set::of(state()).staged_table<Row>();
}

} // namespace swarmlog
