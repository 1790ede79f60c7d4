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

/// Adds what was timed at one size.
void add_window(sample& whole, std::uint64_t divisor, sample const& taken) {
    whole.figures["rate_" + std::to_string(divisor)] = taken.units / taken.seconds;
    whole.units += taken.units;
    whole.seconds += taken.seconds;
    whole.cpu_seconds += taken.cpu_seconds;
}

} // namespace

contestant grow_log(event_maker make, std::vector<std::uint64_t> divisors) {
    return [make = std::move(make), divisors = std::move(divisors)](setting const& given) {
        double const resident_before = resident_bytes();
        event_log log = open_log({}, given.folder);
        std::uint64_t const window = std::min(window_events_max, given.events / divisors.front());
        std::uint64_t held = 0;
        sample whole;
        for (std::uint64_t const divisor : divisors) {
            std::uint64_t const size = std::max(held, given.events / divisor);
            submit_all(log, make, held, size);
            std::string const name = std::to_string(divisor);
            // Never nothing: it is divided by.
            whole.figures["memory_" + name] =
                std::max(0.1, (resident_bytes() - resident_before) / 1e6);
            log.checkpoint().value();
            whole.figures["bytes_" + name] =
                static_cast<double>(std::filesystem::file_size(given.folder / "swarm.db")) /
                static_cast<double>(size);
            held = size + window;
            stopwatch const watch;
            submit_all(log, make, size, held);
            add_window(whole, divisor, watch.stop(static_cast<double>(window)));
        }
        static_cast<void>(expect_content(log, make, held, true));
        whole.digest = given.events; // the baseline appends to tables of other sizes
        return whole;
    };
}

contestant grow_rows(std::string table_name, event_maker make,
                     std::vector<std::uint64_t> divisors) {
    return [table_name = std::move(table_name), make = std::move(make),
            divisors = std::move(divisors)](setting const& given) {
        constexpr std::uint64_t window = 10'000;
        sample whole;
        for (std::uint64_t const divisor : divisors) {
            setting held = given;
            held.events /= divisor;
            auto const made = prepared_rows(held, table_name, make);
            std::filesystem::copy_file(made / "rows.db", given.folder / "rows.db",
                                       std::filesystem::copy_options::overwrite_existing);
            ::sync();
            event_rows rows{given.folder, synchronous::full};
            rows.load_versions();
            stopwatch const watch;
            rows.insert(make, held.events, held.events + window, 1'000);
            add_window(whole, divisor, watch.stop(static_cast<double>(window)));
            if (rows.count() != held.events + window) {
                throw std::runtime_error{"the baseline lost rows"};
            }
        }
        whole.digest = given.events;
        return whole;
    };
}

} // namespace swarmlog::perf
