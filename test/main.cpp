// The entry point of every test program. Gives the environment that ctest would give to a
// program that is started by hand, so that one case can be run under a debugger.
#define BOOST_TEST_MODULE swarmlog
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string_view>

namespace {

void set_default(char const* name, std::string_view value) {
    constexpr int keep_existing = 0;
    if (!value.empty()) { ::setenv(name, value.data(), keep_existing); }
}

struct environment {
    environment() {
        set_default("SWARMLOG_BIN_DIR", SWARMLOG_BIN_DIR);
        set_default("SWARMLOG_CLI", SWARMLOG_CLI);
        set_default("SWARMLOG_HISTORIES", SWARMLOG_HISTORIES);
    }
};

BOOST_TEST_GLOBAL_FIXTURE(environment);

} // namespace
