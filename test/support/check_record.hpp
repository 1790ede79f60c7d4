#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace swarmlog::test {

/// What a check did, for those who read results without reading logs: one JSON object in
/// $SWARMLOG_BIN_DIR/checks/<check>.json, in the place of the one before.
///
///     check_record record{"crash_states"};
///     ...
///     record.count(states).violations(found).seeds(1).write();
///
/// The seconds are those since it was made. `check` names a file: letters, digits and `_`.
class check_record {
public:
    explicit check_record(std::string check) : check_(std::move(check)) {}

    /// Cases tried: states, operations, points, texts.
    check_record& count(std::uint64_t cases) { return count_ = cases, *this; }
    /// Cases in which a promise was broken.
    check_record& violations(std::uint64_t cases) { return violations_ = cases, *this; }
    /// How many different seeds the cases came from.
    check_record& seeds(std::uint64_t number) { return seeds_ = number, *this; }

    /// Throws when the file cannot be written.
    void write() const {
        char const* const folder = std::getenv("SWARMLOG_BIN_DIR");
        if (folder == nullptr) { throw std::runtime_error{"SWARMLOG_BIN_DIR is not set"}; }
        auto const path = std::filesystem::path{folder} / "checks" / (check_ + ".json");
        std::filesystem::create_directories(path.parent_path());
        std::chrono::duration<double> const spent = std::chrono::steady_clock::now() - begun_;
        std::ofstream file{path};
        file << R"({"check":")" << check_ << R"(","count":)" << count_ << R"(,"violations":)"
             << violations_ << R"(,"seeds":)" << seeds_ << R"(,"seconds":)" << spent.count()
             << "}\n";
        if (!file.flush()) { throw std::runtime_error{"cannot write " + path.string()}; }
    }

private:
    std::string check_;
    std::uint64_t count_ = 0;
    std::uint64_t violations_ = 0;
    std::uint64_t seeds_ = 0;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace swarmlog::test
