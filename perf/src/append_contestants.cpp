#include "append_contestants.hpp"

#include "latencies.hpp"
#include "stopwatch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace swarmlog::perf {

namespace {

/// Appends events `first`, `first + step`, …, `per_batch` of them in one request.
void append_share(event_log& log, event_maker const& make, std::uint64_t first, std::uint64_t step,
                  std::uint64_t end, std::uint64_t per_batch, latencies& taken) {
    producer events = log.make_producer();
    sample_event event;
    for (std::uint64_t number = first; number < end;) {
        auto const began = latencies::clock::now();
        append_request batch = events.new_append();
        for (std::uint64_t each = 0; each != per_batch && number < end; ++each, number += step) {
            make(number, event);
            batch.add(event.stream, raw_event{event.type, event.data}, details_of(event));
        }
        static_cast<void>(events.append(std::move(batch)).value());
        taken.add(latencies::clock::now() - began);
    }
}

/// What the crate's regression reads at the end: all of the last hour, in order. Producers overtake
/// each other, but each one's events stand in the order that it sent them.
void expect_last_hour(event_log const& log, event_maker const& make, std::uint64_t events,
                      unsigned producer_count) {
    std::vector<std::uint64_t> next_of_producer(producer_count);
    std::iota(next_of_producer.begin(), next_of_producer.end(), 0U);
    sample_event made;
    position last;
    auto const an_hour_ago = std::chrono::system_clock::now() - std::chrono::hours{1};
    for (event_view const& event : log.read().after(timestamp{an_hour_ago})) {
        if (event.position != last.next()) { throw std::runtime_error{"positions have a gap"}; }
        last = event.position;
        auto const sender = std::find_if(next_of_producer.begin(), next_of_producer.end(),
                                         [&](std::uint64_t number) {
                                             make(number, made);
                                             return event.stream == std::string_view{made.stream} &&
                                                    event.type == std::string_view{made.type} &&
                                                    event.data == std::string_view{made.data};
                                         });
        if (sender == next_of_producer.end()) {
            throw std::runtime_error{"event " + std::to_string(last.value) +
                                     " is not the next one of any producer"};
        }
        *sender += producer_count;
    }
    if (last.value != events) { throw std::runtime_error{"events of the last hour are missing"}; }
}

boost::asio::awaitable<void> append_in_turn(producer& events, event_maker const& make,
                                            std::uint64_t& next, std::uint64_t end,
                                            latencies& taken) {
    sample_event event;
    while (next < end) {
        auto const began = latencies::clock::now();
        make(next++, event);
        auto const answer = co_await events.async_append(event.stream.str(), expected::any{},
                                                         raw_event{event.type, event.data},
                                                         boost::asio::use_awaitable);
        static_cast<void>(answer.value());
        taken.add(latencies::clock::now() - began);
    }
}

} // namespace

contestant append_pipelined(event_maker make, log_place place, unsigned producer_count) {
    return [make = std::move(make), place, producer_count](setting const& given) {
        event_log log = open_log(place, given.folder);
        stopwatch const watch;
        submit_all(log, make, 0, given.events, producer_count);
        sample taken = watch.stop(static_cast<double>(given.events));
        taken.digest = expect_content(log, make, given.events, producer_count == 1);
        return taken;
    };
}

contestant append_batches(event_maker make, log_place place, unsigned producer_count,
                          std::uint64_t per_batch) {
    return [make = std::move(make), place, producer_count, per_batch](setting const& given) {
        event_log log = open_log(place, given.folder);
        std::vector<latencies> times(producer_count);
        stopwatch const watch;
        {
            std::vector<std::jthread> others;
            for (unsigned each = 0; each != producer_count; ++each) {
                others.emplace_back([&, each] {
                    append_share(log, make, each, producer_count, given.events, per_batch,
                                 times[each]);
                });
            }
        }
        sample taken = watch.stop(static_cast<double>(given.events));
        for (latencies const& each : times) { times.front().merge(each); }
        times.front().report(taken);
        expect_last_hour(log, make, given.events, producer_count);
        taken.digest = expect_content(log, make, given.events, producer_count == 1);
        return taken;
    };
}

contestant append_concurrent(event_maker make, log_place place, unsigned in_flight) {
    return [make = std::move(make), place, in_flight](setting const& given) {
        event_log log = open_log(place, given.folder);
        producer events = log.make_producer();
        boost::asio::io_context context;
        std::uint64_t next = 0;
        latencies times; // of all coroutines, which run on this thread
        stopwatch const watch;
        for (unsigned each = 0; each != in_flight; ++each) {
            boost::asio::co_spawn(context, append_in_turn(events, make, next, given.events, times),
                                  [](std::exception_ptr failure) {
                                      if (failure) { std::rethrow_exception(failure); }
                                  });
        }
        context.run();
        sample taken = watch.stop(static_cast<double>(given.events));
        times.report(taken);
        taken.digest = expect_content(log, make, given.events, true);
        return taken;
    };
}

contestant append_and_deliver(event_maker make, log_place place) {
    return [make = std::move(make), place](setting const& given) {
        event_log log = open_log(place, given.folder);
        subscription live = log.subscribe().value();
        std::vector<latencies::clock::time_point> called(given.events);
        std::vector<latencies::clock::time_point> delivered;
        delivered.reserve(given.events);
        stopwatch const watch;
        {
            std::jthread const subscriber{[&] {
                while (delivered.size() != given.events && live.next(std::chrono::seconds{10})) {
                    delivered.push_back(latencies::clock::now());
                }
            }};
            producer events = log.make_producer();
            sample_event event;
            for (std::uint64_t number = 0; number != given.events; ++number) {
                make(number, event);
                called[number] = latencies::clock::now();
                static_cast<void>(
                    events.append(event.stream, expected::any{}, raw_event{event.type, event.data})
                        .value());
            }
        }
        sample taken = watch.stop(static_cast<double>(given.events));
        if (delivered.size() != given.events) {
            throw std::runtime_error{"the subscriber did not get every event"};
        }
        latencies times;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            times.add(delivered[number] - called[number]);
        }
        times.report(taken);
        taken.digest = expect_content(log, make, given.events, true);
        return taken;
    };
}

} // namespace swarmlog::perf
