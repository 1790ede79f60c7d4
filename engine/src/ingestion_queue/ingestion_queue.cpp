#include "ingestion_queue/ingestion_queue.hpp"

#include <new>
#include <string>
#include <thread>

namespace swarmlog::detail {

ingestion_queue::ingestion_queue(log_options const& options)
    : appends_max_(options.queue_appends_max),
      bytes_max_(options.queue_bytes_max),
      queue_(options.queue_appends_max) {}

bool ingestion_queue::reserve(std::size_t bytes) noexcept {
    std::uint64_t now = queued_.load();
    do {
        if ((now >> bytes_bits) >= appends_max_ || (now & bytes_mask) + bytes > bytes_max_) {
            return false;
        }
    } while (!queued_.compare_exchange_weak(now, now + (std::uint64_t{1} << bytes_bits) + bytes));
    return true;
}

void ingestion_queue::release(std::uint64_t appends, std::uint64_t bytes) {
    queued_.fetch_sub((appends << bytes_bits) + bytes);
    if (room_waiters_.load() != 0) {
        std::lock_guard const lock{mutex_};
        room_.notify_all();
    }
}

error ingestion_queue::full() const noexcept {
    try {
        return {errc::queue_full,
                "the queue is full: queue_appends_max = " + std::to_string(appends_max_) +
                    ", queue_bytes_max = " + std::to_string(bytes_max_)};
    } catch (std::bad_alloc const&) { return errc::queue_full; }
}

result<void> ingestion_queue::put(append_ticket& ticket, token_type* token,
                                  std::optional<clock_type::time_point> room_deadline,
                                  waking wakes) {
    std::size_t const bytes = ticket.byte_count();
    if (!reserve(bytes)) {
        if (closed_.load()) { return error{errc::closed}; }
        if (!room_deadline) { return full(); }
        if (auto const room = wait_for_room(bytes, *room_deadline); !room) { return room; }
    }
    if (closed_.load()) {
        release(1, bytes);
        return error{errc::closed};
    }
    bool const is_queued =
        token != nullptr ? queue_.enqueue(*token, &ticket) : queue_.enqueue(&ticket);
    if (!is_queued) { // no memory for a block of the queue
        release(1, bytes);
        return full();
    }
    if (wakes == waking::now) { wake_writer(); }
    return {};
}

result<void> ingestion_queue::wait_for_room(std::size_t bytes, clock_type::time_point deadline) {
    room_waiters_.fetch_add(1);
    std::unique_lock lock{mutex_};
    bool granted = false;
    room_.wait_until(lock, deadline, [&] { return (granted = reserve(bytes)) || closed_.load(); });
    room_waiters_.fetch_sub(1);
    if (granted) { return {}; }
    return closed_.load() ? error{errc::closed} : full();
}

std::size_t ingestion_queue::take(std::span<append_ticket*> places) {
    std::size_t const taken = queue_.try_dequeue_bulk(consumer_, places.data(), places.size());
    if (taken != 0) {
        std::uint64_t bytes = 0;
        for (append_ticket const* ticket : places.first(taken)) { bytes += ticket->byte_count(); }
        release(taken, bytes);
    }
    return taken;
}

void ingestion_queue::wait_for_work(std::optional<clock_type::time_point> deadline) {
    std::unique_lock lock{mutex_};
    asleep_.store(true);
    auto const ready = [&] { return queued_.load() != 0 || closed_.load(); };
    if (deadline) {
        work_.wait_until(lock, *deadline, ready);
    } else {
        work_.wait(lock, ready);
    }
    asleep_.store(false);
}

void ingestion_queue::wake_writer() noexcept {
    if (!asleep_.load()) { return; }
    std::lock_guard const lock{mutex_};
    work_.notify_one();
}

void ingestion_queue::close() {
    closed_.store(true);
    std::lock_guard const lock{mutex_};
    work_.notify_all();
    room_.notify_all();
}

} // namespace swarmlog::detail
