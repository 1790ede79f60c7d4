#include "memory/memory_state.hpp"

#include <algorithm>

namespace swarmlog::detail {

namespace {

constexpr auto by_number = [](auto const& entry, std::uint32_t number) {
    return entry.first < number;
};

} // namespace

std::string const* memory_run::find_block(std::uint32_t number) const noexcept {
    auto const at = std::lower_bound(blocks.begin(), blocks.end(), number, by_number);
    return at != blocks.end() && at->first == number ? at->second.get() : nullptr;
}

bool memory_run::add_block(std::uint32_t number, std::string_view bytes) {
    auto const at = std::lower_bound(blocks.begin(), blocks.end(), number, by_number);
    if (at != blocks.end() && at->first == number) return false;
    blocks.emplace(at, number, std::make_shared<std::string const>(bytes));
    return true;
}

position memory_snapshot::head() const noexcept {
    return records.count == 0 ? position{} : records[records.count - 1].last;
}

memory_state::memory_state() {
    committed_.records = records.publish();
    committed_.runs = std::make_shared<memory_runs const>();
    committed_.checkpoints = std::make_shared<memory_checkpoints const>();
    committed_.tables = std::make_shared<memory_tables const>();
    committed_.projections = std::make_shared<memory_projections const>();
    committed_.snapshots = std::make_shared<memory_stored_snapshots const>();
}

memory_snapshot memory_state::snapshot() const {
    std::scoped_lock const lock{mutex_};
    return committed_;
}

void memory_state::publish(memory_snapshot next) noexcept {
    {
        std::scoped_lock const lock{mutex_};
        std::swap(committed_, next);
    }
    // What no view holds is freed here, outside the lock.
}

} // namespace swarmlog::detail
