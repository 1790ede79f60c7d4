#pragma once

#include "sqlite/reader.hpp"

#include <swarmlog/engine/error.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace swarmlog::detail {

/// The read-only connections of a store, at most so many, opened as they are needed and lent to
/// one read view each.
///
/// Thread-safe. Views share the pool's ownership, so one that outlives the store goes on reading
/// and takes its connection with it when it ends; such a connection is read-only, and leaves the
/// write-ahead log as it is.
class reader_pool {
public:
    struct limits {
        std::uint32_t readers_max = 1;
        std::chrono::milliseconds wait_max{};
    };
    struct loan {
        std::unique_ptr<sqlite_reader> reader;
        std::uint64_t serial = 0; ///< rises from loan to loan
    };

    reader_pool(sqlite_connection_settings settings, sqlite_access access, limits const& bounds);
    reader_pool(reader_pool const&) = delete;
    reader_pool& operator=(reader_pool const&) = delete;

    /// Waits for a reader to come back when all are lent: `deadline_exceeded` after
    /// `wait_max`, `closed` when the pool is closed meanwhile.
    [[nodiscard]] result<loan> borrow();
    void give_back(loan returned, bool is_usable) noexcept;

    /// True once every loan made before this call has come back; false after `wait_max`, or at
    /// once while there is a `hold`.
    [[nodiscard]] bool wait_for_older_loans(std::chrono::milliseconds wait_max);
    /// A snapshot outside the pool that lasts long, so that waiting for readers would be in vain.
    class hold {
    public:
        explicit hold(reader_pool& pool) noexcept : pool_(&pool) {
            pool_->holds_.fetch_add(1, std::memory_order_relaxed);
        }
        hold(hold const&) = delete;
        hold& operator=(hold const&) = delete;
        ~hold() { pool_->holds_.fetch_sub(1, std::memory_order_relaxed); }

    private:
        reader_pool* pool_;
    };

    /// Closes what is not lent; the rest is closed as it comes back.
    void close() noexcept;

    /// In a forked child: no connection is used or closed any more. Takes no lock, because
    /// another thread of the parent may have held it.
    void abandon() noexcept { abandoned_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool is_abandoned() const noexcept {
        return abandoned_.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] result<loan> take_turn(std::unique_lock<std::mutex>& lock);
    void forget(std::uint64_t serial) noexcept;

    sqlite_connection_settings const settings_;
    sqlite_access const access_;
    limits const limits_;

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<sqlite_reader>> idle_; ///< the last one used is lent first
    std::vector<std::uint64_t> lent_;                  ///< serials
    std::uint64_t next_serial_ = 1;
    bool is_closed_ = false;
    std::atomic<std::uint32_t> holds_{0};
    std::atomic<bool> abandoned_{false};
};

} // namespace swarmlog::detail
