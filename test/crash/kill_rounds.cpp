#include "crash/kill_rounds.hpp"

#include "crash/numbered_append.hpp"
#include "support/child_process.hpp"
#include "support/expect_result.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <sstream>
#include <string>

namespace swarmlog::test {

namespace {

constexpr std::array modes{"durable", "relaxed"};
constexpr std::array styles{"single", "pipelined", "decided"};

class rounds_on_one_file {
public:
    explicit rounds_on_one_file(std::uint64_t seed) : random_(seed) {}

    void run(unsigned acknowledged_max) {
        std::string const mode = modes[random_() % modes.size()];
        std::string const style = styles[random_() % styles.size()];
        // Now and then in the middle of opening, which is a recovery of the round before.
        bool const while_opening = random_() % 5 == 0;
        std::uint64_t const acks_wanted = while_opening ? 0 : 1 + random_() % acknowledged_max;
        BOOST_TEST_CONTEXT("after append " << acknowledged_ << ", " << mode << ", " << style
                                           << ", killed after " << acks_wanted) {
            append_until_killed(mode, style, while_opening, acks_wanted);
            // A second crash may come before anybody has looked.
            if (random_() % 4 != 0) { check(); }
        }
    }

    void check() {
        sqlite_log_options options;
        options.store.page_bytes = 4096;
        options.index_tail_events = 40;
        auto log = must(open_sqlite(folder_ / "log.db", options));
        check_opening(log);
        position next{1};
        for (event_view const& found : log.read()) {
            std::string const wrong = expected_.difference(found, next);
            BOOST_REQUIRE_MESSAGE(wrong.empty(), "position " << next.value << ": " << wrong);
            next = next.next();
        }
        BOOST_REQUIRE(next.previous() == log.head());
        std::uint64_t stored = 0;
        if (log.head() != position{}) {
            stored = expected_.at(log.head()).append;
            BOOST_TEST(expected_.last_of(stored) == log.head().value, "half an append");
        }
        BOOST_TEST(stored >= acknowledged_, "acknowledged and lost");
        check_index(log);
        check_repetition(log);
        must(log.close());
    }

private:
    void append_until_killed(std::string const& mode, std::string const& style, bool while_opening,
                             std::uint64_t acks_wanted) {
        child_process child{"appending_program",
                            {(folder_ / "log.db").string(), mode, style, "1000000"}};
        std::uint64_t acks = 0;
        bool killed = false;
        while (auto const line = child.next_line()) {
            std::istringstream words{*line};
            std::string what;
            words >> what;
            BOOST_REQUIRE_MESSAGE(what != "failed", *line);
            if (what == "ack") { note_acknowledgement(words), ++acks; }
            if (what == "opened") { note_opening(words); }
            bool const is_time =
                while_opening ? what == "opening" : acks_wanted != 0 && acks >= acks_wanted;
            if (is_time && !killed) {
                child.kill(); // what it wrote before is still read, and was acknowledged
                killed = true;
            }
        }
        child.wait();
    }

    void note_opening(std::istringstream& words) {
        std::uint64_t head = 0;
        std::uint64_t lost = 0;
        words >> head >> lost;
        BOOST_TEST(lost == 0U);
    }

    void note_acknowledgement(std::istringstream& words) {
        std::uint64_t number = 0;
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        words >> number >> first >> last;
        expected_.extend_to(number);
        BOOST_TEST(first == expected_.first_of(number));
        BOOST_TEST(last == expected_.last_of(number));
        acknowledged_ = std::max(acknowledged_, number);
    }

    void check_opening(event_log const& log) {
        open_report const& opened = log.opened();
        BOOST_TEST(opened.lost_events == 0U);
        BOOST_TEST(!opened.corrupt_at.has_value());
        BOOST_TEST(!opened.read_only, opened.message);
        BOOST_TEST(opened.head.value == log.head().value);
        if (opened.high_water_mark) {
            BOOST_TEST(opened.high_water_mark->value <= opened.head.value);
        }
        BOOST_TEST(opened.indexed_through.value <= opened.head.value);
    }

    void check_index(event_log const& log) {
        auto const report = must(log.verify());
        for (auto const& problem : report.problems) {
            BOOST_ERROR("position " << problem.at.value << ": " << problem.what);
        }
        BOOST_TEST(report.events == log.head().value);
        std::string const stream = "stream-" + std::to_string(random_() % 23);
        auto const count = expected_.count_in(stream, log.head());
        BOOST_TEST(must(log.read().stream(stream).count()) == count);
        BOOST_TEST(must(log.version_of(stream)).value == count);
    }

    /// An idempotency key from before the crash still answers with the first receipt.
    void check_repetition(event_log& log) {
        std::uint64_t const number = acknowledged_ / 4 * 4;
        if (number == 0) { return; }
        auto source = log.make_producer();
        append_request again = source.new_append();
        numbered_append{number}.add_to(again);
        auto const answer = must(source.append(std::move(again)));
        BOOST_TEST(answer.repeated);
        BOOST_TEST(answer.first.value == expected_.first_of(number));
        BOOST_TEST(answer.last.value == expected_.last_of(number));
    }

    std::mt19937_64 random_;
    temporary_folder folder_;
    numbered_log expected_;
    std::uint64_t acknowledged_ = 0; ///< the highest number acknowledged
};

} // namespace

void kill_and_check(std::uint64_t seed, unsigned rounds, unsigned acknowledged_max) {
    rounds_on_one_file file{seed};
    for (unsigned round = 0; round != rounds; ++round) { file.run(acknowledged_max); }
    file.check();
}

} // namespace swarmlog::test
