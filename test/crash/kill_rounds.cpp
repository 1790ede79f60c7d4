#include "crash/kill_rounds.hpp"

#include "crash/failpoints.hpp"
#include "crash/kill_ledger.hpp"
#include "crash/killed_process.hpp"
#include "crash/ledger_tallies.hpp"
#include "crash/numbered_file.hpp"
#include "crash/stored_rows.hpp"
#include "crash_states/other_boot.hpp"
#include "support/function_entries.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/projections/projection_set.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

namespace swarmlog::test {

namespace fs = std::filesystem;

namespace {

using report_kind = report_of_child::kind;

/// More would tell no more.
constexpr std::uint64_t violations_max = 5;

/// Where the processes of a run are killed next, and where they have been.
class places_to_die {
public:
    places_to_die() {
        for (function_entries::function const& each : function_entries::of_this_program().all()) {
            not_yet_.push_back(each.address);
        }
        for (std::size_t at = 0; at != all_failpoints.size(); ++at) {
            entries_[at] = function_entries::of_this_program().named(all_failpoints[at].function);
        }
    }

    /// One at which the fewest were killed.
    [[nodiscard]] std::size_t next_failpoint(bool is_new_log) noexcept {
        std::size_t found = all_failpoints.size();
        for (std::size_t step = 0; step != all_failpoints.size(); ++step) {
            std::size_t const at = (last_ + 1 + step) % all_failpoints.size();
            if (all_failpoints[at].is_of_new_log != is_new_log) { continue; }
            if (found == all_failpoints.size() || kills_[at] < kills_[found]) { found = at; }
        }
        return last_ = found;
    }
    [[nodiscard]] std::vector<std::uintptr_t> const& entries_of(std::size_t failpoint) const {
        return entries_[failpoint];
    }
    /// Some functions at which nothing was killed. Most of them no child enters.
    [[nodiscard]] std::vector<std::uintptr_t> some_not_yet(std::mt19937_64& random) const {
        constexpr std::size_t count = 300;
        std::vector<std::uintptr_t> some;
        std::sample(not_yet_.begin(), not_yet_.end(), std::back_inserter(some), count, random);
        return some;
    }

    void killed_at_failpoint(std::size_t failpoint) noexcept { ++kills_[failpoint]; }
    void killed_at_function(std::uintptr_t entry) { std::erase(not_yet_, entry); }

    [[nodiscard]] std::vector<std::string> unreached() const {
        std::vector<std::string> names;
        for (std::size_t at = 0; at != all_failpoints.size(); ++at) {
            if (kills_[at] != 0) { continue; }
            names.push_back(std::string{all_failpoints[at].stage} + ": " +
                            std::string{all_failpoints[at].function});
        }
        return names;
    }

private:
    std::size_t last_ = 0;
    std::array<std::vector<std::uintptr_t>, all_failpoints.size()> entries_;
    std::array<std::uint64_t, all_failpoints.size()> kills_{};
    std::vector<std::uintptr_t> not_yet_;
};

/// The reports of a child that has died, and how.
struct dead_child {
    std::vector<report_of_child> reports;
    bool was_killed = false;
};

dead_child run_until_killed(killed_process_plan const& plan) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) { throw std::runtime_error{"cannot make a pipe"}; }
    ::pid_t const child = ::fork();
    if (child < 0) { throw std::runtime_error{"cannot fork"}; }
    if (child == 0) { append_until_killed(plan, ends[1]); }
    ::close(ends[1]);
    dead_child dead;
    std::array<report_of_child, 128> some{};
    for (;;) {
        // Each was written whole, so each is read whole.
        ::ssize_t const bytes = ::read(ends[0], some.data(), sizeof some);
        if (bytes <= 0) { break; }
        auto const count = static_cast<std::size_t>(bytes) / sizeof(report_of_child);
        dead.reports.insert(dead.reports.end(), some.data(), some.data() + count);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    dead.was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    bool const has_ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!dead.was_killed && !has_ended) {
        dead.reports.push_back(
            {.what = report_kind::failed, .number = static_cast<unsigned>(status)});
    }
    return dead;
}

/// One log, from kill to kill.
class killed_log {
public:
    killed_log(std::uint64_t seed, places_to_die& places, killed_processes& total)
        : random_(seed), places_(places), total_(total), page_bytes_(1024U << below(4)) {
        ++total_.logs;
    }

    /// False when something is wrong with it, and nothing more can be learnt from it.
    [[nodiscard]] bool run() {
        choose();
        bool const is_recovered_unseen = plan_.during == errand::opening || below(4) == 0;
        if (!is_recovered_unseen && !note(compare())) { return false; }
        bool const loses_power = is_compared_ && may_lose_power();
        dead_child const dead = run_until_killed(plan_);
        is_compared_ = false;
        if (dead.was_killed) { count_kill(dead); }
        ledger_.begin_round();
        for (report_of_child const& each : dead.reports) {
            if (!note(ledger_.note(each))) { return false; }
        }
        if (!note(compare_backup(dead))) { return false; }
        return !loses_power || !dead.was_killed || note(cut_power_and_compare());
    }

    /// Everything once more.
    [[nodiscard]] bool finish() {
        compared_ = 0;
        return note(compare());
    }

    [[nodiscard]] bool is_long() const noexcept { return ledger_.head().value > 1'500; }

private:
    enum class way { random, failpoint, function };

    void choose() {
        plan_ = {.file = folder_ / "log.db", .backup = folder_ / "backup.db"};
        plan_.next_number = ledger_.next_number();
        plan_.seed = random_();
        plan_.during = static_cast<errand>(below(7));
        plan_.appends_of_each = 16;
        plan_.answers_before = below(plan_.appends_of_each);
        plan_.asked_again = ledger_.repeatable(below(4));
        switch (way_ = static_cast<way>(below(3))) {
        case way::random:
            plan_.microseconds = 1 + below(8'000);
            plan_.appends_of_each = 1'000;
            break;
        case way::failpoint:
            failpoint_ = places_.next_failpoint(!fs::exists(plan_.file));
            plan_.during = all_failpoints[failpoint_].during;
            plan_.entries = places_.entries_of(failpoint_);
            break;
        case way::function: plan_.entries = places_.some_not_yet(random_); break;
        }
        choose_options();
    }

    void choose_options() {
        sqlite_log_options& options = plan_.options;
        options = small_options();
        options.drive = writer_drive::thread;
        options.store.mode = below(2) == 0 ? durability::durable : durability::relaxed;
        options.store.page_bytes = page_bytes_;
        options.store.wal_bytes_max = (64U << below(2)) * 1024;
        options.store.relaxed_sync_interval = std::chrono::milliseconds{below(8)};
        options.index_tail_events = 8U << below(4);
        options.record_bytes = 1U << below(12);
        options.group_events_max = below(3) == 0 ? 4 : 1'000;
        options.record_cache_bytes = 64 * 1024;
        options.queue_appends_max = 64;
        options.queue_bytes_max = 256 * 1024;
        options.limits = {.event_bytes_max = 4'096, .append_bytes_max = 65'536};
        options.index_filter_bytes_max = 64 * 1024;
        options.index_cache_bytes = 64 * 1024;
        options.stream_heads_max = 8;
        options.store.cache_bytes = 256 * 1024;
        options.store.readers_max = 2;
    }

    /// Whether what the child will write may be lost from any place on: nothing that it writes is
    /// flushed, and before it the write-ahead log is empty.
    [[nodiscard]] bool may_lose_power() {
        sqlite_store_options& store = plan_.options.store;
        bool const is_quiet =
            plan_.during == errand::appending || plan_.during == errand::consuming;
        fs::path const wal = folder_ / "log.db-wal";
        bool const is_empty = !fs::exists(wal) || fs::file_size(wal) == 0;
        if (store.mode != durability::relaxed || !is_quiet || !fs::exists(plan_.file) ||
            !is_empty) {
            return false;
        }
        store.relaxed_sync_interval = std::chrono::hours{1};
        store.wal_bytes_max = 1024 * 1024 * 1024;
        return true;
    }

    [[nodiscard]] std::string cut_power_and_compare() {
        fs::path const wal = folder_ / "log.db-wal";
        if (!fs::exists(wal)) { return {}; }
        fs::resize_file(wal, random_() % (fs::file_size(wal) + 1));
        std::string lock = bytes_of_file(folder_ / "log.db.lock");
        name_other_boot(lock);
        write_file(folder_ / "log.db.lock", lock);
        ++total_.power_cuts;
        ledger_.allow_loss();
        position const acknowledged = ledger_.acknowledged();
        std::string wrong = compare();
        if (acknowledged > ledger_.head()) { ++total_.losses; }
        return wrong.empty() ? append_after_loss() : wrong;
    }

    /// A loss is told again until something has been appended after it.
    [[nodiscard]] std::string append_after_loss() {
        projection_set projections;
        auto log = open_for_comparison(projections);
        if (!log) { return "opening: " + log.error().message(); }
        std::uint64_t number = ledger_.next_number();
        while (must_be_rejected(number)) { ++number; }
        std::string wrong = ledger_.note({.what = report_kind::sent, .number = number});
        auto source = log->make_producer();
        auto const answer = append_number(source, number);
        if (!answer) { return "appending after a loss: " + answer.error().message(); }
        if (wrong.empty()) {
            wrong = ledger_.note({.what = report_kind::accepted,
                                  .number = number,
                                  .first = answer->first.value,
                                  .last = answer->last.value});
        }
        return wrong.empty() ? ledger_.compare(*log, false) : wrong;
    }

    void count_kill(dead_child const& dead) {
        ++total_.kills;
        if (way_ == way::random) { ++total_.at_random; }
        for (report_of_child const& each : dead.reports) {
            if (each.what != report_kind::reached) { continue; }
            if (way_ == way::failpoint) {
                ++total_.at_failpoints;
                places_.killed_at_failpoint(failpoint_);
            } else {
                ++total_.at_functions;
            }
            places_.killed_at_function(each.number);
        }
    }

    [[nodiscard]] std::string compare() {
        if (is_compared_) { return {}; }
        is_compared_ = true;
        if (!fs::exists(plan_.file)) { return {}; } // killed before there was one
        try {
            // A loss is told again by the next opening.
            bool const may_have_lost = ledger_.may_have_lost();
            bool const all = compared_++ % 16 == 0;
            if (std::string wrong = open_and_compare(all); !wrong.empty()) { return wrong; }
            if (!all || may_have_lost) { return {}; }
            std::string const before = bytes_of_file(folder_ / "log.db");
            std::string wrong = open_and_compare(true);
            if (wrong.empty() && bytes_of_file(folder_ / "log.db") != before) {
                wrong = "opening again has changed the store";
            }
            return wrong.empty() ? wrong : "opened again: " + wrong;
        } catch (boost::system::system_error const& failed) { return failed.what(); }
    }

    [[nodiscard]] result<event_log> open_for_comparison(projection_set& projections) {
        projections.add(ledger_tallies{});
        sqlite_log_options options = plan_.options;
        options.drive = writer_drive::by_hand;
        options.state = projections;
        return open_sqlite(folder_ / "log.db", options);
    }

    [[nodiscard]] std::string open_and_compare(bool all) {
        projection_set projections;
        auto log = open_for_comparison(projections);
        if (!log) { return "opening: " + log.error().message(); }
        std::string wrong = ledger_.compare_opening(*log);
        if (wrong.empty()) { wrong = ledger_.compare(*log, all); }
        if (!wrong.empty()) { return wrong; }
        if (all) {
            auto const verified = log->verify();
            if (!verified) { return "verify: " + verified.error().message(); }
            if (!verified->sound()) { return "verify: " + verified->problems.front().what; }
        }
        auto const closed = log->close();
        return closed ? std::string{} : "closing: " + closed.error().message();
    }

    /// A copy that has its name is whole, however the process that made it has ended.
    [[nodiscard]] std::string compare_backup(dead_child const& dead) {
        bool const is_there = fs::exists(plan_.backup);
        position at_least;
        bool was_made = false;
        for (report_of_child const& each : dead.reports) {
            if (each.what == report_kind::backing_up) { at_least = position{each.number}; }
            was_made = was_made || each.what == report_kind::backed_up;
        }
        if (!is_there) { return was_made ? "the backup is not there" : ""; }
        auto copy = open_sqlite_read_only(plan_.backup);
        if (!copy) { return "opening the backup: " + copy.error().message(); }
        if (copy->head() < at_least) { return "the backup lacks what was there before it"; }
        auto const verified = copy->verify();
        if (!verified) { return "verify of the backup: " + verified.error().message(); }
        if (!verified->sound()) { return "the backup: " + verified->problems.front().what; }
        for (char const* const suffix : {"", "-wal", "-shm", ".lock"}) {
            fs::remove(plan_.backup.string() + suffix);
        }
        return {};
    }

    /// Whether all is well.
    [[nodiscard]] bool note(std::string const& wrong) {
        if (wrong.empty()) { return true; }
        ++total_.violations;
        BOOST_ERROR("after kill " << total_.kills << ", " << where() << ": " << wrong);
        keep_files();
        return false;
    }

    [[nodiscard]] std::string where() const {
        static constexpr std::array<std::string_view, 7> errands{
            "opening",    "appending",  "consuming", "checkpointing",
            "rebuilding", "backing up", "closing"};
        std::string text{errands[static_cast<std::size_t>(plan_.during)]};
        text += plan_.options.store.mode == durability::durable ? ", durable" : ", relaxed";
        if (way_ == way::random) {
            text += ", after " + std::to_string(*plan_.microseconds) + " us";
        }
        if (way_ == way::failpoint) {
            text.append(", at ").append(all_failpoints[failpoint_].function);
        }
        return text;
    }

    /// For a debugger or the `swarmlog` command.
    void keep_files() const {
        char const* const folder = std::getenv("SWARMLOG_BIN_DIR");
        if (folder == nullptr || total_.violations != 1) { return; }
        fs::path const into = fs::path{folder} / "checks" / "kill_ledger";
        fs::remove_all(into);
        fs::create_directories(into.parent_path());
        fs::copy(folder_.path(), into, fs::copy_options::recursive);
    }

    [[nodiscard]] std::uint32_t below(std::uint32_t end) {
        return static_cast<std::uint32_t>(random_() % end);
    }

    std::mt19937_64 random_;
    places_to_die& places_;
    killed_processes& total_;
    std::uint32_t page_bytes_;
    temporary_folder folder_;
    kill_ledger ledger_;
    killed_process_plan plan_{.file = folder_ / "log.db", .backup = folder_ / "backup.db"};
    way way_ = way::random;
    std::size_t failpoint_ = 0;
    bool is_compared_ = true;
    std::uint64_t compared_ = 1;
};

} // namespace

killed_processes kill_and_compare(std::uint64_t seed, std::uint64_t kills) {
    killed_processes total;
    places_to_die places;
    // A child that is not killed has closed its log, which is one more thing to compare; but most
    // must be.
    std::uint64_t rounds_left = 4 * kills;
    auto const is_done = [&] {
        return rounds_left == 0 || total.violations == violations_max ||
               (total.kills >= kills && places.unreached().empty());
    };
    while (!is_done()) {
        killed_log log{seed + total.logs, places, total};
        bool is_well = true;
        while (is_well && !log.is_long() && !is_done()) {
            --rounds_left;
            is_well = log.run();
        }
        if (is_well) { static_cast<void>(log.finish()); }
    }
    total.unreached = places.unreached();
    return total;
}

} // namespace swarmlog::test
