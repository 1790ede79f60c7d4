#include "agent_contestants.hpp"
#include "agent_lookups.hpp"
#include "sqlite_database.hpp"

#include <string>
#include <vector>

namespace swarmlog::perf {

namespace {

/// A row as a program would take it: JSON columns stay text.
struct agent_row {
    std::string id, name, agent_type, status, capabilities, metadata;
    std::int64_t heartbeat, created_at, updated_at;
};

agent_row row_of(statement const& stepped) {
    auto const text = [&](int column) { return std::string{text_of(stepped, column)}; };
    auto const number = [&](int column) { return sqlite3_column_int64(stepped.get(), column); };
    return {text(0), text(1), text(2), text(3), text(4), text(5), number(6), number(7), number(8)};
}

void add_agent(digest& to, agent_row const& row) { to.add(row.id, row.status, row.capabilities); }

void fill(database& rows, std::uint64_t count) {
    rows.run(
        "CREATE TABLE agents(id TEXT PRIMARY KEY, name TEXT NOT NULL, agent_type TEXT NOT NULL,"
        " status TEXT NOT NULL, capabilities TEXT NOT NULL, metadata TEXT NOT NULL,"
        " heartbeat INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)"
        " WITHOUT ROWID; CREATE INDEX by_status ON agents(status); BEGIN");
    auto const insert =
        rows.prepare("INSERT INTO agents VALUES(?1,'','',?2,'[\"cpp\",\"docs\"]','null',NULL,1,1)");
    for (std::uint64_t each = 0; each != count; ++each) {
        std::string const id = agent_id(each);
        bind_value(insert, 1, std::string_view{id});
        bind_value(insert, 2, agent_states.at(each % agent_states.size()));
        rows.step_once(insert);
    }
    rows.run("COMMIT");
}

} // namespace

contestant select_agents() {
    return [](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::full};
        fill(rows, agent_count);
        auto const select = rows.prepare("SELECT * FROM agents WHERE id=?1");
        auto const visit = [&](std::string const& id, auto const& row) {
            bind_value(select, 1, std::string_view{id});
            rows.for_each_row(select, row);
        };
        return time_lookups(
            given.events,
            [&](std::string const& id) {
                bool found = false;
                visit(id, [&] { found = text_of(select, 0) == id; });
                return found;
            },
            [&](digest& read, std::string const& id) {
                visit(id, [&] { add_agent(read, row_of(select)); });
            });
    };
}

contestant select_agents_by_status(std::uint64_t lists) {
    return [lists](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::full};
        fill(rows, given.events);
        auto const select = rows.prepare("SELECT * FROM agents WHERE status=?1 ORDER BY id");
        digest listed;
        stopwatch const watch;
        for (std::uint64_t each = 0; each != lists; ++each) {
            std::vector<agent_row> agents;
            bind_value(select, 1, std::string_view{"idle"});
            rows.for_each_row(select, [&] { agents.push_back(row_of(select)); });
            for (agent_row const& row : agents) { add_agent(listed, row); }
        }
        sample taken = watch.stop(static_cast<double>(lists));
        taken.digest = listed.value();
        return taken;
    };
}

} // namespace swarmlog::perf
