// The record whose bytes docs/record-format.md names one by one.

#include "docs/markdown.hpp"
#include "record/record.hpp"
#include "record/record_builder.hpp"
#include "record/record_frame.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

using namespace swarmlog;
using namespace swarmlog::detail;
using namespace swarmlog::test;

namespace {

/// Two digits a byte, up to the `#` of each line.
std::string bytes_of(std::string_view hex) {
    std::string bytes;
    while (!hex.empty()) {
        std::string_view const line = hex.substr(0, hex.find('\n'));
        hex.remove_prefix(std::min(line.size() + 1, hex.size()));
        std::string_view const digits = line.substr(0, line.find(' '));
        for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
            unsigned value = 0;
            std::from_chars(digits.data() + at, digits.data() + at + 2, value, 16);
            bytes += static_cast<char>(value);
        }
    }
    return bytes;
}

/// The frame of the record in the document.
std::string example_body() {
    std::ifstream file{SWARMLOG_SOURCE_DIR "/docs/record-format.md"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    std::string body;
    for (code_block const& block : code_blocks(text)) {
        if (block.language == "hex") { body += bytes_of(block.text); }
    }
    return body;
}

/// As a backend would hand it out.
std::shared_ptr<record const> decoded_example() {
    std::string const body = example_body();
    auto const content = unframe_content(body);
    BOOST_REQUIRE_MESSAGE(content.has_value(), "the example is no frame");
    stored_record stored;
    stored.first = position{1};
    stored.last = position{2};
    stored.recorded_at = parse_timestamp("2026-01-01T00:00:00Z").value();
    stored.hash = hash_content(*content);
    stored.body = body;
    return record::decode(stored).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_format)

BOOST_AUTO_TEST_CASE(the_bytes_in_the_document_are_the_events_that_it_says) {
    auto const source = decoded_example();
    BOOST_TEST(source->header().event_count == 2U);
    BOOST_TEST(source->keys().empty());
    BOOST_TEST((source->header().previous == record_hash{}));

    event_view event;
    BOOST_REQUIRE(source->event_at(0, event).has_value());
    BOOST_TEST(event.position.value == 1U);
    BOOST_TEST(event.stream == "task-1");
    BOOST_TEST(event.version.value == 1U);
    BOOST_TEST(event.type == "created");
    BOOST_TEST(event.schema_version == 1U);
    BOOST_TEST(to_string(event.recorded_at) == "2026-01-01T00:00:00.000000000Z");
    BOOST_TEST(to_string(event.id) == "019b76da-a800-7abc-8123-456789abcdef");
    BOOST_TEST(event.data == R"({"n":1})");

    BOOST_REQUIRE(source->event_at(1, event).has_value());
    BOOST_TEST(event.version.value == 2U);
    BOOST_TEST(event.type == "started");
    BOOST_TEST(to_string(event.recorded_at) == "2026-01-01T00:00:00.000001500Z");
    BOOST_TEST(to_string(event.id) == "019b76da-a800-7abc-8123-456789abcdf0");
    BOOST_TEST(event.tags.contains("ann"));
    BOOST_TEST(event.data == "{}");
}

BOOST_AUTO_TEST_CASE(the_events_in_the_document_are_written_as_its_bytes) {
    auto const source = decoded_example();
    event_view first;
    event_view second;
    BOOST_REQUIRE(source->event_at(0, first).has_value());
    BOOST_REQUIRE(source->event_at(1, second).has_value());

    record_builder builder;
    record_header header = source->header();
    header.event_count = 0;
    builder.begin(header, first.id);
    record_event event;
    event.stream = builder.add_stream("task-1", 0);
    event.type = builder.add_string("created");
    event.at = first.version;
    event.recorded_at = first.recorded_at;
    event.data = first.data;
    builder.add_event(event);
    event.type = builder.add_string("started");
    std::array<std::uint32_t, 1> const tags{builder.add_string("ann")};
    event.tags = tags;
    event.at = second.version;
    event.recorded_at = second.recorded_at;
    event.data = second.data;
    builder.add_event(event);

    std::string body;
    frame_content(builder.content(), record_codec::none, body);
    BOOST_TEST((body == example_body()));
}

BOOST_AUTO_TEST_CASE(a_byte_that_differs_is_noticed) {
    std::string const body = example_body();
    BOOST_TEST(body.size() > 100U);
    for (std::size_t at = 0; at != body.size(); ++at) {
        std::string changed = body;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        if (unframe_content(changed).has_value()) {
            BOOST_ERROR("byte " << at << " means nothing");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
