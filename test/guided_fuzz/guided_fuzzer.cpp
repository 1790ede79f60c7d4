// libFuzzer at one of the entry points of test/fuzz/, which $SWARMLOG_FUZZ_TARGET names: it keeps
// the inputs that reach new code and mutates them further. Begins with the valid inputs, in the
// folder corpus-<target> of the working folder, where it also puts what it finds.
//
//   SWARMLOG_FUZZ_INPUTS   how many inputs a target that costs little gets; 200,000 unless said

#include "fuzz/fuzz_targets.hpp"
#include "support/check_record.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace swarmlog::test;

constexpr std::uint64_t usual_inputs = 200'000;

std::string from_environment(char const* name) {
    char const* const value = std::getenv(name);
    return value == nullptr ? std::string{} : value;
}

fuzz_target chosen_target() {
    std::string const name = from_environment("SWARMLOG_FUZZ_TARGET");
    std::vector<fuzz_target> const all = fuzz_targets();
    auto const found = std::find_if(all.begin(), all.end(),
                                    [&](fuzz_target const& each) { return each.name == name; });
    if (found == all.end()) { throw std::runtime_error{"there is no target \"" + name + '"'}; }
    return *found;
}

fuzz_target const& target() {
    static fuzz_target const chosen = chosen_target();
    return chosen;
}

std::uint64_t inputs = 0;

/// Runs when libFuzzer has come to its end; after a violation it does not.
void write_record() {
    static check_record record{std::string{"guided_fuzz_"} + target().name};
    if (inputs != 0) { record.count(inputs).violations(0).seeds(1).write(); }
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int* argument_count, char*** arguments) {
    std::string const folder = std::string{"corpus-"} + target().name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    std::size_t bytes_max = 4'096;
    for (std::size_t each = 0; each != target().valid.size(); ++each) {
        std::string const& input = target().valid[each];
        std::ofstream{std::filesystem::path{folder} / ("valid-" + std::to_string(each))} << input;
        bytes_max = std::max(bytes_max, 2 * input.size());
    }
    std::string const asked = from_environment("SWARMLOG_FUZZ_INPUTS");
    std::uint64_t const usual = asked.empty() ? usual_inputs : std::stoull(asked);

    // libFuzzer reads its arguments after this, and keeps pointers to them.
    static std::vector<std::string> texts(*arguments, *arguments + *argument_count);
    texts.push_back("-runs=" + std::to_string(usual / target().share));
    texts.push_back("-max_len=" + std::to_string(bytes_max));
    texts.push_back(std::string{"-artifact_prefix="} + target().name + '-');
    if (asked.empty()) { texts.push_back("-seed=1"); } // the quick form is the same everywhere
    texts.push_back(folder);
    static std::vector<char*> pointers;
    for (std::string& each : texts) { pointers.push_back(each.data()); }
    pointers.push_back(nullptr);
    *argument_count = static_cast<int>(texts.size());
    *arguments = pointers.data();
    write_record(); // makes the record first, so that it measures from here
    return std::atexit(write_record);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    ++inputs;
    return target().entry(data, size);
}
