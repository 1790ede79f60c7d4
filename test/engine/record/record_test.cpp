#include "record/record.hpp"

#include "record/record_builder.hpp"
#include "record/record_frame.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::detail;

namespace {

constexpr std::uint32_t event_count = 40;

/// An id of a caller's own, far from those that the log counts up.
event_id own_id_of(std::uint32_t ordinal) {
    event_id id;
    id.bytes[0] = 7;
    id.bytes[15] = static_cast<std::uint8_t>(200 - ordinal);
    return id;
}

/// Forty events; every fifth brings its own id, so that the ids are many runs.
std::shared_ptr<record const> record_with_id_runs() {
    record_builder builder;
    record_header header;
    header.first = position{101};
    event_id first_id;
    first_id.bytes[0] = 1;
    builder.begin(header, first_id);
    record_event event;
    event.stream = builder.add_stream("s", 0);
    event.type = builder.add_string("t");
    for (std::uint32_t each = 0; each != event_count; ++each) {
        std::string const data = "{\"number\":" + std::to_string(each) + "}";
        event.data = data;
        event.at = version{each + 1};
        event.id = each % 5 == 4 ? own_id_of(each) : event_id{};
        builder.add_event(event);
    }
    return record::parse(builder.content()).value();
}

/// What is compared: the data tells the event, and the id was found by another way.
struct seen {
    std::uint64_t at;
    event_id id;
    std::string data;
    friend bool operator==(seen const&, seen const&) = default;
};

seen seen_of(event_view const& event) {
    return {event.position.value, event.id, std::string{event.data}};
}

std::vector<seen> walked(record const& source) {
    std::vector<seen> all;
    record::cursor walk{source};
    event_view event;
    while (walk.next(event)) { all.push_back(seen_of(event)); }
    BOOST_TEST(!walk.failed());
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_cursor)

BOOST_AUTO_TEST_CASE(an_event_that_brought_its_id_keeps_it_among_counted_ones) {
    auto const source = record_with_id_runs();
    auto const all = walked(*source);
    BOOST_REQUIRE(all.size() == event_count);
    for (std::uint32_t each = 0; each != event_count; ++each) {
        BOOST_TEST((all[each].id == own_id_of(each)) == (each % 5 == 4));
        BOOST_TEST(source->find_id(all[each].id) == each);
    }
}

BOOST_AUTO_TEST_CASE(skipping_any_number_of_events_ends_at_the_one_that_a_walk_reaches) {
    auto const source = record_with_id_runs();
    auto const all = walked(*source);
    for (std::uint32_t from = 0; from != event_count; ++from) {
        for (std::uint32_t to = from; to != event_count; ++to) {
            record::cursor walk{*source};
            event_view event;
            walk.skip(from);
            BOOST_REQUIRE(walk.next(event));
            BOOST_TEST((seen_of(event) == all[from]));
            if (to == from) { continue; }
            walk.skip(to - from - 1);
            BOOST_REQUIRE(walk.next(event));
            BOOST_TEST((seen_of(event) == all[to]));
        }
    }
}

BOOST_AUTO_TEST_CASE(skipping_beyond_the_last_event_ends_the_walk) {
    auto const source = record_with_id_runs();
    record::cursor walk{*source};
    event_view event;
    walk.skip(3);
    walk.skip(~std::uint32_t{0});
    BOOST_TEST(walk.ordinal() == event_count);
    BOOST_TEST(!walk.next(event));
    BOOST_TEST(!walk.failed());
}

BOOST_AUTO_TEST_CASE(a_content_that_does_not_shrink_is_framed_as_it_is) {
    std::string content;
    std::uint64_t state = 1;
    for (int each = 0; each != 500; ++each) {
        state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        content += static_cast<char>(state >> 56U);
    }
    std::string body;
    frame_content(content, record_codec::lz4, body);
    BOOST_TEST(body.front() == static_cast<char>(record_codec::none));
    BOOST_TEST(body.ends_with(content));
    BOOST_TEST((unframe_content(body).value() == content));

    std::string const even(500, 'x');
    frame_content(even, record_codec::lz4, body);
    BOOST_TEST(body.front() == static_cast<char>(record_codec::lz4));
    BOOST_TEST(body.size() < 100U);
    BOOST_TEST((unframe_content(body).value() == even));
}

BOOST_AUTO_TEST_CASE(a_frame_that_announces_what_it_cannot_hold_is_corrupt) {
    std::string body;
    frame_content(std::string(500, 'x'), record_codec::lz4, body);
    // The size stands behind the codec, in two bytes: from 500 to 16,383, which so few bytes of
    // LZ4 cannot stand for, and to 501, which they do not.
    for (auto const& [low, high] : {std::pair{'\xff', '\x7f'}, std::pair{'\xf5', '\x03'}}) {
        std::string changed = body;
        changed[1] = low;
        changed[2] = high;
        auto const content = unframe_content(changed);
        BOOST_REQUIRE(!content);
        BOOST_TEST((content.error() == errc::corrupt));
        BOOST_TEST(content.error().message().find("size") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
