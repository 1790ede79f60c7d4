#include <swarmlog/backends/sqlite_store.hpp>

#include "sqlite/file_system.hpp"
#include "sqlite/read_only_backend.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/sqlite_backend.hpp"
#include "sqlite/store_file.hpp"

#include <limits>
#include <string>
#include <utility>

namespace swarmlog {

namespace {

error invalid(std::string text) { return {errc::invalid_argument, std::move(text)}; }

result<void> check(sqlite_store_options const& options) {
    constexpr std::uint64_t mebibyte = 1024 * 1024;
    auto const pages = options.page_bytes;
    if (pages < 512 || pages > 65'536 || (pages & (pages - 1)) != 0) {
        return invalid("page_bytes must be a power of two from 512 to 65,536, not " +
                       std::to_string(pages));
    }
    if (options.mode == durability::volatile_memory) {
        return invalid("a store in a file is durable or relaxed; see open_memory_store");
    }
    if (options.readers_max == 0 || options.readers_max > 1024) {
        return invalid("readers_max must be from 1 to 1,024, not " +
                       std::to_string(options.readers_max));
    }
    if (options.wal_bytes_max < 64 * 1024 || options.wal_bytes_max > 1024 * 1024 * mebibyte) {
        return invalid("wal_bytes_max must be from 64 KiB to 1 TiB, not " +
                       std::to_string(options.wal_bytes_max));
    }
    if (options.cache_bytes > 1024 * 1024 * mebibyte) {
        return invalid("cache_bytes must be at most 1 TiB, not " +
                       std::to_string(options.cache_bytes));
    }
    auto const is_wait = [](std::chrono::milliseconds wait) {
        return wait.count() >= 0 && wait.count() <= std::numeric_limits<int>::max();
    };
    if (!is_wait(options.lock_wait_max) || !is_wait(options.reader_wait_max) ||
        !is_wait(options.wal_reader_wait_max) || !is_wait(options.relaxed_sync_interval)) {
        return invalid("a wait must be from 0 to 2,147,483,647 milliseconds");
    }
    return {};
}

/// The absolute path of a store that may be opened where it is.
result<std::string> place_of(std::filesystem::path const& path,
                             sqlite_store_options const& options) {
    if (auto valid = check(options); !valid) return valid.error();
    auto resolved = detail::resolve_store_path(path);
    if (!resolved || options.allow_network_file_system) return resolved;
    auto local = detail::refuse_network(std::filesystem::path{*resolved}.parent_path().string(),
                                        options.network_file_system_of);
    if (!local) return local.error();
    return resolved;
}

} // namespace

result<std::unique_ptr<backend>> open_sqlite_store(std::filesystem::path const& path,
                                                   sqlite_store_options const& options) {
    auto const resolved = place_of(path, options);
    if (!resolved) return resolved.error();
    return detail::sqlite_backend::open(*resolved, options, detail::shipped_schema());
}

result<std::unique_ptr<backend>> open_sqlite_store_read_only(std::filesystem::path const& path,
                                                             sqlite_store_options const& options) {
    auto const resolved = place_of(path, options);
    if (!resolved) return resolved.error();
    return detail::sqlite_read_only_backend::open(*resolved, options);
}

} // namespace swarmlog
