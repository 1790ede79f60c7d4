#include "conformance/numbered_log.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(reading_bounds)

BOOST_DATA_TEST_CASE(bounds_by_position_are_exclusive, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    auto const between = [](std::uint64_t low, std::uint64_t high) {
        return numbers(count, [=](auto n) { return n > low && n < high; });
    };
    for (std::uint64_t const low : std::vector<std::uint64_t>{0, 1, 31, 32, 33, 99, 100, 101}) {
        for (std::uint64_t const high :
             std::vector<std::uint64_t>{0, 1, 2, 32, 33, 34, 100, 101, 102}) {
            BOOST_TEST_CONTEXT("after " << low << " before " << high) {
                auto const read = [&] {
                    return log->read().after(position{low}).before(position{high});
                };
                TEST_POSITIONS(read(), between(low, high));
                TEST_POSITIONS(read().backwards(), reversed(between(low, high)));
                auto const of_stream =
                    numbers(count, [=](auto n) { return n > low && n < high && n % 3 == 2; });
                TEST_POSITIONS(read().stream("s2"), of_stream);
                TEST_POSITIONS(read().stream("s2").backwards(), reversed(of_stream));
                BOOST_TEST(must(read().count()) == between(low, high).size());
                BOOST_TEST(must(read().stream("s2").count()) == of_stream.size());
            }
        }
    }
    // The tightest of several bounds holds.
    TEST_POSITIONS(
        log->read().after(position{5}).after(position{3}).before(position{8}).before(position{20}),
        list{6, 7});
}

BOOST_DATA_TEST_CASE(largest_numbers_are_bounds_like_others, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    constexpr std::uint64_t largest = std::uint64_t(-1);
    for (position const far : {position::max(), position{largest}, position{largest - 1}}) {
        TEST_POSITIONS(log->read().after(far), list{});
        TEST_POSITIONS(log->read().stream("s1").after(far), list{});
        TEST_POSITIONS(log->read().after(far).backwards(), list{});
        BOOST_TEST(must(log->read().after(far).count()) == 0);
        BOOST_TEST(positions(log->read().before(far)).size() == count);
        BOOST_TEST(must(log->read().before(far).backwards().count()) == count);
        BOOST_TEST(failed_with(log->read().wait_for(far, std::chrono::milliseconds{1}).next(),
                               errc::deadline_exceeded, {std::to_string(far.value)}));
        transaction work = log->begin();
        BOOST_TEST(must(work.read(query{}, far)).empty());
        must(log->decide([&](decision& now) { BOOST_TEST(must(now.read(query{}, far)).empty()); }));
    }
    TEST_POSITIONS(log->read().stream("s1").after(version{largest}), list{});
    BOOST_TEST(positions(log->read().stream("s1").before(version{largest})).size() == 34);
    TEST_POSITIONS(log->read().after(timestamp::max()), list{});
    BOOST_TEST(positions(log->read().after(timestamp::min())).size() == count);
    TEST_POSITIONS(log->read().before(timestamp::min()), list{});
    BOOST_TEST(positions(log->read().before(timestamp::max())).size() == count);
    BOOST_TEST(positions(log->read().limit(largest)).size() == count);
    TEST_POSITIONS(log->read().limit(0), list{});
    TEST_POSITIONS(log->read().stream("s1").limit(0), list{});
}

BOOST_DATA_TEST_CASE(bounds_by_version_are_exclusive, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    // Version v of stream s1 is position 3v - 2; there are 34.
    for (std::uint64_t const low : std::vector<std::uint64_t>{0, 1, 10, 11, 12, 33, 34, 35}) {
        for (std::uint64_t const high : std::vector<std::uint64_t>{0, 1, 2, 11, 12, 34, 35, 36}) {
            BOOST_TEST_CONTEXT("after " << low << " before " << high) {
                auto const wanted = numbers(count, [=](auto n) {
                    return n % 3 == 1 && (n + 2) / 3 > low && (n + 2) / 3 < high;
                });
                auto const read = [&] {
                    return log->read().stream("s1").after(version{low}).before(version{high});
                };
                TEST_POSITIONS(read(), wanted);
                TEST_POSITIONS(read().backwards(), reversed(wanted));
                TEST_POSITIONS(read().limit(2),
                               list(wanted.begin(),
                                    wanted.begin() + static_cast<std::ptrdiff_t>(
                                                         std::min<std::size_t>(2, wanted.size()))));
                BOOST_TEST(must(read().count()) == wanted.size());
            }
        }
    }
    TEST_POSITIONS(log->read().stream("s1").type("t1").after(version{31}), list{97});
    TEST_POSITIONS(log->read().stream("s1").after(version{2}).before(position{12}), list{7, 10});
    TEST_POSITIONS(log->read().stream("absent").after(version{1}), list{});
    TEST_POSITIONS(log->read().stream("absent").after(version{0}).before(version{3}), list{});
}

BOOST_DATA_TEST_CASE(bound_by_version_needs_one_stream, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, 10);
    for (query const& events : {query{}, query{}.type("t1"), query{}.stream("s1").stream("s2"),
                                query{}.stream("s1") | query{}.stream("s2")}) {
        auto const read = [&] { return log->read().matching(events).after(version{1}); };
        BOOST_TEST(failed_with(read().collect(), errc::invalid_argument, {"one stream"}));
        BOOST_TEST(failed_with(read().count(), errc::invalid_argument));
        reader kept = read();
        BOOST_TEST(failed_with(kept.next(), errc::invalid_argument));
        BOOST_TEST(failed_with(kept.next(), errc::invalid_argument)); // it stays so
    }
}

BOOST_DATA_TEST_CASE(bounds_by_time_are_exclusive, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    std::chrono::nanoseconds const tick{1};
    for (std::uint64_t const number : std::vector<std::uint64_t>{1, 2, 31, 32, 33, 50, 99, 100}) {
        BOOST_TEST_CONTEXT("at " << number) {
            auto const later = numbers(count, [=](auto n) { return n > number; });
            auto const earlier = numbers(count, [=](auto n) { return n < number; });
            auto const from = numbers(count, [=](auto n) { return n >= number; });
            auto const upto = numbers(count, [=](auto n) { return n <= number; });
            timestamp const at = time_of(number);
            TEST_POSITIONS(log->read().after(at), later);
            TEST_POSITIONS(log->read().after(at - tick), from);
            TEST_POSITIONS(log->read().before(at), earlier);
            TEST_POSITIONS(log->read().before(at + tick), upto);
            TEST_POSITIONS(log->read().after(at).backwards(), reversed(later));
            TEST_POSITIONS(log->read().before(at).backwards(), reversed(earlier));
            TEST_POSITIONS(log->read().after(at - tick).before(at + tick), list{number});
            TEST_POSITIONS(log->read().after(at).before(at), list{});
            TEST_POSITIONS(log->read().tag("tenth").after(at),
                           numbers(count, [=](auto n) { return n > number && n % 10 == 0; }));
            BOOST_TEST(must(log->read().after(at).count()) == later.size());
        }
    }
}

BOOST_DATA_TEST_CASE(times_within_one_record_are_told_apart, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    append_request request = producer.new_append();
    for (int each = 0; each != 20; ++each) { request.add("s", raw()); }
    must(producer.append(std::move(request)));
    BOOST_TEST(log->statistics().records == 1);
    timestamp const tenth = manual_clock::begin + std::chrono::nanoseconds{9};
    TEST_POSITIONS(log->read().after(tenth).before(tenth + std::chrono::nanoseconds{3}),
                   list{11, 12});
    TEST_POSITIONS(log->read().before(tenth).backwards().limit(2), list{9, 8});
}

BOOST_DATA_TEST_CASE(limit_ends_a_walk_in_either_direction, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    for (std::uint64_t const limit : std::vector<std::uint64_t>{1, 6, 7, 8, 64, 99, 100, 101}) {
        auto const wanted = numbers(count, [=](auto n) { return n <= limit; });
        TEST_POSITIONS(log->read().limit(limit), wanted);
        TEST_POSITIONS(log->read().limit(limit).backwards(),
                       reversed(numbers(count, [=](auto n) { return n + limit > count; })));
        TEST_POSITIONS(log->read().type("t0").type("t1").limit(limit), wanted);
        BOOST_TEST(must(log->read().limit(limit).count()) == wanted.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
