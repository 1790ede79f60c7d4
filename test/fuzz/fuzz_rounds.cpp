#include "fuzz/fuzz_rounds.hpp"

#include "fuzz/fuzz_targets.hpp"
#include "fuzz/mutation.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace swarmlog::test {

void fuzz_everything(std::uint64_t seed, std::uint64_t rounds) {
    for (fuzz_target const& each : fuzz_targets()) {
        for (std::string const& valid : each.valid) {
            BOOST_TEST(
                each.entry(reinterpret_cast<std::uint8_t const*>(valid.data()), valid.size()) == 0);
        }
        mutation inputs{seed, each.valid};
        for (std::uint64_t round = 0; round < rounds / each.share; ++round) {
            std::string const input = inputs.next();
            each.entry(reinterpret_cast<std::uint8_t const*>(input.data()), input.size());
        }
        BOOST_TEST_MESSAGE(each.name << ": " << rounds / each.share << " inputs");
    }
}

} // namespace swarmlog::test
