#pragma once

#include "simulation/log_model.hpp"

#include <swarmlog/engine/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace swarmlog::test {

/// A promise was broken. Its text says which.
class violation : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
inline void require(bool holds, char const* promise) {
    if (!holds) { throw violation{promise}; }
}

/// One thing that was asked of the log and is not settled yet.
struct asked_append {
    enum class way { blocking, pending, submitted, asynchronous, decision, transaction };
    static constexpr std::size_t no_producer = ~std::size_t{0};

    std::uint64_t number = 0; ///< in the order of asking
    way how = way::blocking;
    std::size_t producer = no_producer; ///< whose order it is in
    std::uint64_t asked_at = 0;         ///< the head at that time
    model_append what;                  ///< of a decision: what its closure appended

    // Of a transaction.
    std::uint64_t began = 0;
    std::vector<query> reads;
    // Of a decision.
    std::uint64_t runs = 0;      ///< how often its closure was called
    std::uint64_t seen_head = 0; ///< the head that the closure saw
    std::set<errc> must_fail{};  ///< with one of these, if with any

    std::optional<pending_append> ticket;  ///< where a pending one's answer comes
    std::optional<result<receipt>> answer; ///< once it is there
    std::uint64_t stored_first = 0;        ///< 0: no such event has been seen
    bool may_be_another = false;           ///< and not this one, but one that looks the same
};

/// Knows what was asked, follows what the log shows, and judges each answer.
///
/// The rules: an event that is shown was asked for, and its append with it, whole, in the order of
/// its producer, with its conditions met where it stands; what is answered with a receipt is
/// stored just there and nowhere else; what is answered with an error is not stored, and there was
/// a moment at which the error was right.
class append_ledger {
public:
    [[nodiscard]] log_model const& model() const noexcept { return model_; }
    [[nodiscard]] log_model& model() noexcept { return model_; }

    asked_append& ask(asked_append::way how, std::size_t producer, model_append what);
    /// Forgets one that was not queued after all.
    void withdraw(asked_append const& refused);

    /// Follows the log to its head. `before` is where the model was.
    void follow(event_log const& log, timestamp latest_clock);
    /// Takes the answers that have come.
    void collect_answers();
    /// Judges them. With `is_troubled` a device has failed since the log was
    /// opened: then errors of a device are right at any time, and others may have been right
    /// beside appends that did not come.
    void judge(std::uint64_t before, bool is_troubled);
    /// Nothing is queued any more, so everything must have its answer.
    void check_all_answered() const;
    /// The process has died, and what it would have answered is nobody's.
    void forget_answers();
    /// The process has gone: what has no answer and was not seen will never come.
    void forget_unsettled() { open_.clear(); }
    /// What a producer submitted since its last flush. Settles it.
    void judge_flush(std::size_t producer, flush_summary const& told, bool is_troubled);

    /// What is staged in a decision is put on the model, to be cut back afterwards.
    void stage(std::vector<event> const& events);
    /// The end of an append, or 0.
    [[nodiscard]] bool is_boundary(std::uint64_t position) const {
        return boundaries_.contains(position);
    }
    /// After a loss.
    void cut_back(std::uint64_t through);

    void check_event(event_view const& found, std::uint64_t at) const;
    [[nodiscard]] std::size_t unsettled() const noexcept { return open_.size(); }

private:
    struct recognized {
        asked_append* asked = nullptr;
        bool is_certain = false; ///< no other could be meant
    };
    recognized asked_for(std::vector<event> const& events, std::size_t first,
                         std::vector<asked_append const*> const& taken);
    [[nodiscard]] bool is_in_order(asked_append const& asked) const;
    void correct_mistaken();
    void check_may_be_stored(asked_append const& asked) const;
    void adopt(event_view const& found, timestamp latest_clock);
    void judge_receipt(asked_append const& asked, receipt const& answer) const;
    void judge_error(asked_append const& asked, error const& failure, std::uint64_t before,
                     bool is_troubled) const;
    [[nodiscard]] bool was_right(asked_append const& asked, std::optional<errc> code,
                                 std::uint64_t before) const;
    [[nodiscard]] std::set<errc> codes_at(asked_append const& asked, std::uint64_t through) const;

    log_model model_;
    std::vector<std::unique_ptr<asked_append>> open_;
    std::set<std::uint64_t> boundaries_{0};
    std::set<event_id> ids_;
    std::vector<std::uint64_t> last_stored_; ///< of each producer for certain, by number
    std::uint64_t asked_ = 0;
};

[[nodiscard]] bool is_of_a_device(error const& failure);

} // namespace swarmlog::test
