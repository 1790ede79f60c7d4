#include "log_place.hpp"

#include "digest.hpp"

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace swarmlog::perf {

namespace {

/// Submits events `first`, `first + step`, … and waits until all are durable.
void submit_share(event_log& log, event_maker const& make, std::uint64_t first, std::uint64_t step,
                  std::uint64_t end) {
    producer events = log.make_producer();
    sample_event event;
    for (std::uint64_t number = first; number < end; number += step) {
        make(number, event);
        events
            .submit(event.stream, expected::any{}, raw_event{event.type, event.data},
                    details_of(event))
            .value();
    }
    flush_summary const summary = events.flush();
    if (summary.rejected != 0) { throw std::runtime_error{summary.first_failure.message()}; }
}

} // namespace

event_log open_log(log_place place, std::filesystem::path const& folder) {
    if (place.in_memory) { return open_memory().value(); }
    sqlite_log_options options;
    options.store.mode = place.mode;
    return open_sqlite(folder / "swarm.db", options).value();
}

event_details details_of(sample_event const& event) {
    event_details details;
    if (!event.tag.str().empty()) { details.tags.push_back(event.tag); }
    return details;
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

std::uint64_t expect_content(event_log const& log, event_maker const& make, std::uint64_t events,
                             bool in_order) {
    digest made;
    digest stored;
    sample_event event;
    for (event_view const& view : log.read()) {
        make(stored.entries(), event);
        if (in_order && (view.data != std::string_view{event.data} ||
                         view.stream != std::string_view{event.stream} ||
                         view.type != std::string_view{event.type})) {
            throw std::runtime_error{"event " + std::to_string(stored.entries()) +
                                     " is not what went in"};
        }
        made.add(event.stream, event.type, event.data);
        stored.add(view.stream, view.type, view.data);
    }
    if (stored.entries() != events || stored.value() != made.value()) {
        throw std::runtime_error{"the log holds " + std::to_string(stored.entries()) +
                                 " events, and not the " + std::to_string(events) +
                                 " that were sent"};
    }
    return stored.value();
}

} // namespace swarmlog::perf
