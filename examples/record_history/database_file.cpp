#include "database_file.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using namespace swarmlog;

constexpr std::string_view mark = "record_history";

result<bool> is_recording(event_log& log) {
    if (log.head() == position()) return true;
    result<std::vector<stored_checkpoint>> const consumers = log.consumers();
    if (!consumers) return consumers.error();
    return std::any_of(consumers->begin(), consumers->end(),
                       [](stored_checkpoint const& each) { return each.name == mark; });
}

} // namespace

result<void> make_way(std::filesystem::path const& path) {
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown)) return {};
    // Opening for writing also makes sure that nobody else is writing to it.
    result<event_log> log = open_sqlite(path);
    if (!log) return log.error();
    result<bool> const ours = is_recording(*log);
    if (!ours) return ours.error();
    if (!*ours) {
        return error(errc::invalid_argument,
                     path.string() +
                         " is a log that this program did not record: choose another "
                         "file with --database");
    }
    if (result<void> closed = log->close(); !closed) return closed;
    // The lock file stays: who holds it open must not find another one in its place.
    for (std::string_view const suffix : {"", "-wal", "-shm"}) {
        std::error_code failure;
        std::filesystem::remove(path.string() + std::string(suffix), failure);
        if (failure) return error(errc::io_error, path.string() + ": " + failure.message());
    }
    return {};
}

result<void> mark_recording(event_log& log) {
    result<consumer> marking = log.open_consumer(mark);
    if (!marking) return marking.error();
    return marking->acknowledge(position());
}
