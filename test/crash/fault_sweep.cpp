#include "crash/fault_sweep.hpp"

#include "crash/allocation_fault.hpp"
#include "crash/swept_log.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace swarmlog::test {

namespace {

/// More would tell no more.
constexpr std::uint64_t swept_violations_max = 50;

std::vector<fault_point> all_points(swept_log& log) {
    std::vector<fault_point> points;
    for (std::size_t during = 0; during != operation_names.size(); ++during) {
        for (std::size_t kind = 0; kind != fault_names.size(); ++kind) {
            fault_point point{static_cast<operation>(during), static_cast<fault>(kind)};
            std::string const problem = log.run(point);
            BOOST_REQUIRE_MESSAGE(problem.empty(), name_of(point) << ": " << problem);
            for (std::uint64_t const calls = log.calls(); point.nth != calls;) {
                ++point.nth;
                point.is_killed = point.nth % 2 == 0;
                point.and_all_later = false;
                points.push_back(point);
                point.and_all_later = true;
                point.is_killed = !point.is_killed;
                points.push_back(point);
            }
        }
    }
    return points;
}

} // namespace

swept_faults sweep_faults(std::uint64_t seed, std::uint64_t logs, std::uint64_t points_max,
                          std::string_view only) {
    allocation_fault::install_in_sqlite();
    memory_vfs memory{"swept-memory"};
    fault_vfs faults{"swept", memory.name()};
    swept_faults swept;
    for (; swept.logs != logs && swept.violations < swept_violations_max; ++swept.logs) {
        swept_log log{memory, faults, log_shape{seed + swept.logs}};
        auto points = all_points(log);
        std::erase_if(points, [&](auto const& point) { return !name_of(point).starts_with(only); });
        swept.points_in_all += points.size();
        std::uint64_t const due = points_max * (swept.logs + 1) / logs - swept.points;
        std::uint64_t const count = std::min<std::uint64_t>(points.size(), due);
        for (std::uint64_t each = 0; each != count; ++each) {
            auto const& point = points[(seed + each * points.size() / count) % points.size()];
            std::string const problem = log.run(point);
            if (problem.empty()) { continue; }
            ++swept.violations;
            BOOST_ERROR("log " << seed + swept.logs << ", " << name_of(point) << ": " << problem);
        }
        swept.points += count;
    }
    return swept;
}

} // namespace swarmlog::test
