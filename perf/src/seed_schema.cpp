#include "digest.hpp"
#include "event_row_baselines.hpp"
#include "stopwatch.hpp"

#include <utility>

namespace swarmlog::perf {

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
        sample taken = watch.stop(static_cast<double>(given.events));
        auto const all = rows.prepare("SELECT agent_id, event_type, payload FROM events");
        digest read;
        rows.for_each_row(all,
                          [&] { read.add(text_of(all, 0), text_of(all, 1), text_of(all, 2)); });
        taken.digest = read.value();
        return taken;
    };
}

} // namespace swarmlog::perf
