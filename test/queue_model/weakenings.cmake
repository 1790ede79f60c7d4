# Orders made weaker and wake-ups taken away, of which each has to be noticed.
#
# weaken(<name> <file> <place> <replacement>): in the replacement, WEAK is whether this one is in
# force, and WEAKER(<weak>, <order>) the one or the other order. The place has to be there.
# scenarios.cpp says in which scenario it is noticed.

# The ticket
weaken(answer_not_released engine/src/ingestion_queue/append_ticket.hpp
    "answered_.store(1, std::memory_order_release);"
    "answered_.store(1, WEAKER(relaxed, release));")
weaken(answer_not_acquired engine/src/ingestion_queue/append_ticket.hpp
    "answered_.wait(0, std::memory_order_acquire);"
    "answered_.wait(0, WEAKER(relaxed, acquire));")
weaken(waiter_not_notified engine/src/ingestion_queue/append_ticket.hpp
    "answered_.notify_all();"
    "if (!WEAK) { answered_.notify_all(); }")

# The pool of tickets
weaken(tickets_not_released engine/src/producer/ticket_pool.cpp
    "answered.first_, std::memory_order_release,"
    "answered.first_, WEAKER(relaxed, release),")
weaken(tickets_not_acquired engine/src/producer/ticket_pool.cpp
    "returned_.exchange(nullptr, std::memory_order_acquire);"
    "returned_.exchange(nullptr, WEAKER(relaxed, acquire));")
weaken(producer_not_notified engine/src/producer/ticket_pool.cpp
    "answered_.notify_all();"
    "if (!WEAK) { answered_.notify_all(); }")
# The lock or the order alone would be enough for a summary that is taken once all is answered.
weaken(summary_not_handed_over engine/src/producer/ticket_pool.cpp
    "answered_.fetch_add(answered.count_, std::memory_order_release);"
    "answered_.fetch_add(answered.count_, WEAKER(relaxed, release));")
weaken(summary_not_handed_over engine/src/producer/ticket_pool.cpp
    "std::lock_guard const lock{writer_mutex_};
    return std::exchange"
    "std::unique_lock lock{writer_mutex_, std::defer_lock};
    if (!WEAK) { lock.lock(); }
    return std::exchange")

# The queue's bound and its wake-ups
weaken(bound_read_once engine/src/ingestion_queue/ingestion_queue.cpp
    "} while (!queued_.compare_exchange_weak("
    "} while (WEAK ? (queued_.fetch_add((std::uint64_t{1} << bytes_bits) + bytes), false)
                  : !queued_.compare_exchange_weak(")
weaken(asleep_read_early engine/src/ingestion_queue/ingestion_queue.cpp
    "if (!asleep_.load())"
    "if (!asleep_.load(WEAKER(acquire, seq_cst)))")
weaken(asleep_not_sequential engine/src/ingestion_queue/ingestion_queue.cpp
    "asleep_.store(true);"
    "asleep_.store(true, WEAKER(release, seq_cst));")
weaken(work_read_early engine/src/ingestion_queue/ingestion_queue.cpp
    "return queued_.load() != 0 ||"
    "return queued_.load(WEAKER(acquire, seq_cst)) != 0 ||")
weaken(writer_woken_without_lock engine/src/ingestion_queue/ingestion_queue.cpp
    "std::lock_guard const lock{mutex_};
    work_.notify_one();"
    "std::unique_lock lock{mutex_, std::defer_lock};
    if (!WEAK) { lock.lock(); }
    work_.notify_one();")
weaken(writer_not_woken engine/src/ingestion_queue/ingestion_queue.cpp
    "{ wake_writer(); }"
    "{ if (!WEAK) { wake_writer(); } }")
weaken(room_waiters_read_early engine/src/ingestion_queue/ingestion_queue.cpp
    "if (room_waiters_.load() != 0)"
    "if (room_waiters_.load(WEAKER(acquire, seq_cst)) != 0)")
weaken(room_waiters_not_sequential engine/src/ingestion_queue/ingestion_queue.cpp
    "room_waiters_.fetch_add(1);"
    "room_waiters_.fetch_add(1, WEAKER(relaxed, seq_cst));")
weaken(closing_does_not_wake_the_writer engine/src/ingestion_queue/ingestion_queue.cpp
    "work_.notify_all();"
    "if (!WEAK) { work_.notify_all(); }")
weaken(closed_read_early engine/src/ingestion_queue/ingestion_queue.cpp
    "if (closed_.load()) {
        release("
    "if (closed_.load(WEAKER(acquire, seq_cst))) {
        release(")

# Whose turn it is to write
weaken(turn_not_released engine/src/log/writer_turn.hpp
    "taken_.store(0, std::memory_order_release);"
    "taken_.store(0, WEAKER(relaxed, release));")
weaken(turn_not_acquired engine/src/log/writer_turn.hpp
    "taken_.exchange(1, std::memory_order_acquire)"
    "taken_.exchange(1, WEAKER(relaxed, acquire))")
weaken(turn_given_back_in_silence engine/src/log/writer_turn.hpp
    "taken_.notify_one();"
    "if (!WEAK) { taken_.notify_one(); }")
weaken(turn_taken_twice engine/src/log/writer_turn.hpp
    "if (mine && !ticket.answered())"
    "if ((WEAK || mine) && !ticket.answered())")
weaken(caller_wakes_nobody engine/src/log/writer_turn.hpp
    "queue.wake_writer();"
    "if (!WEAK) { queue.wake_writer(); }")

# The published head
weaken(head_not_released engine/src/publish/published_head.cpp
    "value_.store(head.value);"
    "value_.store(head.value, WEAKER(relaxed, seq_cst));")
weaken(head_not_acquired engine/src/publish/published_head.hpp
    "value_.load(std::memory_order_acquire)"
    "value_.load(WEAKER(relaxed, acquire))")
weaken(waiting_read_early engine/src/publish/published_head.cpp
    "if (waiting_.load() != 0)"
    "if (waiting_.load(WEAKER(acquire, seq_cst)) != 0)")
weaken(head_does_not_notify engine/src/publish/published_head.cpp
    "moved_.notify_all();
    }
    for"
    "if (!WEAK) { moved_.notify_all(); }
    }
    for")
weaken(wakers_called_early engine/src/publish/published_head.cpp
    "value_.load() > at->second.seen.value"
    "WEAK || value_.load() > at->second.seen.value")
weaken(closing_the_head_wakes_nobody engine/src/publish/published_head.cpp
    "closed_.store(true);
    wake_all();"
    "closed_.store(true);
    if (!WEAK) { wake_all(); }")

# moodycamel's queue
weaken(tail_not_released concurrentqueue.h
    "tailIndex.store(newTailIndex, std::memory_order_release)"
    "tailIndex.store(newTailIndex, WEAKER(relaxed, release))")
weaken(empty_blocks_not_released concurrentqueue.h
    "atomic_thread_fence(std::memory_order_release)"
    "atomic_thread_fence(WEAKER(relaxed, release))")
weaken(empty_blocks_not_acquired concurrentqueue.h
    "atomic_thread_fence(std::memory_order_acquire)"
    "atomic_thread_fence(WEAKER(relaxed, acquire))")
