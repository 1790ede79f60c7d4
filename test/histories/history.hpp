#pragma once

#include <swarmlog/engine/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// What many threads asked of one log and what they were told, as data: recorded by
/// `record_history`, judged by the rules of rules.hpp, or made by hand to break one of them.
namespace swarmlog::test {

/// A place in the order in which calls began and ended, over all threads.
///
/// It is read off one counter that every call increments, not off the steady clock: no two
/// stamps are equal, so that nothing is lost to ties, and that the counter rises from one thread
/// to the next is what an atomic promises, where clocks of several cores agree only as well as
/// the platform makes them. The price is that the increments order the threads among themselves
/// and so might hide a missing barrier of the log's: to find those is the thread sanitizer's part.
using stamp = std::uint64_t;

/// What the data of an event says: a number that names the append it belongs to, with the event's
/// part in it in the low three bits.
using content_number = std::uint64_t;

inline constexpr std::size_t parts_max = 4; ///< events of one append
inline constexpr content_number keyed_content = content_number{1} << 60;

[[nodiscard]] constexpr content_number content_of(std::size_t producer, std::size_t operation) {
    return (content_number{producer} + 1) << 40 | content_number{operation} << 3;
}
/// The content of an idempotency key is the same whoever sends it; a key misused has another.
[[nodiscard]] constexpr content_number content_of_key(std::uint64_t key, unsigned variant) {
    return keyed_content | key << 4 | content_number{variant & 1U} << 3;
}
[[nodiscard]] constexpr unsigned part_of(content_number content) {
    return static_cast<unsigned>(content & 7U);
}
[[nodiscard]] constexpr content_number first_part(content_number content) {
    return content & ~7ULL;
}

enum class condition_kind : std::uint8_t {
    any,
    no_stream,
    stream_exists,
    version,         ///< `asked` is the version
    none_since,      ///< `asked` is the position; of events of the first stream
    unchanged_since, ///< a transaction's, which began at `asked` and read its first two streams
};

enum class told : std::uint8_t {
    accepted,
    repeated, ///< accepted before, under the same idempotency key
    rejected,
    counted, ///< submitted: only a flush's count tells
};

/// One append of any kind, by one producer. The condition is on the first event's stream.
struct operation {
    stamp start = 0;
    stamp end = 0;
    content_number content = 0; ///< of its first event; the others count up
    std::uint64_t key = 0;      ///< idempotency key; 0: none
    std::uint64_t asked = 0;
    std::uint64_t first = 0; ///< positions of the receipt
    std::uint64_t last = 0;
    std::array<std::uint32_t, parts_max> streams{};
    std::array<std::uint32_t, parts_max> versions{}; ///< of the receipt
    /// A decision's or a transaction's: versions that it read of its first two streams.
    std::array<std::uint32_t, 2> seen{};
    std::uint8_t event_count = 1;
    bool has_seen = false;
    condition_kind condition = condition_kind::any;
    told answer = told::accepted;
    errc code{}; ///< when rejected
};

/// What a producer's flush said of the operations from `from` to before `to` that were counted.
struct flush_count {
    std::size_t from = 0;
    std::size_t to = 0;
    std::uint64_t accepted = 0;
};

enum class read_kind : std::uint8_t {
    head,    ///< `through` is the position
    version, ///< `through` is the version of `stream`
    events,  ///< the events of `stream` from after version `after` to `through`
};

struct observation {
    stamp start = 0;
    stamp end = 0;
    read_kind kind = read_kind::head;
    std::uint32_t stream = 0;
    std::uint64_t after = 0;
    std::uint64_t through = 0;
    bool was_limited = false; ///< there may have been more events
    std::vector<content_number> contents{};
};

struct delivery {
    std::uint64_t position = 0;
    content_number content = 0;
    friend bool operator==(delivery const&, delivery const&) = default;
};

/// What one subscriber asked for and got until it had looked at the whole log: the events after
/// `after` in streams whose number leaves `remainder` when divided by `modulus`.
struct subscriber_run {
    std::uint32_t modulus = 1;
    std::uint32_t remainder = 0;
    std::uint64_t after = 0;
    std::vector<delivery> delivered{};
};

/// One thread, and what it did in its order.
struct producer_run {
    std::vector<operation> operations{};
    std::vector<flush_count> flushes{};
    std::vector<observation> observations{};
};

struct stored_event {
    std::uint64_t position = 0;
    content_number content = 0;
    std::uint32_t version = 0;
    std::uint32_t stream = 0;
};

struct history {
    std::uint32_t stream_count = 0; ///< streams are numbered below it
    std::vector<producer_run> producers{};
    std::vector<std::vector<observation>> readers{};
    std::vector<subscriber_run> subscribers{};
    std::vector<stored_event> log{}; ///< all of it, as it is read in the end

    /// The operation that an event's content names. Of a key, see `timeline`.
    [[nodiscard]] operation const* unkeyed_owner(content_number content) const {
        std::size_t const producer = static_cast<std::size_t>(content >> 40) - 1;
        std::size_t const number = static_cast<std::size_t>(content >> 3 & ((1ULL << 37) - 1));
        if (producer >= producers.size()) { return nullptr; }
        auto const& operations = producers[producer].operations;
        return number < operations.size() ? &operations[number] : nullptr;
    }
    [[nodiscard]] std::uint64_t operation_count() const {
        std::uint64_t count = 0;
        for (producer_run const& each : producers) {
            count += each.operations.size() + each.observations.size();
        }
        for (auto const& each : readers) { count += each.size(); }
        return count;
    }
};

} // namespace swarmlog::test
