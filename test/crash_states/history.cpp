#include "crash_states/history.hpp"

#include "crash/numbered_append.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace swarmlog::test {

namespace {

/// The highest position that a session had acknowledged or shown by then.
position told_by(known_session const& session, std::size_t entries) {
    position told;
    if (session.opened_at <= entries) { told = session.shown; }
    for (known_commit const& each : session.commits) {
        if (each.acknowledged_at <= entries) { told = std::max(told, each.last); }
    }
    return told;
}

} // namespace

expectation history::expected_after(std::size_t entries, promise held_to) const {
    std::size_t const flushed = last_flush_before(entries);
    expectation expected;
    for (known_session const& each : sessions) {
        if (each.opened_at > entries) { break; }
        bool const is_durable = held_to == promise::durable || each.mode == durability::durable;
        expected.session = &each;
        expected.told = std::max(expected.told, told_by(each, entries));
        expected.required =
            std::max(expected.required, told_by(each, is_durable ? entries : flushed));
    }
    return expected;
}

std::size_t history::last_flush_before(std::size_t entries) const {
    std::optional<std::uint32_t> wal;
    std::size_t last = 0;
    for (std::size_t at = 0; at != entries; ++at) {
        io_journal::entry const& each = journal.entries()[at];
        bool const is_made = each.what == io_journal::action::create;
        if (is_made && each.name == "log.db-wal") { wal = each.file; }
        if (each.what == io_journal::action::sync && each.file == wal) { last = at + 1; }
    }
    return last;
}

std::vector<tally> folded(known_session const& session, position head) {
    std::map<std::string, tally> rows;
    for (std::size_t at = 0; at != head.value; ++at) {
        known_event const& event = session.events[at];
        tally& row = rows[event.stream];
        row.stream = event.stream;
        ++row.events;
        row.last_append = event.append;
        row.text_bytes += numbered_append{event.append}.text_bytes();
    }
    std::vector<tally> all;
    for (auto const& [stream, row] : rows) { all.push_back(row); }
    return all;
}

} // namespace swarmlog::test
