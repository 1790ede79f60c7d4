// Goes on with the numbered appends where the log ends, until it is killed, and says on standard
// output what was acknowledged:
//
//     appending_program <file> <durable|relaxed> <single|pipelined|decided> <count>
//
//     opening | opened <head> <lost events> | ack <number> <first> <last> | done
//     failed <category value> <message>, with exit code 1
//
// Index runs are tiny and the write-ahead log is as short as it can be, so that flushes, merges
// and checkpoints are under way at any moment.
#include "crash/numbered_append.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <cstdlib>
#include <deque>
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

void acknowledge(std::uint64_t number, receipt const& answer) {
    std::cout << "ack " << number << ' ' << answer.first.value << ' ' << answer.last.value
              << std::endl;
}

/// The number after the one that the newest event names.
result<std::uint64_t> next_number(event_log const& log) {
    auto const newest = log.read().backwards().first();
    if (!newest) { return newest.error(); }
    if (!*newest) { return 1; }
    std::string const data{(*newest)->data};
    return std::strtoull(data.c_str() + std::string_view{R"({"append":)"}.size(), nullptr, 10) + 1;
}

append_request request_for(producer const& source, std::uint64_t number) {
    append_request request = source.new_append();
    numbered_append{number}.add_to(request);
    return request;
}

int append_singly(event_log& log, std::uint64_t first, std::uint64_t end) {
    auto source = log.make_producer();
    for (std::uint64_t number = first; number != end; ++number) {
        auto const answer = source.append(request_for(source, number));
        if (!answer) { return fail(answer.error()); }
        acknowledge(number, *answer);
    }
    return 0;
}

int append_decided(event_log& log, std::uint64_t first, std::uint64_t end) {
    auto source = log.make_producer();
    for (std::uint64_t number = first; number != end; ++number) {
        bool const has_key = !numbered_append{number}.idempotency_key().empty();
        auto const answer =
            has_key ? source.append(request_for(source, number)) : log.decide([&](decision& now) {
                append_request request = now.new_append();
                numbered_append{number}.add_to(request);
                return now.append(std::move(request));
            });
        if (!answer) { return fail(answer.error()); }
        acknowledge(number, *answer);
    }
    return 0;
}

int append_pipelined(event_log& log, std::uint64_t first, std::uint64_t end) {
    constexpr std::size_t window = 32;
    auto source = log.make_producer();
    std::deque<std::pair<std::uint64_t, pending_append>> pending;
    std::uint64_t number = first;
    while (number != end || !pending.empty()) {
        while (number != end && pending.size() < window) {
            auto queued = source.try_append(request_for(source, number));
            if (!queued) { return fail(queued.error()); }
            pending.emplace_back(number++, std::move(*queued));
        }
        auto const answer = pending.front().second.get();
        if (!answer) { return fail(answer.error()); }
        acknowledge(pending.front().first, *answer);
        pending.pop_front();
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 5) { return 2; }
    std::string_view const style = argv[3];
    std::uint64_t const count = std::strtoull(argv[4], nullptr, 10);

    sqlite_log_options options;
    options.store.mode =
        std::string_view{argv[2]} == "relaxed" ? durability::relaxed : durability::durable;
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
    std::uint64_t const end = *first + count;
    int const code = style == "pipelined" ? append_pipelined(*log, *first, end)
                     : style == "decided" ? append_decided(*log, *first, end)
                                          : append_singly(*log, *first, end);
    if (code != 0) { return code; }
    if (auto const closed = log->close(); !closed) { return fail(closed.error()); }
    std::cout << "done" << std::endl;
    return 0;
}
