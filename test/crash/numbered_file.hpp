#pragma once

#include "crash/numbered_append.hpp"
#include "support/expect_result.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace swarmlog::test {

/// Small runs, small records, a short write-ahead log, and nobody but the test who drives it.
[[nodiscard]] inline sqlite_log_options small_options() {
    sqlite_log_options options;
    options.drive = writer_drive::by_hand;
    options.index_tail_events = 8;
    options.record_bytes = 1; // a record for each append
    options.record_cache_bytes = 0;
    options.store.wal_bytes_max = 64 * 1024;
    options.store.page_bytes = 4096;
    return options;
}

[[nodiscard]] inline result<receipt> append_number(producer& source, std::uint64_t number) {
    append_request request = source.new_append();
    numbered_append{number}.add_to(request);
    return source.append(std::move(request));
}

/// Appends the numbers `first` to `last`, one at a time.
inline void append_numbers(event_log& log, std::uint64_t first, std::uint64_t last) {
    auto source = log.make_producer();
    for (std::uint64_t number = first; number <= last; ++number) {
        static_cast<void>(must(append_number(source, number)));
    }
}

/// What a killed process would leave of a log that is open and idle, in another place.
inline void copy_as_killed(std::filesystem::path const& from, std::filesystem::path const& to) {
    namespace fs = std::filesystem;
    for (char const* const suffix : {"", "-wal", ".lock"}) {
        fs::remove(to.string() + suffix);
        if (fs::exists(from.string() + suffix)) {
            fs::copy_file(from.string() + suffix, to.string() + suffix);
        }
    }
    fs::remove(to.string() + "-shm");
}

} // namespace swarmlog::test
