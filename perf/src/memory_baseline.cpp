#include "memory_baseline.hpp"

#include "packed_event.hpp"
#include "stopwatch.hpp"

#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace swarmlog::perf {

contestant append_to_deque(event_maker make, unsigned producer_count) {
    return [make = std::move(make), producer_count](setting const& given) {
        std::deque<std::string> events;
        std::mutex lock;
        auto const append_share = [&](std::uint64_t first) {
            sample_event event;
            for (std::uint64_t number = first; number < given.events; number += producer_count) {
                make(number, event);
                std::string packed;
                pack_event(event, packed);
                std::unique_lock guard{lock, std::defer_lock};
                if (producer_count > 1) { guard.lock(); }
                events.push_back(std::move(packed));
            }
        };
        stopwatch const watch;
        {
            std::vector<std::jthread> others;
            for (unsigned each = 1; each < producer_count; ++each) {
                others.emplace_back([&, each] { append_share(each); });
            }
            append_share(0);
        }
        sample taken = watch.stop(static_cast<double>(given.events));
        digest read;
        for (std::string const& each : events) { add_packed(read, each); }
        taken.digest = read.value();
        return taken;
    };
}

} // namespace swarmlog::perf
