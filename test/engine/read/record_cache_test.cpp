#include "read/record_cache.hpp"

#include "record/record_builder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>

using namespace swarmlog;
using namespace swarmlog::detail;

namespace {

/// Ten events from `first` on.
record_cache::shared_record record_from(std::uint64_t first) {
    record_builder builder;
    record_header header;
    header.first = position{first};
    builder.begin(header, event_id{});
    record_event event;
    event.stream = builder.add_stream("s", first - 1);
    event.type = builder.add_string("t");
    std::string const data(50, 'x');
    event.data = data;
    for (std::uint64_t each = 0; each != 10; ++each) {
        event.at = version{first + each};
        builder.add_event(event);
    }
    return record::parse(builder.content()).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(read_record_cache)

BOOST_AUTO_TEST_CASE(a_record_is_found_by_any_of_its_positions) {
    record_cache records{1 << 20};
    records.remember(record_from(11));
    records.remember(record_from(41));
    for (std::uint64_t at = 1; at != 60; ++at) {
        auto const found = records.find(position{at});
        bool const is_here = (at >= 11 && at <= 20) || (at >= 41 && at <= 50);
        BOOST_TEST((found != nullptr) == is_here);
        if (found) { BOOST_TEST(found->contains(position{at})); }
    }
}

BOOST_AUTO_TEST_CASE(what_is_read_takes_half_of_the_bytes_and_what_is_used_stays) {
    std::size_t const one = record_from(11)->memory_bytes();
    record_cache records{2 * 20 * one};
    records.remember(record_from(11));
    for (std::uint64_t each = 2; each != 500; ++each) {
        records.remember(record_from(each * 10 + 1));
        BOOST_TEST(records.bytes() <= 21 * one);
        BOOST_TEST(records.find(position{15}) != nullptr);
    }
    BOOST_TEST(records.bytes() > 15 * one);
    BOOST_TEST(records.find(position{4'991}) != nullptr);
    BOOST_TEST(records.find(position{2'001}) == nullptr);
}

BOOST_AUTO_TEST_CASE(new_records_and_read_ones_do_not_displace_each_other) {
    std::size_t const one = record_from(11)->memory_bytes();
    record_cache records{2 * 4 * one};
    records.remember(record_from(11));
    for (std::uint64_t each = 10; each != 30; ++each) {
        records.publish({record_from(each * 10 + 1)});
    }
    BOOST_TEST(records.find(position{11}) != nullptr);
    for (std::uint64_t each = 2; each != 9; ++each) {
        records.remember(record_from(each * 10 + 1));
    }
    BOOST_TEST(records.find(position{300}) != nullptr);
    BOOST_TEST(records.recent_from(position{291}, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_left_after_clearing_and_it_fills_anew) {
    std::size_t const one = record_from(11)->memory_bytes();
    record_cache records{2 * 4 * one};
    for (std::uint64_t each = 1; each != 20; ++each) {
        records.remember(record_from(each * 10 + 1));
    }
    records.clear();
    BOOST_TEST(records.bytes() == 0U);
    BOOST_TEST(records.find(position{191}) == nullptr);
    for (std::uint64_t each = 1; each != 20; ++each) {
        records.remember(record_from(each * 10 + 1));
    }
    BOOST_TEST(records.find(position{191}) != nullptr);
    BOOST_TEST(records.bytes() <= 4 * one);
}

BOOST_AUTO_TEST_SUITE_END()
