#include "agent_contestants.hpp"
#include "digest.hpp"
#include "sqlite_database.hpp"
#include "stopwatch.hpp"
#include "swarm_log.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace swarmlog::perf {

namespace {

constexpr std::array<std::string_view, 4> agent_states{"initializing", "active", "idle", "busy"};

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
        fill(rows, 1'000);
        auto const select = rows.prepare("SELECT * FROM agents WHERE id=?1");
        std::string id;
        std::uint64_t found = 0;
        stopwatch const watch;
        for (std::uint64_t each = 0; each != given.events; ++each) {
            id = agent_id(each * 7'919);
            bind_value(select, 1, std::string_view{id});
            rows.for_each_row(select, [&] { found += text_of(select, 0) == id ? 1U : 0U; });
        }
        sample taken = watch.stop(static_cast<double>(given.events));
        if (found != given.events) { throw std::runtime_error{"an agent was not found"}; }
        taken.digest = found;
        return taken;
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
            for (agent_row const& row : agents) { listed.add(row.id); }
        }
        sample taken = watch.stop(static_cast<double>(lists));
        taken.digest = listed.value();
        return taken;
    };
}

} // namespace swarmlog::perf
