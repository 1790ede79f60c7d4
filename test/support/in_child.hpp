#pragma once

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

namespace swarmlog::test {

/// Runs `body` in a forked child and answers what it returned; the child ends without any
/// destructor of the parent's.
template <class Body>
[[nodiscard]] int in_child(Body body) {
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) { ::_exit(body()); }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1'000 + status;
}

} // namespace swarmlog::test
