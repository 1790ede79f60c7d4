#pragma once

#include "simulation/append_ledger.hpp"
#include "simulation/random_parts.hpp"
#include "simulation/simulated_disk.hpp"
#include "simulation/simulated_tables.hpp"
#include "simulation/simulation.hpp"

#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace swarmlog::test {

/// One simulation: the disk, the log on it, all who use it, and what is known of it.
class simulated_world {
public:
    simulated_world(simulated_store where, std::uint64_t seed);
    ~simulated_world();

    void run();

    [[nodiscard]] simulated_run& told() noexcept { return told_; }

private:
    struct follower {
        std::optional<subscription> live;
        query wanted;
        std::uint64_t at = 0; ///< everything up to here was delivered
        bool is_waiting = false;
        std::optional<result<event>> answer;
    };
    struct known_consumer {
        std::optional<consumer> live;
        std::uint64_t at = 0;
        std::set<std::uint64_t> possible{0}; ///< checkpoints that may be stored
        std::set<std::uint64_t> ever{0};     ///< all that ever were
    };
    struct open_transaction {
        std::optional<transaction> live;
        std::uint64_t began = 0;
        std::vector<query> reads;
        model_append own;
    };
    enum class ending { closed, dropped, killed, power_cut };

    // world_life.cpp: opening, closing, faults and crashes.
    void open_log();
    [[nodiscard]] result<event_log> try_to_open();
    [[nodiscard]] sqlite_log_options random_options();
    void judge_opening();
    void judge_loss(std::uint64_t head);
    [[nodiscard]] bool has_evidence_of_loss() const noexcept {
        return told_before_loss_ > model().head();
    }
    void close_log();
    void drop_log();
    void crash(bool is_power_cut);
    void crash_in_the_middle();
    void let_go();
    void reopen();
    void arm_a_fault();
    void heal();
    void look_in_the_middle();
    [[nodiscard]] bool is_troubled();
    /// False when a failing device is to blame; a violation when nothing is.
    template <class T>
    [[nodiscard]] bool went_well(result<T> const& got, char const* what) {
        if (got) { return true; }
        note(std::string{what} + " fails with " + std::to_string(got.error().code().value()));
        if (is_troubled() && is_of_a_device(got.error())) { return false; }
        throw violation{std::string{what} + ": " + got.error().message()};
    }

    // world_appends.cpp: what writes.
    void send();
    void drive();
    void decide();
    void begin_transaction();
    void go_on_with_a_transaction();
    void commit(open_transaction& made);
    void flush();
    [[nodiscard]] result<void> run_closure(asked_append& asked, decision& now);
    void take_decision_step(asked_append& asked, decision& now);
    void check_queue(bool was_refused, std::uint64_t queued_before);

    // world_reads.cpp: what reads.
    void read_some();
    void look_up();
    void check_key_infos();
    void follow();
    void consume();
    void look_at_tables();
    void rebuild();
    void maintain();
    void back_up();
    void check_everything(event_log const& log);
    void check_positions(std::vector<event> const& found,
                         std::vector<std::uint64_t> const& expected);
    void take_delivered(follower& by, result<event> const& got);

    void take_a_step();
    /// Compares what there is to be seen after a step.
    void settle();
    void check_waiting(follower& by);
    /// Runs the handlers that have been handed their answers.
    void take_answers();
    void note(std::string const& what) { told_.trace += what + '\n'; }
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return dice_.below(limit); }
    [[nodiscard]] bool one_in(std::uint64_t count) { return dice_.one_in(count); }
    [[nodiscard]] bool is_sqlite() const noexcept { return where_ == simulated_store::sqlite; }
    [[nodiscard]] log_model const& model() const noexcept { return ledger_.model(); }

    simulated_store where_;
    dice dice_;
    dice middle_; ///< of its own, for what is looked at in the middle of a write
    std::shared_ptr<wild_clock> clock_;
    std::optional<simulated_disk> disk_;
    std::shared_ptr<backend> memory_;
    bool was_opened_ = false;
    bool is_bounded_ = false; ///< the memory store, so that it may be full at any time
    append_ledger ledger_;
    random_parts parts_;
    simulated_run told_;

    // Of the log that is open.
    std::unique_ptr<boost::asio::io_context> context_;
    std::optional<projection_set> tables_;
    std::optional<event_log> log_;
    std::vector<producer> producers_;
    std::vector<std::unique_ptr<follower>> followers_; ///< handlers know them by address
    std::vector<open_transaction> transactions_;
    std::map<std::string, known_consumer> consumers_;
    std::uint64_t queue_appends_max_ = 0;
    std::uint64_t async_checkpoint_ = 0;
    bool is_in_trouble_ = false; ///< a device has failed since it was opened
    bool reads_may_fail_ = false;
    bool is_dying_ = false;
    bool is_watched_ = false;           ///< in the middle of writes, too
    std::optional<std::string> broken_; ///< a promise, where no exception may be thrown
    std::uint64_t before_ = 0;          ///< the head before the step

    // How the last session ended, and what must have outlived it.
    ending last_ending_ = ending::closed;
    durability mode_ = durability::durable;
    std::uint64_t told_head_ = 0;     ///< acknowledged, or seen by anybody
    std::uint64_t required_head_ = 0; ///< of these, what no power cut may take
    /// The most that had been told when the log lost its end. An opening may say so again until
    /// the log has grown past it: a mark that was written over and not flushed may be back.
    std::uint64_t told_before_loss_ = 0;
    unsigned backups_ = 0;
};

} // namespace swarmlog::test
