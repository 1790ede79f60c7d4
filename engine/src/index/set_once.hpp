#pragma once

#include <atomic>
#include <memory>

namespace swarmlog::detail {

/// A value that several threads may compute, of which the first to arrive is kept.
/// Thread safety: `get` and `set` from any thread, without waiting.
template <class T>
class set_once {
public:
    set_once() = default;
    set_once(set_once const&) = delete;
    set_once& operator=(set_once const&) = delete;
    // Relaxed: whoever destroys has already synchronised with every user.
    ~set_once() { delete value_.load(std::memory_order_relaxed); }

    /// Null until it is set.
    [[nodiscard]] T const* get() const noexcept {
        return value_.load(std::memory_order_acquire); // pairs with set: the value is complete
    }

    /// The value that is kept: this one, or one that was there before.
    T const* set(std::unique_ptr<T const> value) noexcept {
        T const* kept = nullptr;
        // Release publishes our value, acquire receives another thread's.
        if (value_.compare_exchange_strong(kept, value.get(), std::memory_order_acq_rel,
                                           std::memory_order_acquire)) {
            kept = value.release();
        }
        return kept;
    }

private:
    std::atomic<T const*> value_{nullptr};
};

} // namespace swarmlog::detail
