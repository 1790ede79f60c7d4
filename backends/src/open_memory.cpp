#include <swarmlog/backends/open_memory.hpp>

#include <swarmlog/backends/memory_store.hpp>

#include <utility>

namespace swarmlog {

result<event_log> open_memory(log_options options) {
    auto store = open_memory_store();
    if (!store) { return store.error(); }
    return event_log::open(std::move(*store), std::move(options));
}

} // namespace swarmlog
