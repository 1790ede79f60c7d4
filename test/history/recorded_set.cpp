#include "history/recorded_set.hpp"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace recorded_set {

std::filesystem::path folder() {
    char const* const named = std::getenv("SWARMLOG_HISTORIES");
    return named == nullptr ? std::filesystem::path() : std::filesystem::path(named);
}

boost::test_tools::assertion_result is_there(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result answer(std::filesystem::exists(folder() / "gastown"));
    answer.message() << "SWARMLOG_HISTORIES names no folder of recorded histories";
    return answer;
}

boost::json::value expected_counts() {
    std::ifstream file(folder() / "expected_counts.json", std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return boost::json::parse(text);
}

std::vector<std::string> event_logs() {
    return {"needle-beads/ARMOR",       "needle-beads/TUNNEL",     "needle-beads/bead-rs",
            "needle-beads/commitgraph", "needle-beads/mta-my-way", "needle-beads/screenferry",
            "needle-beads/spaxel",      "gastown/events.jsonl"};
}

std::filesystem::path file_of(std::string const& log) {
    std::filesystem::path const path = folder() / log;
    return path.extension() == ".jsonl" ? path : path / "events.jsonl";
}

} // namespace recorded_set

std::vector<swarmlog::history_event> read_all(swarmlog::history_source& source) {
    std::vector<swarmlog::history_event> events;
    for (;;) {
        auto next = source.next();
        BOOST_REQUIRE_MESSAGE(next, next.error().message());
        if (!*next) return events;
        events.push_back(std::move(**next));
    }
}

swarmlog::history_observer reports::observer() {
    return {.rejected =
                [this](swarmlog::history_place const& place, std::string const& reason) {
                    std::string const name = std::filesystem::path(*place.file).filename().string();
                    rejected.push_back(name + ":" + std::to_string(place.line) + ": " + reason);
                },
            .skipped =
                [this](std::string const& file, std::string const&) {
                    skipped.push_back(std::filesystem::path(file).filename().string());
                }};
}
