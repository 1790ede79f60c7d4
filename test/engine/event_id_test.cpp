#include <swarmlog/engine/event_id.hpp>

#include "support/random_seed.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

using swarmlog::errc;
using swarmlog::event_id;
using swarmlog::make_event_id;
using swarmlog::parse_event_id;
using swarmlog::timestamp;
using swarmlog::to_string;

namespace {

constexpr std::uint64_t all_ones = std::numeric_limits<std::uint64_t>::max();

timestamp at_milliseconds(std::int64_t count) {
    return timestamp{std::chrono::milliseconds{count}};
}

constexpr std::string_view malformed_ids[] = {
    "",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
    "017f22e279b07cc398c4dc0c0c07398f",
    "{017f22e2-79b0-7cc3-98c4-dc0c0c0739}",
    "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
    "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398:",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398@",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398`",
    "017f22e2-79b0-7cc3-98c4-dc0c0c0739-f",
    " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_id_test)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_9562_is_made_from_its_parts) {
    // RFC 9562, appendix A.6: 2022-02-22T19:22:22Z, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    event_id const id = make_event_id(at_milliseconds(0x017F22E279B0), 0xCC3, 0x18C4DC0C0C07398F);
    BOOST_TEST(to_string(id) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    BOOST_TEST(id.unix_milliseconds() == 0x017F22E279B0u);
}

BOOST_AUTO_TEST_CASE(version_and_variant_stand_whatever_the_random_bits_are) {
    event_id const low = make_event_id(at_milliseconds(0), 0, 0);
    BOOST_TEST(to_string(low) == "00000000-0000-7000-8000-000000000000");
    event_id const high = make_event_id(timestamp::max(), all_ones, all_ones);
    BOOST_TEST(to_string(high).substr(14) == "7fff-9fff-ffffffffffff");
}

BOOST_AUTO_TEST_CASE(a_time_before_1970_counts_as_1970) {
    BOOST_TEST(make_event_id(at_milliseconds(-1), 1, 2).unix_milliseconds() == 0u);
    BOOST_TEST(make_event_id(timestamp::min(), 1, 2).unix_milliseconds() == 0u);
}

BOOST_AUTO_TEST_CASE(a_later_millisecond_sorts_later) {
    event_id const earlier = make_event_id(at_milliseconds(1'000), all_ones, all_ones);
    event_id const later = make_event_id(at_milliseconds(1'001), 0, 0);
    BOOST_TEST((earlier < later));
}

BOOST_AUTO_TEST_CASE(only_the_nil_id_is_nil) {
    BOOST_TEST(event_id{}.is_nil());
    BOOST_TEST(!make_event_id(at_milliseconds(0), 0, 0).is_nil());
    BOOST_TEST(to_string(event_id{}) == "00000000-0000-0000-0000-000000000000");
}

BOOST_AUTO_TEST_CASE(advancing_counts_up_and_keeps_the_order) {
    event_id const first = make_event_id(at_milliseconds(5), 6, 0xFF);
    BOOST_TEST((first.advanced_by(0) == first));
    BOOST_TEST(to_string(first.advanced_by(1)).substr(18) == "-8000-000000000100");
    BOOST_TEST((first < first.advanced_by(1)));
    BOOST_TEST((first.advanced_by(3).advanced_by(4) == first.advanced_by(7)));
}

BOOST_AUTO_TEST_CASE(a_made_id_can_advance_far_without_touching_the_variant) {
    constexpr std::uint64_t two_to_61 = std::uint64_t{1} << 61;
    event_id const first = make_event_id(at_milliseconds(5), 6, all_ones);
    event_id const far = first.advanced_by(two_to_61);
    BOOST_TEST((first < far));
    BOOST_TEST(to_string(far).substr(18) == "-bfff-ffffffffffff");
}

BOOST_AUTO_TEST_CASE(advancing_wraps_within_the_last_62_bits) {
    event_id const last = parse_event_id("017f22e2-79b0-7cc3-bfff-ffffffffffff").value();
    BOOST_TEST(to_string(last.advanced_by(1)) == "017f22e2-79b0-7cc3-8000-000000000000");
    event_id const other_variant = parse_event_id("ffffffff-ffff-ffff-ffff-ffffffffffff").value();
    BOOST_TEST(to_string(other_variant.advanced_by(2)) == "ffffffff-ffff-ffff-c000-000000000001");
}

BOOST_AUTO_TEST_CASE(reaches_finds_the_number_of_steps) {
    event_id const first = make_event_id(at_milliseconds(5), 6, 7);
    std::uint64_t count = 99;
    BOOST_TEST(first.reaches(first, 1, count));
    BOOST_TEST(count == 0u);
    BOOST_TEST(first.reaches(first.advanced_by(41), 42, count));
    BOOST_TEST(count == 41u);
    event_id const last = parse_event_id("017f22e2-79b0-7cc3-bfff-ffffffffffff").value();
    BOOST_TEST(last.reaches(last.advanced_by(3), 10, count));
    BOOST_TEST(count == 3u);
}

BOOST_AUTO_TEST_CASE(reaches_leaves_the_count_alone_when_it_fails) {
    event_id const first = make_event_id(at_milliseconds(5), 6, 7);
    std::uint64_t count = 99;
    BOOST_TEST(!first.reaches(first, 0, count));
    BOOST_TEST(!first.reaches(first.advanced_by(42), 42, count));
    BOOST_TEST(!first.advanced_by(1).reaches(first, 42, count));
    BOOST_TEST(!first.reaches(make_event_id(at_milliseconds(6), 6, 7), 42, count));
    BOOST_TEST(!first.reaches(make_event_id(at_milliseconds(5), 7, 7), 42, count));
    event_id other_variant = first;
    other_variant.bytes[8] ^= 0x40;
    BOOST_TEST(!first.reaches(other_variant, 42, count));
    BOOST_TEST(count == 99u);
}

BOOST_AUTO_TEST_CASE(either_case_is_read) {
    auto const lower = parse_event_id("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    auto const upper = parse_event_id("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
    BOOST_TEST_REQUIRE(lower.has_value());
    BOOST_TEST_REQUIRE(upper.has_value());
    BOOST_TEST((*lower == *upper));
    BOOST_TEST(lower->bytes[0] == 0x01);
    BOOST_TEST(lower->bytes[15] == 0x8F);
}

BOOST_DATA_TEST_CASE(malformed_text_is_refused_and_not_quoted, malformed_ids, text) {
    auto const id = parse_event_id(text);
    BOOST_TEST_REQUIRE(id.has_error());
    BOOST_TEST((id.error() == errc::invalid_id));
    std::string const message = id.error().message();
    BOOST_TEST(message.find(std::to_string(text.size()) + " bytes") != std::string::npos, message);
    BOOST_TEST(message.find("\"" + std::string(text) + "\"") == std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(every_id_reads_back_and_text_sorts_as_ids_do) {
    std::mt19937_64 random(swarmlog::test::random_seed());
    auto const any_id = [&random] {
        event_id id;
        for (std::uint8_t& byte : id.bytes) { byte = static_cast<std::uint8_t>(random()); }
        return id;
    };
    for (int round = 0; round != 20'000; ++round) {
        event_id const one = any_id();
        event_id const other = any_id();
        BOOST_TEST_REQUIRE((parse_event_id(to_string(one)).value() == one));
        BOOST_TEST_REQUIRE((to_string(one) < to_string(other)) == (one < other));
    }
}

BOOST_AUTO_TEST_SUITE_END()
