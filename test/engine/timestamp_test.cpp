#include <swarmlog/engine/timestamp.hpp>

#include "support/random_seed.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <string_view>

using swarmlog::errc;
using swarmlog::parse_timestamp;
using swarmlog::timestamp;
using swarmlog::to_string;

namespace {

timestamp at(std::int64_t nanoseconds) { return timestamp{std::chrono::nanoseconds{nanoseconds}}; }

std::int64_t nanoseconds_of(timestamp time) { return time.time_since_epoch().count(); }

struct reading {
    std::string_view text;
    std::int64_t nanoseconds;

    friend std::ostream& operator<<(std::ostream& out, reading const& self) {
        return out << self.text;
    }
};

constexpr std::int64_t second = 1'000'000'000;

constexpr reading readings[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01t00:00:00z", 0},
    {"1970-01-01 00:00:00Z", 0},
    {"1970-01-01T00:00:00.000000001Z", 1},
    {"1970-01-01T00:00:00.1Z", second / 10},
    {"1970-01-01T00:00:00.120Z", 120'000'000},
    {"1970-01-01T00:00:00+00:00", 0},
    {"1970-01-01T00:00:00-00:00", 0},
    {"1970-01-01T01:00:00+01:00", 0},
    {"1969-12-31T18:30:00-05:30", 0},
    {"1970-01-01T23:59:00+23:59", 0},
    {"1969-12-31T00:01:00-23:59", 0},
    {"1969-12-31T23:59:59.999999999Z", -1},
    {"1969-12-31T23:59:58Z", -2 * second},
    {"2000-02-29T00:00:00Z", 951'782'400 * second},
    {"2024-02-29T12:00:00Z", 1'709'208'000 * second},
    {"1900-02-28T00:00:00Z", -2'203'977'600 * second},
    {"2026-08-06T04:12:45.184938521Z", 1'785'989'565'184'938'521},
    {"1677-09-21T00:12:43.145224192Z", std::numeric_limits<std::int64_t>::min()},
    {"2262-04-11T23:47:16.854775807Z", std::numeric_limits<std::int64_t>::max()},
    {"2262-04-12T01:47:16.854775807+02:00", std::numeric_limits<std::int64_t>::max()},
};

constexpr std::string_view malformed_times[] = {
    "",
    "2026",
    "2026-08-06",
    "2026-08-06T04:12:45",
    "2026-08-06T04:12Z",
    "26-08-06T04:12:45Z",
    "2026-8-06T04:12:45Z",
    "2026-08-6T04:12:45Z",
    "2026/08/06T04:12:45Z",
    "2026-08-06_04:12:45Z",
    "2026-08-06  04:12:45Z",
    "2026-00-06T04:12:45Z",
    "2026-13-06T04:12:45Z",
    "2026-08-00T04:12:45Z",
    "2026-08-32T04:12:45Z",
    "2026-04-31T04:12:45Z",
    "2026-02-29T04:12:45Z",
    "1900-02-29T04:12:45Z",
    "2100-02-29T04:12:45Z",
    "2026-08-06T24:00:00Z",
    "2026-08-06T04:60:45Z",
    "2026-08-06T04:12:60Z",
    "2026-08-06T04:12:61Z",
    "2026-08-06T4:12:45Z",
    "2026-08-06T04:12:45.Z",
    "2026-08-06T04:12:45,5Z",
    "2026-08-06T04:12:45.1234567890Z",
    "2026-08-06T04:12:45.-1Z",
    "2026-08-06T04:12:45+0200",
    "2026-08-06T04:12:45+02",
    "2026-08-06T04:12:45+24:00",
    "2026-08-06T04:12:45+02:60",
    "2026-08-06T04:12:45 Z",
    "2026-08-06T04:12:45ZZ",
    "2026-08-06T04:12:45Z ",
    " 2026-08-06T04:12:45Z",
    "+2026-08-06T04:12:45Z",
    "-2026-08-06T04:12:45Z",
};

constexpr std::string_view out_of_range[] = {
    "0000-01-01T00:00:00Z",           "1677-09-21T00:12:43.145224191Z", "1677-09-21T00:12:42Z",
    "2262-04-11T23:47:16.854775808Z", "2262-04-11T23:47:17Z",           "2262-04-11T23:47:16-00:01",
    "9999-12-31T23:59:59.999999999Z",
};

} // namespace

BOOST_AUTO_TEST_SUITE(timestamp_test)

BOOST_DATA_TEST_CASE(rfc_3339_is_read_to_the_nanosecond, readings, expected) {
    auto const time = parse_timestamp(expected.text);
    BOOST_TEST_REQUIRE(time.has_value());
    BOOST_TEST(nanoseconds_of(*time) == expected.nanoseconds);
}

BOOST_DATA_TEST_CASE(malformed_text_is_refused_and_not_quoted, malformed_times, text) {
    auto const time = parse_timestamp(text);
    BOOST_TEST_REQUIRE(time.has_error());
    BOOST_TEST((time.error() == errc::invalid_argument));
    std::string const message = time.error().message();
    BOOST_TEST(message.find(std::to_string(text.size()) + " bytes") != std::string::npos, message);
    BOOST_TEST(message.find("\"" + std::string(text) + "\"") == std::string::npos, message);
}

BOOST_DATA_TEST_CASE(a_time_out_of_range_is_told_the_range, out_of_range, text) {
    auto const time = parse_timestamp(text);
    BOOST_TEST_REQUIRE(time.has_error());
    BOOST_TEST((time.error() == errc::invalid_argument));
    std::string const message = time.error().message();
    BOOST_TEST(message.find(text) == std::string::npos);
    BOOST_TEST(message.find("1677-09-21T00:12:43.145224192Z") != std::string::npos);
    BOOST_TEST(message.find("2262-04-11T23:47:16.854775807Z") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(hostile_text_is_quoted_short_and_printable) {
    std::string const text(10'000, '\n');
    std::string const message = parse_timestamp(text).error().message();
    BOOST_TEST(message.size() < 500u);
    BOOST_TEST(message.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(writing_always_has_nine_digits_and_a_z) {
    BOOST_TEST(to_string(at(0)) == "1970-01-01T00:00:00.000000000Z");
    BOOST_TEST(to_string(at(-1)) == "1969-12-31T23:59:59.999999999Z");
    BOOST_TEST(to_string(at(1'785'989'565'184'938'521)) == "2026-08-06T04:12:45.184938521Z");
}

BOOST_AUTO_TEST_CASE(the_limits_are_written_and_read_back) {
    BOOST_TEST(to_string(timestamp::min()) == "1677-09-21T00:12:43.145224192Z");
    BOOST_TEST(to_string(timestamp::max()) == "2262-04-11T23:47:16.854775807Z");
    BOOST_TEST((parse_timestamp(to_string(timestamp::min())).value() == timestamp::min()));
    BOOST_TEST((parse_timestamp(to_string(timestamp::max())).value() == timestamp::max()));
}

BOOST_AUTO_TEST_CASE(every_time_reads_back_and_text_sorts_as_time_does) {
    std::mt19937_64 random(swarmlog::test::random_seed());
    std::uniform_int_distribution<std::int64_t> any_time(std::numeric_limits<std::int64_t>::min());
    for (int round = 0; round != 50'000; ++round) {
        timestamp const one = at(any_time(random));
        timestamp const other = at(any_time(random));
        BOOST_TEST_REQUIRE((parse_timestamp(to_string(one)).value() == one));
        BOOST_TEST_REQUIRE((to_string(one) < to_string(other)) == (one < other));
    }
}

BOOST_AUTO_TEST_SUITE_END()
