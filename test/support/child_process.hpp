#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace swarmlog::test {

/// A program that a test starts, reads and ends. Its standard output is a pipe to the test; its
/// other streams are the test's. Killed when the test lets go of it.
class child_process {
public:
    /// Starts $SWARMLOG_BIN_DIR/test/`program`.
    child_process(std::string const& program, std::vector<std::string> const& arguments);
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process();

    /// The next whole line of its output without the newline; nothing once it has ended.
    [[nodiscard]] std::optional<std::string> next_line();
    /// SIGKILL: no destructor, no flush.
    void kill() noexcept;
    /// Its exit code once it has ended, or minus the signal that ended it.
    int wait();

private:
    ::pid_t process_ = -1;
    int output_ = -1;
    std::string unread_;
};

} // namespace swarmlog::test
