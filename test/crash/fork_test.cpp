#include "crash/numbered_file.hpp"
#include "support/in_child.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/open_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <utility>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

template <class T>
bool is_forked(result<T> const& answer) {
    return !answer && answer.error() == errc::forked_handle;
}

/// Uses every kind of handle, then drops the log. Boost.Test belongs to the parent.
int use_in_child(event_log& log, producer& source, reader& walk, subscription& live) {
    if (!is_forked(append_number(source, 100))) { return 1; }
    if (!is_forked(walk.next())) { return 2; }
    if (!is_forked(log.read().collect())) { return 3; }
    if (!is_forked(log.decide([](decision&) {}))) { return 4; }
    if (!is_forked(log.version_of("stream-7"))) { return 5; }
    if (!is_forked(log.verify())) { return 6; }
    if (!is_forked(log.sizes())) { return 7; }
    if (!is_forked(log.checkpoint())) { return 8; }
    if (!is_forked(live.next(std::chrono::seconds{0}))) { return 9; }
    if (!is_forked(log.backup_to("/tmp/never-made.db"))) { return 10; }
    auto attempt = log.begin();
    if (!is_forked(attempt.version_of("stream-7"))) { return 11; }
    if (!is_forked(log.close())) { return 12; }
    { event_log const dropped{std::move(log)}; }
    return 0;
}

void fork_with(event_log log) {
    append_numbers(log, 1, 20);
    auto source = log.make_producer();
    auto walk = log.read();
    auto live = must(log.subscribe({}, log.head()));
    for (int each = 0; each != 2; ++each) {
        BOOST_TEST(in_child([&] { return use_in_child(log, source, walk, live); }) == 0);
        static_cast<void>(must(append_number(source, 21 + static_cast<unsigned>(each))));
    }
    BOOST_TEST(must(log.verify()).sound());
    BOOST_TEST(must(live.next(std::chrono::seconds{10})).position.value > 20U);
    must(log.close());
}

} // namespace

BOOST_AUTO_TEST_SUITE(fork_of_a_log)

BOOST_AUTO_TEST_CASE(a_child_may_not_use_its_parents_log_and_does_not_harm_it) {
    temporary_folder const folder;
    auto options = small_options();
    options.drive = writer_drive::thread;
    fork_with(must(open_sqlite(folder / "log.db", options)));
    auto const log = must(open_sqlite(folder / "log.db", options));
    BOOST_TEST(must(log.verify()).sound());
    BOOST_TEST(log.opened().lost_events == 0U);
}

BOOST_AUTO_TEST_CASE(a_child_may_not_use_its_parents_log_in_memory) {
    fork_with(must(open_memory()));
}

BOOST_AUTO_TEST_CASE(the_parent_keeps_its_lock_when_a_child_has_gone) {
    temporary_folder const folder;
    auto const path = folder / "log.db";
    auto log = must(open_sqlite(path, small_options()));
    append_numbers(log, 1, 3);
    BOOST_TEST(in_child([&] {
                   { event_log const dropped{std::move(log)}; }
                   auto const second = open_sqlite(path, small_options());
                   return !second && second.error() == errc::already_open ? 0 : 1;
               }) == 0);
    BOOST_TEST(fails_with(open_sqlite(path, small_options()), errc::already_open));
}

BOOST_AUTO_TEST_SUITE_END()
