#include "support/in_child.hpp"
#include "support/log_under_test.hpp"

#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(forking)

BOOST_DATA_TEST_CASE(forked_child_answers_so_and_leaves_the_log_alone, all_backends, backend) {
    for (auto const drive : {writer_drive::thread, writer_drive::by_hand}) {
        BOOST_TEST_CONTEXT("by hand " << (drive == writer_drive::by_hand)) {
            log_options options;
            options.drive = drive;
            log_under_test log{backend, options};
            auto producer = log->make_producer();
            must(producer.append("s", expected::any{}, raw()));
            auto events = must(log->subscribe());
            transaction work = log->begin();
            reader begun = log->read();
            std::vector<pending_append> waiting;
            if (drive == writer_drive::by_hand) {
                waiting.push_back(must(producer.try_append("s", expected::any{}, raw())));
                must(producer.submit("s", expected::any{}, raw()));
            }
            int const wrong_call = in_child([&]() -> int {
                auto const is_forked = [](auto const& got) {
                    return !got && got.error() == errc::forked_handle;
                };
                if (!is_forked(producer.append("s", expected::any{}, raw()))) { return 1; }
                if (!is_forked(producer.try_append("s", expected::any{}, raw()))) { return 2; }
                if (!is_forked(producer.submit("s", expected::any{}, raw()))) { return 3; }
                if (!is_forked(log->decide([](decision&) {}))) { return 4; }
                if (!is_forked(work.append("s", raw()))) { return 5; }
                if (!is_forked(work.commit())) { return 6; }
                if (!is_forked(begun.next())) { return 7; }
                if (!is_forked(log->read().count())) { return 8; }
                if (!is_forked(log->version_of("s"))) { return 9; }
                if (!is_forked(log->subscribe())) { return 10; }
                if (!is_forked(events.next(std::chrono::minutes{5}))) { return 11; }
                if (!is_forked(log->open_consumer("c"))) { return 12; }
                if (!is_forked(log->checkpoint())) { return 13; }
                if (!is_forked(log->compact())) { return 14; }
                if (!is_forked(log->sizes())) { return 15; }
                if (!is_forked(log->verify())) { return 16; }
                if (!is_forked(log->wait_for(position{99}, std::chrono::minutes{5}))) { return 17; }
                if (!is_forked(log->find(make_event_id(manual_clock::begin, 1, 1)))) { return 18; }
                if (log->run_once()) { return 19; }
                for (auto& each : waiting) {
                    if (!is_forked(each.get())) { return 20; }
                }
                if (!(producer.flush().first_failure == errc::forked_handle)) { return 21; }
                if (!is_forked(log->close())) { return 22; }
                log.drop();
                return 0;
            });
            BOOST_TEST(wrong_call == 0);
            for (auto& each : waiting) { must(each.get()); }
            must(producer.append("s", expected::any{}, raw()));
            BOOST_TEST(log->head().value == (drive == writer_drive::by_hand ? 4 : 2));
            check_sound(*log);
            log.reopen();
            BOOST_TEST(log->head().value == (drive == writer_drive::by_hand ? 4 : 2));
            check_sound(*log);
        }
    }
}

BOOST_DATA_TEST_CASE(a_decision_that_forks_is_the_parents_alone, all_backends, backend) {
    log_options options;
    options.drive = writer_drive::by_hand;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    ::pid_t child = -1;
    auto const answer = log->decide([&](decision& now) -> result<void> {
        if (auto const added = now.append("s", raw()); !added) { return added.error(); }
        child = ::fork();
        return {};
    });
    if (child == 0) {
        bool const is_told = !answer && answer.error() == errc::forked_handle;
        bool const is_over = !log->decide([](decision&) {});
        leave_child(is_told && is_over ? 0 : 1);
    }
    BOOST_REQUIRE(child > 0);
    int status = -1;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
    BOOST_TEST(must(answer).first.value == 1U);
    BOOST_TEST(must(producer.append("s", expected::any{}, raw())).first.value == 2U);
    check_sound(*log);
}

BOOST_AUTO_TEST_SUITE_END()
