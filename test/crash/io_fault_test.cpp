#include "crash/numbered_file.hpp"
#include "support/expect_result.hpp"
#include "support/fault_vfs.hpp"
#include "support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

constexpr std::uint64_t stored_before = 9; ///< appends in the file before anything fails
constexpr std::uint64_t appends_end = 30;

/// What the log answered to each append of a run with a fault, by the append's number.
struct answers {
    std::set<std::uint64_t> accepted, rejected, in_doubt;
};

std::uint64_t number_of(event_view const& event) {
    return std::stoull(std::string{event.data.substr(10)});
}

class faulty_log {
public:
    explicit faulty_log(durability mode = durability::durable) {
        options_.store.mode = mode;
        auto log = must(open_sqlite(original_, options_));
        append_numbers(log, 1, stored_before);
        // Left as by a killed process, so that opening has something to recover.
        copy_as_killed(original_, template_);
    }

    void start_anew() { copy_as_killed(template_, file_); }

    [[nodiscard]] result<event_log> open_faulty(durability mode) {
        auto options = options_;
        options.store.mode = mode;
        options.store.vfs = vfs.name();
        return open_sqlite(file_, options);
    }
    [[nodiscard]] result<event_log> open_faulty() { return open_faulty(options_.store.mode); }
    [[nodiscard]] result<event_log> open_well() { return open_sqlite(file_, options_); }

    /// Appends one after another and checks that the answers keep to the contract.
    [[nodiscard]] static answers append_all(event_log& log) {
        answers given;
        auto source = log.make_producer();
        for (std::uint64_t number = stored_before + 1; number != appends_end; ++number) {
            auto const answer = append_number(source, number);
            if (answer) {
                BOOST_TEST(given.in_doubt.empty(), "accepted after a commit in doubt");
                given.accepted.insert(number);
            } else if (answer.error() == errc::in_doubt) {
                BOOST_TEST(answer.error().is_in_doubt());
                given.in_doubt.insert(number);
            } else {
                BOOST_TEST(given.in_doubt.empty(), answer.error().message());
                BOOST_TEST((answer.error() == errc::disk_full), answer.error().message());
                given.rejected.insert(number);
            }
        }
        return given;
    }

    /// Readers go on: everything acknowledged is there, and nothing that is in doubt is seen.
    static void check_reads(event_log const& log, answers const& given) {
        std::uint64_t events = 0;
        for (std::uint64_t number = 1; number <= stored_before; ++number) {
            events += numbered_append{number}.event_count();
        }
        for (std::uint64_t const number : given.accepted) {
            events += numbered_append{number}.event_count();
        }
        auto const all = must(log.read().collect());
        BOOST_TEST(all.size() == events);
        for (event const& each : all) {
            std::uint64_t const number = number_of(each);
            BOOST_TEST((number <= stored_before || given.accepted.contains(number)));
        }
        BOOST_TEST(must(log.read().tag("tag:1").collect()).size() ==
                   must(log.read().tag("tag:1").count()));
    }

    /// The reopened log holds what was acknowledged and nothing that was rejected; what is in
    /// doubt is there as a whole or not at all.
    static void check_reopened(event_log const& log, answers const& given) {
        BOOST_TEST(log.opened().lost_events == 0U);
        BOOST_TEST(!log.opened().read_only, log.opened().message);
        auto const report = must(log.verify());
        for (auto const& problem : report.problems) {
            BOOST_ERROR("position " << problem.at.value << ": " << problem.what);
        }
        std::map<std::uint64_t, std::uint32_t> found;
        for (event_view const& each : log.read()) {
            std::uint64_t const number = number_of(each);
            BOOST_TEST(each.data == numbered_append{number}.data_of(found[number]));
            ++found[number];
        }
        for (auto const& [number, events] : found) {
            BOOST_TEST(events == numbered_append{number}.event_count(), "half an append");
            BOOST_TEST(!given.rejected.contains(number), number << " was rejected and is there");
        }
        for (std::uint64_t number = 1; number <= stored_before; ++number) {
            BOOST_TEST(found.contains(number));
        }
        for (std::uint64_t const number : given.accepted) {
            BOOST_TEST(found.contains(number), number << " was acknowledged and is lost");
        }
    }

    /// As after a kill, and as after closing; then it can be appended to again.
    void check_after(event_log& log, answers const& given) {
        auto const killed = folder_ / "killed.db";
        copy_as_killed(file_, killed);
        check_reopened(must(open_sqlite(killed, options_)), given);
        // Closing may fail like any other writing; it may not lose anything.
        static_cast<void>(log.close());
        check_reopening(given);
    }

    void check_reopening(answers const& given) {
        failed_ = vfs.has_failed();
        vfs.heal();
        auto reopened = must(open_well());
        check_reopened(reopened, given);
        auto source = reopened.make_producer();
        BOOST_TEST(append_number(source, 1000).has_value());
        must(reopened.close());
    }

    [[nodiscard]] bool last_run_failed() const noexcept { return failed_; }

    fault_vfs vfs{"faulty"};

private:
    bool failed_ = false;
    temporary_folder folder_;
    std::filesystem::path original_ = folder_ / "original.db";
    std::filesystem::path template_ = folder_ / "template.db";
    std::filesystem::path file_ = folder_ / "log.db";
    sqlite_log_options options_ = small_options();
};

using arming = std::function<void(std::uint64_t)>;

/// Runs with the n-th failure for n = 1, 2, … until a run meets none.
void for_each_failure(faulty_log& file, std::function<void(std::uint64_t)> const& run) {
    bool failed = true;
    for (std::uint64_t nth = 1; failed; ++nth) {
        BOOST_REQUIRE(nth < 10'000);
        BOOST_TEST_CONTEXT("failure " << nth) {
            file.vfs.heal();
            file.start_anew();
            run(nth);
            failed = file.last_run_failed();
        }
    }
}

void fail_while_appending(faulty_log& file, arming const& arm) {
    std::uint64_t in_doubt = 0;
    std::uint64_t rejected = 0;
    for_each_failure(file, [&](std::uint64_t nth) {
        auto log = must(file.open_faulty());
        arm(nth);
        answers const given = faulty_log::append_all(log);
        in_doubt += given.in_doubt.size();
        rejected += given.rejected.size();
        faulty_log::check_reads(log, given);
        file.check_after(log, given);
    });
    BOOST_TEST_MESSAGE(in_doubt << " appends in doubt, " << rejected << " rejected");
    BOOST_TEST(in_doubt + rejected > 0U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(io_fault)

BOOST_AUTO_TEST_CASE(a_failed_write_or_flush_of_a_durable_log_is_answered_in_doubt) {
    faulty_log file;
    fail_while_appending(file, [&](std::uint64_t nth) { file.vfs.fail_at(nth); });
}

BOOST_AUTO_TEST_CASE(a_failed_write_or_flush_of_a_relaxed_log_is_answered_in_doubt) {
    faulty_log file{durability::relaxed};
    fail_while_appending(file, [&](std::uint64_t nth) { file.vfs.fail_at(nth); });
}

BOOST_AUTO_TEST_CASE(a_failed_flush_alone_is_answered_in_doubt) {
    faulty_log file;
    fail_while_appending(file, [&](std::uint64_t nth) { file.vfs.fail_at_sync(nth); });
}

BOOST_AUTO_TEST_CASE(a_device_that_fails_for_good_loses_nothing_acknowledged) {
    faulty_log file;
    fail_while_appending(
        file, [&](std::uint64_t nth) { file.vfs.fail_at(nth, fault_vfs::fault::io_error, true); });
}

BOOST_AUTO_TEST_CASE(a_full_disk_rejects_what_it_met_and_nothing_more) {
    faulty_log file;
    fail_while_appending(
        file, [&](std::uint64_t nth) { file.vfs.fail_at(nth, fault_vfs::fault::disk_full); });
}

BOOST_AUTO_TEST_CASE(a_disk_that_stays_full_rejects_until_there_is_space_again) {
    faulty_log file;
    file.start_anew();
    auto log = must(file.open_faulty());
    auto source = log.make_producer();
    std::uint64_t number = stored_before + 1;
    for (; number != 14; ++number) { static_cast<void>(must(append_number(source, number))); }
    position const before = log.head();

    file.vfs.fail_at(1, fault_vfs::fault::disk_full, true);
    // 16 has an idempotency key.
    for (std::uint64_t rejected = 14; rejected <= 40; ++rejected) {
        auto const answer = append_number(source, rejected);
        BOOST_TEST(fails_with(answer, errc::disk_full));
        BOOST_TEST(answer.error().is_rejected());
    }
    BOOST_TEST(log.head().value == before.value);
    BOOST_TEST(must(log.read().collect()).size() == before.value);

    file.vfs.heal();
    append_request keyed = source.new_append();
    numbered_append{16}.add_to(keyed);
    auto const retried = must(source.append(std::move(keyed)));
    BOOST_TEST(!retried.repeated);
    BOOST_TEST(retried.first.value == before.value + 1);
    BOOST_TEST(must(append_number(source, 16)).repeated);
    append_numbers(log, 41, 80);
    BOOST_TEST(must(log.verify()).sound());
    must(log.close());
    auto const reopened = must(file.open_well());
    BOOST_TEST(must(reopened.verify()).sound());
    BOOST_TEST(must(reopened.read().tag("tag:6").first())->data.starts_with(R"({"append":6)"));
}

BOOST_AUTO_TEST_CASE(pipelined_appends_that_meet_a_full_disk_are_rejected_as_one_group) {
    faulty_log file;
    file.start_anew();
    auto log = must(file.open_faulty());
    auto source = log.make_producer();
    std::vector<pending_append> pending;
    for (std::uint64_t number = 10; number != 20; ++number) {
        append_request request = source.new_append();
        numbered_append{number}.add_to(request);
        pending.push_back(must(source.try_append(std::move(request))));
    }
    file.vfs.fail_at(3, fault_vfs::fault::disk_full);
    BOOST_TEST(log.run_once());
    for (pending_append& each : pending) { BOOST_TEST(fails_with(each.get(), errc::disk_full)); }
    append_numbers(log, 10, 19);
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_CASE(opening_that_fails_at_any_call_leaves_a_log_that_opens) {
    faulty_log file;
    for_each_failure(file, [&](std::uint64_t nth) {
        file.vfs.fail_at(nth);
        auto log = file.open_faulty();
        answers given;
        if (log) {
            given = faulty_log::append_all(*log);
            static_cast<void>(log->close());
        }
        file.check_reopening(given);
    });
}

BOOST_AUTO_TEST_CASE(a_durable_log_flushes_what_a_killed_process_left_before_it_is_open) {
    faulty_log file{durability::relaxed};
    file.start_anew();
    file.vfs.fail_at_sync(1, fault_vfs::files::wal);
    BOOST_TEST(fails_with(file.open_faulty(durability::durable), errc::io_error));
    file.vfs.heal();
    file.start_anew();
    {
        auto const log = must(file.open_faulty(durability::durable));
        BOOST_TEST(file.vfs.syncs() == 1U);
        BOOST_TEST(log.head().value != 0U);
    }
    file.start_anew();
    file.vfs.fail_at_sync(1, fault_vfs::files::wal);
    BOOST_TEST(file.open_faulty(durability::relaxed).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_disk_while_opening_leaves_a_log_that_opens) {
    faulty_log file;
    for_each_failure(file, [&](std::uint64_t nth) {
        file.vfs.fail_at(nth, fault_vfs::fault::disk_full, true);
        auto log = file.open_faulty();
        answers given;
        if (log) { given = faulty_log::append_all(*log); }
        log = error{errc::closed};
        file.check_reopening(given);
    });
}

BOOST_AUTO_TEST_CASE(maintenance_that_fails_at_any_call_loses_nothing) {
    faulty_log file;
    for_each_failure(file, [&](std::uint64_t nth) {
        auto log = must(file.open_faulty());
        append_numbers(log, 100, 110);
        answers given;
        for (std::uint64_t number = 100; number <= 110; ++number) { given.accepted.insert(number); }
        file.vfs.fail_at(nth);
        static_cast<void>(log.checkpoint());
        auto source = log.make_producer();
        for (std::uint64_t number = 111; number <= 114; ++number) {
            auto const answer = append_number(source, number);
            if (answer) {
                given.accepted.insert(number);
            } else if (answer.error() == errc::disk_full) {
                given.rejected.insert(number);
            }
        }
        static_cast<void>(log.compact());
        faulty_log::check_reads(log, given);
        file.check_after(log, given);
    });
}

BOOST_AUTO_TEST_CASE(a_log_whose_making_fails_at_any_call_can_be_made_after_all) {
    fault_vfs vfs{"faulty"};
    bool failed = true;
    for (std::uint64_t nth = 1; failed; ++nth) {
        BOOST_REQUIRE(nth < 1'000);
        temporary_folder const folder;
        auto options = small_options();
        options.store.vfs = vfs.name();
        vfs.fail_at(nth);
        {
            auto const log = open_sqlite(folder / "new.db", options);
            failed = vfs.has_failed();
        }
        vfs.heal();
        auto log = must(open_sqlite(folder / "new.db", options));
        append_numbers(log, 1, 3);
        BOOST_TEST(must(log.verify()).sound());
        must(log.close());
    }
}

BOOST_AUTO_TEST_CASE(a_backup_that_fails_at_any_call_leaves_the_log_as_it_was) {
    faulty_log file;
    for_each_failure(file, [&](std::uint64_t nth) {
        auto log = must(file.open_faulty());
        file.vfs.fail_at(nth);
        temporary_folder const folder;
        auto const copied = log.backup_to((folder / "copy.db").string());
        if (copied) {
            auto const copy = must(open_sqlite(folder / "copy.db", small_options()));
            BOOST_TEST(must(copy.verify()).sound());
            BOOST_TEST(copy.head().value == log.head().value);
        } else {
            BOOST_TEST(!std::filesystem::exists(folder / "copy.db"));
        }
        file.check_after(log, {});
    });
}

// A write that fails stores half of what it was given. The other half of a page may be what the
// file holds there from before it started over, and the frame that commits is whole then.
BOOST_AUTO_TEST_CASE(what_a_full_disk_rejected_does_not_come_back_with_a_kill) {
    temporary_folder const folder;
    fault_vfs vfs{"torn-commit"};
    auto options = small_options();
    options.index_tail_events = 10'000; // no writes but those of the appends
    options.store.page_bytes = 8'192;
    options.store.vfs = vfs.name();
    auto log = must(open_sqlite(folder / "log.db", options));
    auto source = log.make_producer();
    auto const append_one = [&] {
        return source.append("s", expected::any{}, raw_event{"n", "1"});
    };
    std::uint64_t rejected = 0;
    for (int each = 0; each != 100; ++each) {
        must(append_one()); // also starts the write-ahead log over when that is due
        for (std::uint64_t nth = 1;; ++nth) {
            vfs.fail_at(nth, fault_vfs::fault::disk_full, false);
            auto const answer = append_one();
            vfs.heal();
            if (answer) { break; }
            BOOST_TEST((answer.error() == errc::disk_full), answer.error().message());
            copy_as_killed(folder / "log.db", folder / "copy.db");
            auto const copy = must(open_sqlite(folder / "copy.db", small_options()));
            BOOST_TEST(copy.head().value == log.head().value);
            ++rejected;
        }
    }
    BOOST_TEST(rejected >= 200U);
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_SUITE_END()
