#pragma once

#include "history/history_source.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// The set of real histories that SWARMLOG_HISTORIES names. It is not part of the repository.
namespace recorded_set {

/// Skips a case, and says so, when the set is not there.
[[nodiscard]] boost::test_tools::assertion_result is_there(boost::unit_test::test_unit_id);

[[nodiscard]] std::filesystem::path folder();

/// `expected_counts.json`: counted independently of this project.
[[nodiscard]] boost::json::value expected_counts();

/// The needle-beads logs and the gastown log, by their names in `expected_counts`.
[[nodiscard]] std::vector<std::string> event_logs();
[[nodiscard]] std::filesystem::path file_of(std::string const& log);

} // namespace recorded_set

/// All events of a source. Fails the test when the source does.
[[nodiscard]] std::vector<swarmlog::history_event> read_all(swarmlog::history_source& source);

/// What a source reported, in order: `file:line: reason`, without the folders.
struct reports {
    std::vector<std::string> rejected;
    std::vector<std::string> skipped;
    [[nodiscard]] swarmlog::history_observer observer();
};
