#pragma once

#include <functional>
#include <memory>

namespace swarmlog::cli {

/// While it lives, SIGINT and SIGTERM call `stop`, on a thread of its own, in place of ending
/// the program.
class interrupt_watch {
public:
    explicit interrupt_watch(std::function<void()> stop);
    interrupt_watch(interrupt_watch const&) = delete;
    interrupt_watch& operator=(interrupt_watch const&) = delete;
    ~interrupt_watch();

private:
    class watcher;
    std::unique_ptr<watcher> watcher_;
};

} // namespace swarmlog::cli
