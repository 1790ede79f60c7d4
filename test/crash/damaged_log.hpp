#pragma once

#include "crash/numbered_file.hpp"
#include "crash/stored_rows.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>

namespace swarmlog::test {

/// A closed log of 60 appends, each its own record, with index runs and a tail behind them, for
/// a test to damage; and what to expect of it afterwards.
class damaged_log {
public:
    static constexpr std::uint64_t appends = 60;

    damaged_log() {
        auto options = small_options();
        options.index_tail_events = 32;
        auto log = must(open_sqlite(path, options));
        append_numbers(log, 1, appends);
        must(log.close());
        expected.extend_to(appends);
    }

    [[nodiscard]] stored_rows rows() const { return stored_rows{path}; }
    [[nodiscard]] result<event_log> open() const { return open_sqlite(path, small_options()); }

    /// The first position of the record that holds `at`.
    [[nodiscard]] position record_of(position at) const {
        return position{expected.first_of(expected.at(at).append)};
    }
    /// The last position that an index run covers.
    [[nodiscard]] position indexed_through() const {
        return position{
            static_cast<std::uint64_t>(rows().integer("SELECT max(last) FROM index_runs"))};
    }
    [[nodiscard]] position head() const { return position{expected.last_of(appends)}; }

    /// Every event that can be read is as it was appended; what cannot be is `corrupt`.
    /// Answers how many can be read, one by one.
    std::uint64_t check_readable(event_log const& log) {
        std::uint64_t readable = 0;
        for (position at{1}; at <= log.head(); at = at.next()) {
            auto const found = log.read().after(at.previous()).limit(1).first();
            if (!found) {
                BOOST_TEST((found.error() == errc::corrupt), found.error().message());
                continue;
            }
            BOOST_REQUIRE(found->has_value());
            std::string const wrong = expected.difference(**found, at);
            BOOST_TEST(wrong.empty(), "position " << at.value << ": " << wrong);
            ++readable;
        }
        return readable;
    }

    /// Opens the damaged file: whatever happens, no event reads differently from what was
    /// appended, and damage that hides events is told. Answers whether anything was noticed.
    bool check_damage() {
        auto const log = open();
        if (!log) {
            error const& failure = log.error();
            bool const is_told = failure == errc::corrupt || failure == errc::not_ours ||
                                 failure == errc::schema_too_new || failure == errc::io_error;
            BOOST_TEST(is_told, failure.message());
            return true;
        }
        std::uint64_t const readable = check_readable(*log);
        open_report const& opened = log->opened();
        bool const is_noticed = opened.lost_events != 0 || opened.corrupt_at.has_value();
        if (opened.head < head()) {
            BOOST_TEST(is_noticed, "events are gone and nobody said so");
            BOOST_TEST(opened.read_only);
        }
        for (unsigned stream = 0; stream != 23; ++stream) {
            std::string const name = "stream-" + std::to_string(stream);
            auto const events = log->read().stream(name).collect();
            if (events) {
                BOOST_TEST(events->size() == expected.count_in(name, log->head()));
            } else {
                BOOST_TEST((events.error() == errc::corrupt), events.error().message());
            }
        }
        auto const report = log->verify();
        bool const is_sound = report && report->sound();
        // Verification walks from leaf to leaf; a damaged page above these leads only the reads
        // of single events astray, which then say so.
        return is_noticed || !is_sound || readable != log->head().value;
    }

    temporary_folder folder;
    std::filesystem::path path = folder / "log.db";
    numbered_log expected;
};

/// That a message names a position.
[[nodiscard]] inline bool names(error const& failure, position at) {
    std::string const message = failure.message();
    bool const found = message.find("position " + std::to_string(at.value)) != std::string::npos;
    if (!found) { BOOST_TEST_MESSAGE("the message is: " << message); }
    return found;
}

} // namespace swarmlog::test
