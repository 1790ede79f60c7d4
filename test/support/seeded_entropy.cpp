#include "support/seeded_entropy.hpp"

#include <sqlite3.h>

#include <optional>
#include <random>
#include <stdexcept>

namespace swarmlog::test {

namespace {

std::optional<std::mt19937_64>& numbers() {
    static std::optional<std::mt19937_64> seeded;
    return seeded;
}

void seed_sqlite(int seed) {
    // The generator is the process's; with a seed of zero the system is asked again.
    sqlite3* const of_no_connection = nullptr;
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, of_no_connection);
}

} // namespace

seeded_entropy::seeded_entropy(std::uint64_t seed) {
    if (numbers()) { throw std::logic_error{"one seed at a time"}; }
    numbers().emplace(seed);
    constexpr std::uint64_t mask = 0x7fff'fffe;
    seed_sqlite(static_cast<int>((seed & mask) | 1U));
}

seeded_entropy::~seeded_entropy() {
    numbers().reset();
    seed_sqlite(0);
}

} // namespace swarmlog::test

// The linker fixes these names: std::random_device::_M_getval().
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

unsigned __real__ZNSt13random_device9_M_getvalEv(std::random_device* device);

unsigned __wrap__ZNSt13random_device9_M_getvalEv(std::random_device* device) {
    auto& seeded = swarmlog::test::numbers();
    return seeded ? static_cast<unsigned>((*seeded)())
                  : __real__ZNSt13random_device9_M_getvalEv(device);
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
