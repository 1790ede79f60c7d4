#pragma once

#include "crash/killed_process.hpp"
#include "crash_states/tallies.hpp"

#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/engine/position.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog::test {

/// What the children of one log have said of their appends, and what the log is known to hold.
/// Each function answers what is wrong, or nothing.
class kill_ledger {
public:
    /// A child begins, whose producers keep an order of their own.
    void begin_round() noexcept { ++round_; }
    [[nodiscard]] std::string note(report_of_child const& report);
    /// What was not flushed may be gone: accepted appends at the log's end, if they are reported.
    void allow_loss() noexcept { may_have_lost_ = true; }
    [[nodiscard]] bool may_have_lost() const noexcept { return may_have_lost_; }

    /// Of a log that was just opened.
    [[nodiscard]] std::string compare_opening(event_log const& log) const;
    /// Compares what a log holds; ends what `allow_loss` has allowed. What was compared before is taken as it is, unless
    /// `all` is asked for.
    [[nodiscard]] std::string compare(event_log const& log, bool all);
    /// A fold of the ledger's own, by rising stream.
    [[nodiscard]] std::vector<tally> rows() const;

    [[nodiscard]] std::uint64_t next_number() const noexcept { return appends_.size() + 1; }
    [[nodiscard]] position head() const noexcept { return position{places_.size()}; }
    /// Some appends with an idempotency key, of which nothing, or that they were accepted, is
    /// known; the newest first.
    [[nodiscard]] std::vector<std::uint64_t> repeatable(std::size_t count_max) const;
    /// The highest position of those acknowledged to producers.
    [[nodiscard]] position acknowledged() const noexcept { return acknowledged_; }

private:
    enum class answer : std::uint8_t { unasked, unknown, accepted, rejected };
    struct append {
        answer told = answer::unasked;
        std::uint8_t producer = 0;
        std::uint32_t round = 0;
        std::uint64_t first = 0, last = 0; ///< as told
        std::uint64_t stored_at = 0;       ///< as found; 0: not
        bool is_asked_again = false;
    };
    struct place {
        std::uint64_t number = 0;
        std::uint32_t part = 0;
        std::uint64_t in_stream = 0; ///< version
    };

    [[nodiscard]] append& at(std::uint64_t number);
    [[nodiscard]] std::string accept(report_of_child const& report);
    [[nodiscard]] std::string take(event_view const& found);
    [[nodiscard]] std::string begin_append(std::uint64_t number, position first);
    [[nodiscard]] std::string difference(event_view const& found, place const& known) const;
    [[nodiscard]] std::string compare_answers(event_log const& log);
    [[nodiscard]] std::string compare_consumer(event_log const& log);

    std::vector<append> appends_; ///< by number, from 1
    std::vector<place> places_;   ///< by position, from 1
    std::map<std::string, tally, std::less<>> rows_;
    /// The newest number that is stored of each producer of a round.
    std::map<std::pair<std::uint32_t, std::uint8_t>, std::uint64_t> newest_;
    std::vector<std::uint64_t> to_compare_; ///< answered since the log was compared
    std::uint32_t round_ = 0;
    position acknowledged_;
    position consumed_;      ///< the consumer's checkpoint, as told
    position consumed_most_; ///< as asked for
    bool may_have_lost_ = false;
};

} // namespace swarmlog::test
