#include "sqlite_baselines.hpp"

#include "sqlite_database.hpp"
#include "stopwatch.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace swarmlog::perf {

namespace {

std::uint64_t now_nanoseconds() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count());
}

void create_rows(database& in) {
    in.run(
        "CREATE TABLE events(position INTEGER PRIMARY KEY, stream TEXT NOT NULL,"
        " version INTEGER NOT NULL, type TEXT NOT NULL, recorded_at INTEGER NOT NULL,"
        " data TEXT NOT NULL, UNIQUE(stream, version))");
}

void fill_rows(database& in, event_maker const& make, std::uint64_t events,
               std::uint64_t per_transaction) {
    auto const insert = in.prepare(
        "INSERT INTO events(stream, version, type, recorded_at, data)"
        " VALUES(?, ?, ?, ?, ?)");
    // Versions are counted outside the database, as a writer that keeps its heads would do.
    std::unordered_map<std::string, std::uint64_t> versions;
    sample_event event;
    for (std::uint64_t done = 0; done != events;) {
        in.run("BEGIN IMMEDIATE");
        for (std::uint64_t each = 0; each != per_transaction && done != events; ++each, ++done) {
            make(done, event);
            bind_value(insert, 1, event.stream);
            bind_value(insert, 2, ++versions[event.stream.str()]);
            bind_value(insert, 3, event.type);
            bind_value(insert, 4, now_nanoseconds());
            bind_value(insert, 5, event.data);
            in.step_once(insert);
        }
        in.run("COMMIT");
    }
}

void expect_rows(database& in, std::uint64_t events) {
    auto const count = in.prepare("SELECT count(*) FROM events");
    in.check(sqlite3_step(count.get()));
    if (static_cast<std::uint64_t>(sqlite3_column_int64(count.get(), 0)) != events) {
        throw std::runtime_error{"the baseline lost rows"};
    }
}

} // namespace

contestant sqlite_rows(event_maker make, std::uint64_t per_transaction, synchronous level) {
    return [make = std::move(make), per_transaction, level](setting const& given) {
        database rows{given.folder / "rows.db", level};
        create_rows(rows);
        stopwatch const watch;
        fill_rows(rows, make, given.events, per_transaction);
        sample const taken = watch.stop(static_cast<double>(given.events));
        expect_rows(rows, given.events);
        return taken;
    };
}

contestant seed_schema(event_maker make) {
    return [make = std::move(make)](setting const& given) {
        database rows{given.folder / "seed.db", synchronous::normal};
        rows.run(
            "CREATE TABLE events(id TEXT PRIMARY KEY, event_type TEXT NOT NULL,"
            " agent_id TEXT, task_id TEXT, payload TEXT NOT NULL, metadata TEXT NOT NULL,"
            " timestamp INTEGER NOT NULL, sequence INTEGER NOT NULL, data TEXT NOT NULL)");
        rows.run("CREATE INDEX by_agent ON events(agent_id)");
        rows.run("CREATE INDEX by_task ON events(task_id)");
        rows.run("CREATE INDEX by_type ON events(event_type)");
        rows.run("CREATE INDEX by_time ON events(timestamp)");
        rows.run("CREATE INDEX by_sequence ON events(sequence)");
        auto const insert =
            rows.prepare("INSERT INTO events VALUES(?, ?, ?, NULL, ?, '{}', ?, ?, ?)");
        stopwatch const watch;
        sample_event event;
        text_builder id;
        text_builder whole;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            make(number, event);
            std::uint64_t const now = now_nanoseconds();
            // A random-looking key, as the crate's version 4 ids are.
            id.clear() << number * 0x9e3779b97f4a7c15U << "-" << number;
            whole.clear() << R"({"id":")" << id << R"(","event_type":")" << event.type
                          << R"(","agent_id":")" << event.stream << R"(","payload":)" << event.data
                          << R"(,"timestamp":)" << now << "}";
            bind_value(insert, 1, id);
            bind_value(insert, 2, event.type);
            bind_value(insert, 3, event.stream);
            bind_value(insert, 4, event.data);
            bind_value(insert, 5, now);
            bind_value(insert, 6, number);
            bind_value(insert, 7, whole);
            rows.step_once(insert);
        }
        sample const taken = watch.stop(static_cast<double>(given.events));
        expect_rows(rows, given.events);
        return taken;
    };
}

contestant sqlite_rows_scan(event_maker make) {
    return [make = std::move(make)](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::normal};
        create_rows(rows);
        fill_rows(rows, make, given.events, 10'000);
        auto const scan = rows.prepare(
            "SELECT position, stream, version, type, recorded_at, data"
            " FROM events ORDER BY position");
        stopwatch const watch;
        std::uint64_t seen = 0;
        std::uint64_t touched = 0;
        while (sqlite3_step(scan.get()) == SQLITE_ROW) {
            ++seen;
            for (int const text : {1, 3, 5}) {
                auto const* const bytes = sqlite3_column_text(scan.get(), text);
                touched +=
                    bytes[0] + static_cast<std::uint64_t>(sqlite3_column_bytes(scan.get(), text));
            }
            touched += static_cast<std::uint64_t>(sqlite3_column_int64(scan.get(), 2));
        }
        sample const taken = watch.stop(static_cast<double>(seen));
        if (seen != given.events || touched == 0) {
            throw std::runtime_error{"the baseline's scan lost rows"};
        }
        return taken;
    };
}

contestant sqlite_select_streams(event_maker make, std::uint64_t stream_count,
                                 std::uint64_t reads) {
    return [make = std::move(make), stream_count, reads](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::normal};
        create_rows(rows);
        fill_rows(rows, make, given.events, 10'000);
        auto const select = rows.prepare(
            "SELECT version, type, recorded_at, data FROM events"
            " WHERE stream = ? ORDER BY version LIMIT 100");
        stopwatch const watch;
        std::uint64_t seen = 0;
        text_builder stream;
        for (std::uint64_t read = 0; read != reads; ++read) {
            stream.clear() << "task-" << read * 104'729 % stream_count;
            bind_value(select, 1, stream);
            while (sqlite3_step(select.get()) == SQLITE_ROW) {
                seen += sqlite3_column_text(select.get(), 3) != nullptr ? 1U : 0U;
            }
            rows.check(sqlite3_reset(select.get()));
        }
        sample const taken = watch.stop(static_cast<double>(reads));
        if (seen == 0) { throw std::runtime_error{"the baseline found no stream"}; }
        return taken;
    };
}

} // namespace swarmlog::perf
