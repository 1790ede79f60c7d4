#pragma once

#include "workload.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace swarmlog::perf {

/// A folder with what a contestant only reads, made by `make(folder)` the first time that it is
/// asked for with this many events, and the same for all rounds after that.
template <class Make>
[[nodiscard]] std::filesystem::path prepared_folder(setting const& given, std::string const& name,
                                                    Make const& make) {
    auto folder = given.kept / (name + '-' + std::to_string(given.events));
    // The mark is made last: what was left by a failure is not taken for the whole.
    auto const mark = folder / "prepared";
    if (!std::filesystem::exists(mark)) {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        make(folder);
        std::ofstream{mark} << name;
    }
    return folder;
}

} // namespace swarmlog::perf
