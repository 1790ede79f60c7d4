#include "log_contestants.hpp"

#include "stopwatch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace swarmlog::perf {

namespace {

event_log open(log_place place, std::filesystem::path const& folder) {
    if (place.in_memory) { return open_memory().value(); }
    sqlite_log_options options;
    options.store.mode = place.mode;
    return open_sqlite(folder / "swarm.db", options).value();
}

/// Submits events `first`, `first + step`, … and waits until all are durable.
void submit_share(event_log& log, event_maker const& make, std::uint64_t first, std::uint64_t step,
                  std::uint64_t end) {
    producer events = log.make_producer();
    sample_event event;
    for (std::uint64_t number = first; number < end; number += step) {
        make(number, event);
        events.submit(event.stream, expected::any{}, raw_event{event.type, event.data}).value();
    }
    flush_summary const summary = events.flush();
    if (summary.rejected != 0) { throw std::runtime_error{summary.first_failure.message()}; }
}

void submit_all(event_log& log, event_maker const& make, std::uint64_t first, std::uint64_t end,
                unsigned producer_count) {
    std::vector<std::jthread> others;
    for (unsigned each = 1; each < producer_count; ++each) {
        others.emplace_back(
            [&, each] { submit_share(log, make, first + each, producer_count, end); });
    }
    submit_share(log, make, first, producer_count, end);
}

/// Every event is there, in an order that is right, with the bytes that went in.
void check_content(event_log& log, event_maker const& make, std::uint64_t events, bool in_order) {
    std::uint64_t seen = 0;
    std::uint64_t bytes = 0;
    std::uint64_t bytes_expected = 0;
    sample_event event;
    for (event_view const& stored : log.read()) {
        make(seen, event);
        if (in_order && (stored.data != std::string_view{event.data} ||
                         stored.stream != std::string_view{event.stream} ||
                         stored.type != std::string_view{event.type})) {
            throw std::runtime_error{"event " + std::to_string(seen) + " is not what went in"};
        }
        bytes += stored.data.size();
        bytes_expected += std::string_view{event.data}.size();
        ++seen;
    }
    if (seen != events || bytes != bytes_expected) {
        throw std::runtime_error{"the log holds " + std::to_string(seen) + " events of " +
                                 std::to_string(events)};
    }
}

std::uint64_t multiple_of(std::uint64_t events, double times) {
    return static_cast<std::uint64_t>(static_cast<double>(events) * times);
}

boost::asio::awaitable<void> append_in_turn(producer& events, event_maker const& make,
                                            std::uint64_t& next, std::uint64_t end) {
    sample_event event;
    while (next < end) {
        make(next++, event);
        auto const answer = co_await events.async_append(event.stream.str(), expected::any{},
                                                         raw_event{event.type, event.data},
                                                         boost::asio::use_awaitable);
        static_cast<void>(answer.value());
    }
}

} // namespace

contestant append_pipelined(event_maker make, log_place place, unsigned producer_count) {
    return [make = std::move(make), place, producer_count](setting const& given) {
        event_log log = open(place, given.folder);
        stopwatch const watch;
        submit_all(log, make, 0, given.events, producer_count);
        sample const taken = watch.stop(static_cast<double>(given.events));
        check_content(log, make, given.events, producer_count == 1);
        return taken;
    };
}

contestant append_acked(event_maker make, log_place place) {
    return [make = std::move(make), place](setting const& given) {
        event_log log = open(place, given.folder);
        sample_event event;
        stopwatch const watch;
        {
            producer events = log.make_producer();
            for (std::uint64_t number = 0; number != given.events; ++number) {
                make(number, event);
                static_cast<void>(
                    events.append(event.stream, expected::any{}, raw_event{event.type, event.data})
                        .value());
            }
        }
        sample const taken = watch.stop(static_cast<double>(given.events));
        check_content(log, make, given.events, true);
        return taken;
    };
}

contestant append_concurrent(event_maker make, log_place place, unsigned in_flight) {
    return [make = std::move(make), place, in_flight](setting const& given) {
        event_log log = open(place, given.folder);
        producer events = log.make_producer();
        boost::asio::io_context context;
        std::uint64_t next = 0;
        stopwatch const watch;
        for (unsigned each = 0; each != in_flight; ++each) {
            boost::asio::co_spawn(context, append_in_turn(events, make, next, given.events),
                                  [](std::exception_ptr failure) {
                                      if (failure) { std::rethrow_exception(failure); }
                                  });
        }
        context.run();
        sample const taken = watch.stop(static_cast<double>(given.events));
        check_content(log, make, given.events, true);
        return taken;
    };
}

contestant read_all(event_maker make, log_place place) {
    return [make = std::move(make), place](setting const& given) {
        event_log log = open(place, given.folder);
        submit_all(log, make, 0, given.events, 1);
        check_content(log, make, given.events, true);
        stopwatch const watch;
        std::uint64_t seen = 0;
        std::uint64_t touched = 0;
        for (event_view const& event : log.read()) {
            ++seen;
            touched += event.version.value + event.data.size() + event.type.size() +
                       event.stream.size() + static_cast<std::uint64_t>(event.data[0]);
        }
        sample const taken = watch.stop(static_cast<double>(seen));
        if (touched == 0) { throw std::runtime_error{"nothing was read"}; }
        return taken;
    };
}

contestant read_streams(event_maker make, log_place place, std::uint64_t stream_count,
                        std::uint64_t reads) {
    return [make = std::move(make), place, stream_count, reads](setting const& given) {
        event_log log = open(place, given.folder);
        submit_all(log, make, 0, given.events, 1);
        stopwatch const watch;
        std::uint64_t seen = 0;
        text_builder stream;
        for (std::uint64_t read = 0; read != reads; ++read) {
            stream.clear() << "task-" << read * 104'729 % stream_count;
            version last;
            for (event_view const& event : log.read().stream(stream).limit(100)) {
                if (event.version != last.next()) {
                    throw std::runtime_error{"a stream's versions have a gap"};
                }
                last = event.version;
                ++seen;
            }
        }
        sample const taken = watch.stop(static_cast<double>(reads));
        if (seen == 0) { throw std::runtime_error{"no stream was found"}; }
        return taken;
    };
}

contestant append_at_size(event_maker make, log_place place, double times) {
    return [make = std::move(make), place, times](setting const& given) {
        std::uint64_t const events_before = multiple_of(given.events, times);
        event_log log = open(place, given.folder);
        submit_all(log, make, 0, events_before, 1);
        stopwatch const watch;
        submit_all(log, make, events_before, events_before + given.events, 1);
        sample const taken = watch.stop(static_cast<double>(given.events));
        if (log.head().value != events_before + given.events) {
            throw std::runtime_error{"the log lost events"};
        }
        return taken;
    };
}

contestant reopen(event_maker make, double times) {
    return [make = std::move(make), times](setting const& given) {
        std::uint64_t const events = multiple_of(given.events, times);
        {
            event_log log = open({}, given.folder);
            submit_all(log, make, 0, events, 1);
            log.close().value();
        }
        constexpr int openings = 5;
        stopwatch const watch;
        for (int each = 0; each != openings; ++each) {
            event_log const log = open({}, given.folder);
            if (log.head().value != events) { throw std::runtime_error{"the log lost events"}; }
        }
        return watch.stop(openings);
    };
}

} // namespace swarmlog::perf
