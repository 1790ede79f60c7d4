#pragma once

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

/// Of Clang's profile runtime; null in a program that does not record its branches.
extern "C" [[gnu::weak]] int __llvm_profile_write_file(); // NOLINT(bugprone-reserved-identifier)

namespace swarmlog::test {

/// Ends a forked child without any destructor of the parent's. The branches that it has taken
/// count like the parent's, which are recorded at a program's usual end alone.
[[noreturn]] inline void leave_child(int verdict) {
    if (__llvm_profile_write_file != nullptr) { __llvm_profile_write_file(); }
    ::_exit(verdict);
}

/// Runs `body` in a forked child and answers what it returned; the child ends without any
/// destructor of the parent's.
template <class Body>
[[nodiscard]] int in_child(Body body) {
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) { leave_child(body()); }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1'000 + status;
}

} // namespace swarmlog::test
