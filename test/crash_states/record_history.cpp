#include "crash_states/record_history.hpp"

#include "crash/numbered_file.hpp"
#include "support/expect_result.hpp"
#include "support/fault_vfs.hpp"
#include "support/manual_clock.hpp"
#include "support/recorded_calls.hpp"
#include "support/small_tables.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::test {

namespace {

class history_recorder {
public:
    history_recorder(std::uint64_t seed, recording const& how)
        : random_(seed),
          how_(how),
          page_bytes_(512U << below(4)),
          recorder_("recorded", made_.journal, how.flushes),
          faulty_("recorded-faulty", recorder_.name()) {}

    history run() {
        recorded_calls const calls{made_.journal};
        for (std::uint64_t left = 3 + below(2); left != 0; --left) { run_session(); }
        return std::move(made_);
    }

private:
    void run_session() {
        open();
        for (std::uint64_t left = 4 + below(10); left != 0; --left) { take_step(); }
        switch (below(3)) {
        case 0: must(log_->close()); break;
        case 1: append_until_killed(); break;
        default: kill(); break;
        }
        log_.reset();
        faulty_.heal();
        // It does not outlive a process that is killed, and closing takes it along.
        std::filesystem::remove(file_.string() + "-shm");
    }

    void open() {
        auto options = crash_state_options(how_.mode       ? *how_.mode
                                           : below(2) == 0 ? durability::durable
                                                           : durability::relaxed);
        options.clock = clock_;
        options.index_tail_events = 3U << below(3);
        options.group_events_max = below(4) == 0 ? 4 : 1'000;
        options.store.vfs = faulty_.name();
        options.store.page_bytes = page_bytes_;
        // By the number of commits, not by the time they take.
        options.store.relaxed_sync_interval =
            below(4) == 0 ? std::chrono::milliseconds{0} : std::chrono::hours{1};
        log_.emplace(must(open_sqlite(file_, options)));

        known_session next;
        if (!made_.sessions.empty()) { next = made_.sessions.back(); }
        next.mode = options.store.mode;
        next.opened_at = made_.journal.size();
        next.shown = log_->head();
        next.events.resize(next.shown.value); // what is in doubt and did not come goes
        std::erase_if(next.commits,
                      [&](known_commit const& each) { return each.last > next.shown; });
        made_.sessions.push_back(std::move(next));
        is_broken_ = false;
    }

    void take_step() {
        switch (below(16)) {
        case 0: append_rejected(); break;
        case 1: append_repeated(); break;
        case 2: append_on_full_disk(); break;
        case 3: must(log_->checkpoint()); break;
        case 4:
        case 5:
        case 6:
        case 7: append_group(2 + below(5)); break;
        default: append_group(1); break;
        }
    }

    /// Queues appends and writes them as one group, or as several where the options want that.
    void append_group(std::uint64_t count) {
        auto source = log_->make_producer();
        std::vector<pending_append> pending;
        std::vector<std::uint64_t> numbers;
        for (; count != 0; --count) {
            append_request request = source.new_append();
            numbered_append{++number_}.add_to(request);
            pending.push_back(must(source.try_append(std::move(request))));
            numbers.push_back(number_);
        }
        for (std::size_t done = 0; done != pending.size();) {
            std::size_t const entries = made_.journal.size();
            BOOST_REQUIRE(log_->run_once());
            std::size_t const begun = done;
            while (done != pending.size() && pending[done].ready()) { ++done; }
            note_group({pending.data() + begun, done - begun},
                       {numbers.data() + begun, done - begun}, answered_after(entries));
        }
    }

    /// A group is answered just before its high-water mark is written, which is the first thing
    /// that is done to the lock file; what else there is to do for the group comes later.
    [[nodiscard]] std::size_t answered_after(std::size_t entries) const {
        auto const& all = made_.journal.entries();
        auto const lock = made_.journal.file_named("log.db.lock");
        auto const mark =
            std::find_if(all.begin() + static_cast<std::ptrdiff_t>(entries), all.end(),
                         [&](auto const& each) { return each.file == lock; });
        return static_cast<std::size_t>(mark - all.begin());
    }

    void note_group(std::span<pending_append> answered, std::span<std::uint64_t const> numbers,
                    std::size_t entries) {
        known_session& session = made_.sessions.back();
        bool is_stored = false;
        bool is_doubtful = false;
        for (std::size_t at = 0; at != answered.size(); ++at) {
            auto const answer = answered[at].get();
            BOOST_REQUIRE_MESSAGE(
                answer || answer.error().is_in_doubt() || answer.error() == errc::disk_full,
                message_of(answer));
            is_doubtful = is_doubtful || (!answer && answer.error().is_in_doubt());
            if (!answer && !answer.error().is_in_doubt()) { continue; }
            is_stored = true;
            add_events(session, numbers[at]);
            if (answer) { BOOST_REQUIRE(answer->last.value == session.events.size()); }
        }
        if (!is_stored) { return; }
        session.commits.push_back({position{session.events.size()}, is_doubtful ? never : entries});
        is_broken_ = is_doubtful;
    }

    static void add_events(known_session& session, std::uint64_t number) {
        numbered_append const source{number};
        std::map<std::string, std::uint64_t> versions;
        for (known_event const& each : session.events) { versions[each.stream] = each.in_stream; }
        for (std::uint32_t part = 0; part != source.event_count(); ++part) {
            std::string const stream = source.stream_of(part);
            session.events.push_back({number, part, ++versions[stream], stream, source.type(),
                                      source.tag(), source.data_of(part)});
        }
    }

    void append_rejected() {
        known_session const& session = made_.sessions.back();
        if (session.events.empty()) { return; }
        auto source = log_->make_producer();
        append_request request = source.new_append();
        numbered_append{++number_}.add_to(request);
        request.expect(session.events.front().stream, expected::no_stream{});
        BOOST_REQUIRE(fails_with(source.append(std::move(request)), errc::stream_already_exists));
    }

    void append_repeated() {
        known_session const& session = made_.sessions.back();
        for (known_event const& each : session.events) {
            if (numbered_append{each.append}.idempotency_key().empty()) { continue; }
            auto source = log_->make_producer();
            BOOST_REQUIRE(must(append_number(source, each.append)).repeated);
            return;
        }
    }

    void append_on_full_disk() {
        faulty_.fail_at(1 + below(6), fault_vfs::fault::disk_full, below(2) == 0);
        append_group(1 + below(3));
        faulty_.heal();
    }

    void append_until_killed() {
        faulty_.fail_at(1 + below(30), fault_vfs::fault::io_error, true);
        while (!is_broken_) { append_group(1 + below(3)); }
    }

    /// With nothing under way.
    void kill() { faulty_.fail_at(1, fault_vfs::fault::io_error, true); }

    [[nodiscard]] std::uint64_t below(std::uint64_t end) { return random_() % end; }

    std::mt19937_64 random_;
    recording how_;
    std::uint32_t page_bytes_;
    temporary_folder folder_;
    std::filesystem::path file_ = folder_ / "log.db";
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    history made_;
    recording_vfs recorder_;
    fault_vfs faulty_;
    std::optional<event_log> log_;
    std::uint64_t number_ = 0;
    bool is_broken_ = false; ///< an append was answered in doubt, as is every later one
};

} // namespace

history record_history(std::uint64_t seed, recording const& how) {
    return history_recorder{seed, how}.run();
}

sqlite_log_options crash_state_options(durability mode) {
    projection_set projections;
    projections.add(tallies{});
    sqlite_log_options options = small_options();
    options.codec = record_codec::none; // so that sizes do not hang on random ids
    options.state = projections;
    use_small_tables(options);
    options.store.mode = mode;
    options.store.cache_bytes = 1024 * 1024;
    options.store.readers_max = 2;
    return options;
}

} // namespace swarmlog::test
