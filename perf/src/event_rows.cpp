#include "event_rows.hpp"

#include "digest.hpp"
#include "prepared_folder.hpp"

namespace swarmlog::perf {

event_rows::event_rows(std::filesystem::path const& folder, synchronous level)
    : rows_(folder / "rows.db", level) {
    rows_.run(
        "CREATE TABLE IF NOT EXISTS events(position INTEGER PRIMARY KEY, stream TEXT NOT NULL,"
        " version INTEGER NOT NULL, type TEXT NOT NULL, recorded_at INTEGER NOT NULL,"
        " data TEXT NOT NULL, UNIQUE(stream, version))");
}

void event_rows::insert(event_maker const& make, std::uint64_t first, std::uint64_t end,
                        std::uint64_t per_transaction) {
    auto const insert = rows_.prepare(
        "INSERT INTO events(stream, version, type, recorded_at, data)"
        " VALUES(?, ?, ?, ?, ?)");
    sample_event event;
    for (std::uint64_t done = first; done != end;) {
        rows_.run("BEGIN IMMEDIATE");
        for (std::uint64_t each = 0; each != per_transaction && done != end; ++each, ++done) {
            make(done, event);
            bind_value(insert, 1, event.stream);
            bind_value(insert, 2, ++versions_[event.stream.str()]);
            bind_value(insert, 3, event.type);
            bind_value(insert, 4, now_nanoseconds());
            bind_value(insert, 5, event.data);
            rows_.step_once(insert);
        }
        rows_.run("COMMIT");
    }
}

void event_rows::load_versions() {
    auto const last = rows_.prepare("SELECT stream, max(version) FROM events GROUP BY stream");
    rows_.for_each_row(last, [&] {
        versions_[std::string{text_of(last, 0)}] =
            static_cast<std::uint64_t>(sqlite3_column_int64(last.get(), 1));
    });
}

std::uint64_t event_rows::count() {
    auto const count = rows_.prepare("SELECT count(*) FROM events");
    rows_.check(sqlite3_step(count.get()));
    return static_cast<std::uint64_t>(sqlite3_column_int64(count.get(), 0));
}

std::uint64_t event_rows::digest_of_all() {
    auto const all = rows_.prepare("SELECT stream, type, data FROM events ORDER BY position");
    digest read;
    rows_.for_each_row(all, [&] { read.add(text_of(all, 0), text_of(all, 1), text_of(all, 2)); });
    return read.value();
}

std::filesystem::path prepared_rows(setting const& given, std::string const& name,
                                    event_maker const& make) {
    return prepared_folder(given, name, [&](std::filesystem::path const& folder) {
        event_rows rows{folder, synchronous::normal};
        rows.insert(make, 0, given.events, 10'000);
        rows.rows().run("PRAGMA wal_checkpoint(TRUNCATE)");
    });
}

} // namespace swarmlog::perf
