#include "growth_contestants.hpp"

#include "event_rows.hpp"
#include "stopwatch.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace swarmlog::perf {

namespace {

constexpr std::uint64_t window_events_max = 100'000;

/// This process's memory, without what the allocator merely keeps for later.
double resident_bytes() {
    ::malloc_trim(0);
    std::ifstream statm{"/proc/self/statm"};
    double all_pages = 0;
    double resident_pages = 0;
    statm >> all_pages >> resident_pages;
    return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// Grows by `append(first, end)` and looks at each size: `look(figures, name)`. Takes the time
/// of a window of events that follows the look.
template <class Append, class Look>
sample grow(setting const& given, std::vector<std::uint64_t> const& divisors, Append const& append,
            Look const& look, std::uint64_t& held) {
    std::uint64_t const window = std::min(window_events_max, given.events / divisors.front());
    held = 0;
    sample whole;
    std::map<std::string, double> figures;
    for (std::uint64_t const divisor : divisors) {
        std::uint64_t const size = given.events / divisor;
        if (size > held) {
            append(held, size);
            held = size;
        }
        look(figures, std::to_string(divisor), held);
        stopwatch const watch;
        append(held, held + window);
        sample const taken = watch.stop(static_cast<double>(window));
        held += window;
        figures["rate_" + std::to_string(divisor)] = taken.units / taken.seconds;
        whole.units += taken.units;
        whole.seconds += taken.seconds;
        whole.cpu_seconds += taken.cpu_seconds;
    }
    whole.digest = given.events;
    whole.figures = std::move(figures);
    return whole;
}

} // namespace

contestant grow_log(event_maker make, std::vector<std::uint64_t> divisors) {
    return [make = std::move(make), divisors = std::move(divisors)](setting const& given) {
        double const resident_before = resident_bytes();
        event_log log = open_log({}, given.folder);
        auto const append = [&](std::uint64_t first, std::uint64_t end) {
            submit_all(log, make, first, end);
        };
        auto const look = [&](auto& figures, std::string const& name, std::uint64_t size) {
            figures["memory_" + name] = std::max(0.1, (resident_bytes() - resident_before) / 1e6);
            log.checkpoint().value();
            figures["bytes_" + name] =
                static_cast<double>(std::filesystem::file_size(given.folder / "swarm.db")) /
                static_cast<double>(size);
        };
        std::uint64_t held = 0;
        sample const taken = grow(given, divisors, append, look, held);
        if (log.head().value != held) { throw std::runtime_error{"the log lost events"}; }
        return taken;
    };
}

contestant grow_rows(event_maker make, std::vector<std::uint64_t> divisors) {
    return [make = std::move(make), divisors = std::move(divisors)](setting const& given) {
        event_rows rows{given.folder, synchronous::full};
        auto const append = [&](std::uint64_t first, std::uint64_t end) {
            rows.insert(make, first, end, 10'000);
        };
        auto const look = [](auto const&, std::string const&, std::uint64_t) {};
        std::uint64_t held = 0;
        sample const taken = grow(given, divisors, append, look, held);
        if (rows.count() != held) { throw std::runtime_error{"the baseline lost rows"}; }
        return taken;
    };
}

} // namespace swarmlog::perf
