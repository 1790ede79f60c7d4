// Goes on with the numbered appends where the log ends, until it is killed, and says on standard
// output what was acknowledged:
//
//     appending_program <file> <count>
//
//     opening | opened <head> <lost events> | ack <number> <first> <last> | done
//     failed <category value> <message>, with exit code 1
//
// Index runs are tiny and the write-ahead log is as short as it can be, so that flushes, merges
// and checkpoints are under way at any moment.
#include "crash/numbered_append.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace swarmlog;
using swarmlog::test::numbered_append;

int fail(error const& failure) {
    std::cout << "failed " << failure.code().value() << ' ' << failure.message() << std::endl;
    return 1;
}

/// The number after the one that the newest event names.
result<std::uint64_t> next_number(event_log const& log) {
    auto const newest = log.read().backwards().first();
    if (!newest) { return newest.error(); }
    if (!*newest) { return 1; }
    std::string const data{(*newest)->data};
    return std::strtoull(data.c_str() + std::string_view{R"({"append":)"}.size(), nullptr, 10) + 1;
}

int append(event_log& log, std::uint64_t first, std::uint64_t end) {
    auto source = log.make_producer();
    for (std::uint64_t number = first; number != end; ++number) {
        append_request request = source.new_append();
        numbered_append{number}.add_to(request);
        auto const answer = source.append(std::move(request));
        if (!answer) { return fail(answer.error()); }
        std::cout << "ack " << number << ' ' << answer->first.value << ' ' << answer->last.value
                  << std::endl;
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) { return 2; }
    std::uint64_t const count = std::strtoull(argv[2], nullptr, 10);

    sqlite_log_options options;
    options.store.wal_bytes_max = 64 * 1024;
    options.store.page_bytes = 4096;
    options.index_tail_events = 40;
    options.record_bytes = 2048;
    options.stream_heads_max = 8;

    std::cout << "opening" << std::endl;
    auto log = open_sqlite(argv[1], options);
    if (!log) { return fail(log.error()); }
    std::cout << "opened " << log->head().value << ' ' << log->opened().lost_events << std::endl;
    auto const first = next_number(*log);
    if (!first) { return fail(first.error()); }
    if (int const code = append(*log, *first, *first + count); code != 0) { return code; }
    if (auto const closed = log->close(); !closed) { return fail(closed.error()); }
    std::cout << "done" << std::endl;
    return 0;
}
