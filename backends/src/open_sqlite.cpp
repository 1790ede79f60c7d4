#include <swarmlog/backends/open_sqlite.hpp>

#include <utility>

namespace swarmlog {

result<event_log> open_sqlite(std::filesystem::path const& path, sqlite_log_options options) {
    if (auto const valid = check_options(options); !valid) { return valid.error(); }
    auto store = open_sqlite_store(path, options.store);
    if (!store) { return store.error(); }
    return event_log::open(std::move(*store), std::move(options));
}

result<event_log> open_sqlite_read_only(std::filesystem::path const& path,
                                        sqlite_log_options options) {
    auto store = open_sqlite_store_read_only(path, options.store);
    if (!store) { return store.error(); }
    return event_log::open(std::move(*store), std::move(options));
}

} // namespace swarmlog
