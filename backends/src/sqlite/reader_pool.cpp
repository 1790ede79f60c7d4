#include "sqlite/reader_pool.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace swarmlog::detail {

reader_pool::reader_pool(sqlite_connection_settings settings, sqlite_access access,
                         limits const& bounds)
    : settings_(std::move(settings)), access_(access), limits_(bounds) {
    // Giving a reader back must not allocate.
    idle_.reserve(limits_.readers_max);
    lent_.reserve(limits_.readers_max);
}

result<reader_pool::loan> reader_pool::borrow() {
    std::unique_lock lock{mutex_};
    auto turn = take_turn(lock);
    lock.unlock();
    if (!turn || turn->reader) return turn;

    try {
        auto opened = sqlite_reader::open(settings_, access_);
        if (!opened) {
            give_back(std::move(*turn), false);
            return opened.error();
        }
        turn->reader = std::make_unique<sqlite_reader>(std::move(*opened));
        return turn;
    } catch (...) {
        give_back(std::move(*turn), false);
        throw;
    }
}

/// A loan whose reader is null is a place: the caller opens the reader, without the lock.
result<reader_pool::loan> reader_pool::take_turn(std::unique_lock<std::mutex>& lock) {
    auto const has_place = [this] { return is_closed_ || lent_.size() < limits_.readers_max; };
    if (!returned_.wait_for(lock, limits_.wait_max, has_place)) {
        return error{errc::deadline_exceeded, "all " + std::to_string(limits_.readers_max) +
                                                  " readers (readers_max) have been in use for " +
                                                  std::to_string(limits_.wait_max.count()) + " ms"};
    }
    if (is_closed_) return error{errc::closed};
    loan turn;
    turn.serial = next_serial_++;
    lent_.push_back(turn.serial);
    if (!idle_.empty()) {
        turn.reader = std::move(idle_.back());
        idle_.pop_back();
    }
    return turn;
}

void reader_pool::give_back(loan returned, bool is_usable) noexcept {
    std::unique_ptr<sqlite_reader> discarded; // closed after the lock is released
    std::scoped_lock const lock{mutex_};
    forget(returned.serial);
    if (is_usable && !is_closed_) {
        idle_.push_back(std::move(returned.reader));
    } else {
        discarded = std::move(returned.reader);
    }
}

bool reader_pool::wait_for_older_loans(std::chrono::milliseconds wait_max) {
    if (holds_.load(std::memory_order_relaxed) != 0) return false;
    std::unique_lock lock{mutex_};
    std::uint64_t const now = next_serial_;
    return returned_.wait_for(lock, wait_max, [this, now] {
        return std::all_of(lent_.begin(), lent_.end(),
                           [now](std::uint64_t serial) { return serial >= now; });
    });
}

void reader_pool::close() noexcept {
    std::vector<std::unique_ptr<sqlite_reader>> idle;
    {
        std::scoped_lock const lock{mutex_};
        is_closed_ = true;
        idle.swap(idle_);
    }
    returned_.notify_all();
}

void reader_pool::forget(std::uint64_t serial) noexcept {
    std::erase(lent_, serial);
    returned_.notify_all();
}

} // namespace swarmlog::detail
