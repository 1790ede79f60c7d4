#include "event_row_baselines.hpp"

#include "digest.hpp"
#include "event_rows.hpp"
#include "stopwatch.hpp"

#include <stdexcept>
#include <utility>

namespace swarmlog::perf {

contestant sqlite_rows(event_maker make, std::uint64_t per_transaction, synchronous level) {
    return [make = std::move(make), per_transaction, level](setting const& given) {
        event_rows rows{given.folder, level};
        stopwatch const watch;
        rows.insert(make, 0, given.events, per_transaction);
        sample taken = watch.stop(static_cast<double>(given.events));
        taken.digest = rows.digest_of_all();
        return taken;
    };
}

contestant scan_rows(std::string table_name, event_maker make) {
    return [table_name = std::move(table_name), make = std::move(make)](setting const& given) {
        event_rows table{prepared_rows(given, table_name, make), synchronous::normal};
        auto const scan = table.rows().prepare(
            "SELECT position, stream, version, type, recorded_at, data"
            " FROM events ORDER BY position");
        std::uint64_t seen = 0;
        std::uint64_t touched = 0;
        stopwatch const watch;
        table.rows().for_each_row(scan, [&] {
            ++seen;
            for (int const column : {1, 3, 5}) {
                std::string_view const text = text_of(scan, column);
                touched += text.size() + static_cast<unsigned char>(text[0]);
            }
            touched += static_cast<std::uint64_t>(sqlite3_column_int64(scan.get(), 2));
        });
        sample taken = watch.stop(static_cast<double>(seen));
        if (seen != given.events || touched == 0) {
            throw std::runtime_error{"the baseline's scan lost rows"};
        }
        taken.digest = table.digest_of_all();
        return taken;
    };
}

contestant select_streams(std::string table_name, event_maker make, std::uint64_t stream_count,
                          std::uint64_t reads) {
    return [table_name = std::move(table_name), make = std::move(make), stream_count,
            reads](setting const& given) {
        event_rows table{prepared_rows(given, table_name, make), synchronous::normal};
        auto const select = table.rows().prepare(
            "SELECT version, type, recorded_at, data FROM events"
            " WHERE stream = ? ORDER BY version LIMIT 100");
        digest found;
        text_builder stream;
        stopwatch const watch;
        for (std::uint64_t read = 0; read != reads; ++read) {
            stream.clear() << "task-" << read * 104'729 % stream_count;
            bind_value(select, 1, stream);
            table.rows().for_each_row(select,
                                      [&] { found.add(text_of(select, 1), text_of(select, 3)); });
        }
        sample taken = watch.stop(static_cast<double>(reads));
        taken.digest = found.value();
        return taken;
    };
}

contestant select_agent_events(std::string table_name, event_maker make, std::uint64_t reads) {
    return
        [table_name = std::move(table_name), make = std::move(make), reads](setting const& given) {
            event_rows table{prepared_rows(given, table_name, make), synchronous::normal};
            // A stream is an agent's here, so that its name stands for the agent.
            table.rows().run("CREATE INDEX IF NOT EXISTS by_agent ON events(stream, position)");
            auto const select = table.rows().prepare(
                "SELECT position, version, type, recorded_at, data FROM events INDEXED BY by_agent"
                " WHERE stream = ? ORDER BY position DESC LIMIT 100");
            digest found;
            text_builder agent;
            stopwatch const watch;
            for (std::uint64_t read = 0; read != reads; ++read) {
                agent.clear() << "agent-" << read % 10;
                bind_value(select, 1, agent);
                table.rows().for_each_row(
                    select, [&] { found.add(text_of(select, 2), text_of(select, 4)); });
            }
            sample taken = watch.stop(static_cast<double>(reads));
            taken.digest = found.value();
            return taken;
        };
}

} // namespace swarmlog::perf
