#include "publish/published_head.hpp"

#include <iterator>
#include <utility>

namespace swarmlog::detail {

void published_head::move_to(position head) {
    value_.store(head.value);
    if (waiting_.load() != 0) { wake_all(); }
}

void published_head::wake_all() {
    std::map<std::uint64_t, waiting_waker> due;
    {
        std::lock_guard const lock{mutex_};
        // One may have come after the head had moved to what it has seen already.
        for (auto at = wakers_.begin(); at != wakers_.end();) {
            auto const next = std::next(at);
            if (closed_.load() || value_.load() > at->second.seen.value) {
                due.insert(wakers_.extract(at));
            }
            at = next;
        }
        waiting_.fetch_sub(static_cast<std::uint32_t>(due.size()));
        moved_.notify_all();
    }
    for (auto& [number, each] : due) { each.wake(); }
}

void published_head::wait_beyond(position seen, clock_type::time_point deadline,
                                 std::function<bool()> const& stop) {
    waiting_.fetch_add(1);
    {
        std::unique_lock lock{mutex_};
        moved_.wait_until(lock, deadline,
                          [&] { return value_.load() > seen.value || closed_.load() || stop(); });
    }
    waiting_.fetch_sub(1);
}

std::uint64_t published_head::on_move(position seen, waker wake) {
    waiting_.fetch_add(1);
    std::uint64_t number = 0;
    {
        std::lock_guard const lock{mutex_};
        if (value_.load() <= seen.value && !closed_.load()) {
            number = ++last_number_;
            wakers_.emplace(number, waiting_waker{seen, std::move(wake)});
            return number;
        }
    }
    waiting_.fetch_sub(1);
    wake();
    return number;
}

bool published_head::cancel(std::uint64_t number) {
    std::lock_guard const lock{mutex_};
    bool const found = wakers_.erase(number) != 0;
    if (found) { waiting_.fetch_sub(1); }
    return found;
}

void published_head::close() {
    closed_.store(true);
    wake_all();
}

void published_head::nudge() {
    std::lock_guard const lock{mutex_};
    moved_.notify_all();
}

} // namespace swarmlog::detail
