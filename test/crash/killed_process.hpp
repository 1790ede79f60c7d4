#pragma once

#include "crash/failpoints.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace swarmlog::test {

/// What a child that is about to be killed says of itself, in the order in which it happens. Each
/// is written to a pipe at once, so the pipe holds what was said before the kill.
struct report_of_child {
    enum class kind : std::uint8_t {
        opened,     ///< head, events lost
        sent,       ///< number, before it is asked of the log
        accepted,   ///< number, first and last position
        rejected,   ///< number, code
        in_doubt,   ///< number
        consuming,  ///< position, before it is acknowledged
        consumed,   ///< position
        backing_up, ///< head
        backed_up,
        reached, ///< the entry of the function that it dies at
        failed,  ///< code
        ended,   ///< was not killed
    };
    kind what = kind::ended;
    std::uint8_t producer = 0;
    std::uint64_t number = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// What a child does until it is killed.
struct killed_process_plan {
    std::filesystem::path file{};
    std::filesystem::path backup{};
    sqlite_log_options options{}; ///< without its projection
    errand during = errand::appending;
    /// Where it kills itself: at one of these, as it is on its errand.
    std::vector<std::uintptr_t> entries{};
    /// Or after so long, wherever it is.
    std::optional<std::uint32_t> microseconds{};
    /// So many appends have been answered when it goes on its errand.
    unsigned answers_before = 0;
    unsigned appends_of_each = 0; ///< of each producer
    std::uint64_t next_number = 1;
    std::vector<std::uint64_t> asked_again{}; ///< appends with idempotency keys
    std::uint64_t seed = 0;
};

inline constexpr unsigned producers_of_child = 3;
inline constexpr std::string_view consumer_of_child = "ledger";

/// Which appends every log has to turn away: their event is refused by the projection, a closure
/// that decides takes them back, or an idempotency key is not theirs.
[[nodiscard]] constexpr bool must_be_rejected(std::uint64_t number) noexcept {
    return number % 16 == 7 || number % 16 == 11;
}

/// Opens the log and appends the numbered appends from `next_number` on, by several producers at
/// once, in the forked child that calls it. Does not return.
[[noreturn]] void append_until_killed(killed_process_plan const& plan, int reports);

} // namespace swarmlog::test
