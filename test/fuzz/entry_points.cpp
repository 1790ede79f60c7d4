#include "fuzz/entry_points.hpp"

#include "fuzz/exact_copy.hpp"
#include "index/run_format.hpp"
#include "json/parse_json.hpp"
#include "json/validate_json.hpp"
#include "record/record.hpp"
#include "record/record_format.hpp"
#include "record/record_frame.hpp"

#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/engine/event_codec.hpp>

#include <xxhash.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fuzzed {

enum class colour { red, green };
BOOST_DESCRIBE_ENUM(colour, red, green)

struct part {
    std::int32_t number = 0;
    std::optional<double> share;
};
BOOST_DESCRIBE_STRUCT(part, (), (number, share))

struct whole {
    static constexpr std::string_view type = "fuzz.whole";
    std::string name;
    std::uint64_t size = 0;
    bool flag = false;
    colour paint = colour::red;
    std::vector<part> parts;
    std::optional<std::string> note;
    std::optional<boost::json::value> payload;
    std::optional<std::map<std::string, double>> shares;
    std::optional<std::array<std::int8_t, 2>> pair;
    std::optional<swarmlog::timestamp> time;
};
BOOST_DESCRIBE_STRUCT(whole, (),
                      (name, size, flag, paint, parts, note, payload, shares, pair, time))

} // namespace fuzzed

namespace swarmlog::test {

namespace {

unsigned volatile sink = 0;

void touch(std::string_view bytes) {
    unsigned sum = 0;
    for (char const byte : bytes) { sum += static_cast<unsigned char>(byte); }
    sink = sum;
}

void touch(event_view const& event) {
    for (std::string_view const text : {event.stream, event.type, event.correlation_id,
                                        event.causation_id, event.metadata, event.data}) {
        touch(text);
    }
    std::size_t tags = 0;
    for (std::string_view const tag : event.tags) {
        touch(tag);
        ++tags;
    }
    require(tags == event.tags.size());
}

void walk(detail::record const& source) {
    constexpr std::uint32_t events_looked_at = 64;
    detail::record::cursor all{source};
    event_view event;
    std::uint32_t count = 0;
    while (all.next(event)) {
        touch(event);
        require(event.position.value == source.first().value + count);
        ++count;
        if (count < events_looked_at) {
            event_view again;
            auto const found = source.event_at(count - 1, again);
            require(found.has_value() && again.data == event.data && again.id == event.id);
        }
    }
    require(all.failed() || count == source.header().event_count);
    for (auto const& key : source.keys()) { touch(key.key); }
    require(source.find_id(event_id{}) <= source.header().event_count);
    if (count < events_looked_at) {
        // From where it is damaged on, single events are damaged too, or are of no use.
        static_cast<void>(source.event_at(count, event));
    }
}

stored_run run_of(std::string header = {}) {
    stored_run run;
    run.id = 7;
    run.level = 1;
    run.first = position{1};
    run.last = position{100'000};
    run.block_count = 3;
    run.header = std::move(header);
    return run;
}

} // namespace

int fuzz_record(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    auto const parsed = detail::record::parse(std::string{bytes.view()});
    if (parsed) { walk(**parsed); }
    return 0;
}

int fuzz_stored_record(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    stored_record stored;
    stored.first = position{1};
    stored.last = position{3};
    stored.body = bytes.view();
    auto const decoded = detail::record::decode(stored);
    if (decoded) { walk(**decoded); }
    require(decoded.has_value() || decoded.error() == errc::corrupt);
    return 0;
}

int fuzz_frame(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    detail::byte_reader reader{bytes.view()};
    std::string_view const codec = reader.bytes(1);
    std::uint64_t const announced = reader.varint() % (1U << 24); // what a test has memory for
    if (reader.failed()) { return 0; }
    std::string body{codec};
    detail::append_varint(body, announced);
    detail::append_fixed(
        body, static_cast<std::uint64_t>(XXH3_64bits(reader.rest().data(), reader.rest().size())));
    body += reader.rest();
    exact_copy const framed{reinterpret_cast<std::uint8_t const*>(body.data()), body.size()};
    auto const content = detail::unframe_content(framed.view());
    if (content) { require(content->size() == announced); }

    // And the other way round: what is framed comes back.
    std::string packed;
    detail::frame_content(bytes.view(), record_codec::lz4, packed);
    auto const unpacked = detail::unframe_content(packed);
    require(unpacked.has_value() && *unpacked == bytes.view());
    return 0;
}

int fuzz_run_block(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    detail::entry_reader entries{bytes.view(), position{1000}};
    detail::run_entry entry;
    std::vector<std::uint64_t> positions;
    std::string name{"none"};
    while (entries.next(entry)) {
        touch(entry.name);
        name = entry.name;
        positions.clear();
        bool const well_formed = entry.append_positions(positions);
        require(!well_formed || positions.size() == entry.count);
        require(!well_formed || positions.back() == entry.last());
    }
    detail::entry_reader search{bytes.view(), position{1000}};
    static_cast<void>(search.find(detail::key_ref::of(detail::key_kind::stream, name), entry));
    return 0;
}

int fuzz_run_guide(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    auto const decoded = detail::decode_guide(bytes.view(), run_of(), 0);
    if (decoded) {
        for (std::uint64_t hash = 1; hash != 0; hash <<= 7U) {
            static_cast<void>(decoded->filter.may_contain(hash));
        }
        require(detail::encode_guide(*decoded, position{1}).size() <= size);
    }
    return 0;
}

int fuzz_run_header(std::uint8_t const* data, std::size_t size) {
    std::string sealed{reinterpret_cast<char const*>(data), size};
    detail::seal_block(sealed, 7, detail::header_block_number);
    auto const decoded = detail::decode_header(run_of(sealed));
    if (decoded) { require(decoded->guides.size() <= decoded->data_block_count); }
    return 0;
}

int fuzz_json(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    constexpr std::uint32_t depth_max = 20;
    auto const valid = detail::validate_json(bytes.view(), depth_max);
    auto const parsed = detail::parse_json(bytes.view(), depth_max);
    if (valid) { require(parsed.has_value()); }
    // Duplicate keys are all that the parser lets pass and the validation does not.
    if (!valid && parsed) { require(valid.error() == errc::duplicate_key); }
    return 0;
}

int fuzz_typed_event(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    auto const decoded = detail::decode_document<fuzzed::whole>(bytes.view());
    fuzzed::whole plain;
    bool const is_plain = detail::decode_plain_text(bytes.view(), plain);
    if (!decoded) {
        require(!decoded.error().message().empty() && !is_plain);
        return 0;
    }
    std::string encoded;
    require(encode_event(*decoded, encoded).has_value());
    if (is_plain) {
        std::string the_same;
        require(encode_event(plain, the_same).has_value() && the_same == encoded);
    }
    auto const again = decode_event<fuzzed::whole>(encoded);
    require(again.has_value());
    std::string second;
    require(encode_event(*again, second).has_value() && second == encoded);
    return 0;
}

int fuzz_timestamp(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    auto const time = parse_timestamp(bytes.view());
    if (!time) { return 0; }
    auto const again = parse_timestamp(to_string(*time));
    require(again.has_value() && *again == *time);
    return 0;
}

int fuzz_event_id(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    auto const id = parse_event_id(bytes.view());
    if (!id) { return 0; }
    auto const again = parse_event_id(to_string(*id));
    require(again.has_value() && *again == *id);
    return 0;
}

int fuzz_append(std::uint8_t const* data, std::size_t size) {
    // One log for many inputs, but not for ever: its memory is not bounded.
    static std::optional<event_log> log;
    if (!log || log->head().value > 1000) {
        log_options options{.codec = record_codec::lz4};
        options.drive = writer_drive::by_hand;
        options.index_tail_events = 50;
        options.limits.json_depth_max = 10;
        log.emplace(open_memory(options).value());
    }
    exact_copy const bytes{data, size};
    std::vector<std::string_view> texts;
    for (std::string_view rest = bytes.view();;) {
        auto const end = rest.find('\n');
        texts.push_back(rest.substr(0, end));
        if (end == std::string_view::npos) { break; }
        rest.remove_prefix(end + 1);
    }
    std::size_t const required = 7;
    if (texts.size() < required) { return 0; }
    event_details details;
    details.metadata = texts[3];
    details.correlation_id = texts[4];
    details.causation_id = texts[5];
    details.tags.assign(texts.begin() + required, texts.end());

    auto source = log->make_producer();
    append_request request = source.new_append();
    request.add(texts[0], raw_event{texts[1], texts[2]}, details);
    if (!texts[6].empty()) { request.idempotency_key(texts[6]); }
    auto const answer = source.append(std::move(request));
    if (!answer || answer->repeated) { return 0; }
    auto const stored = log->read().after(answer->first.previous()).first();
    require(stored.has_value() && stored->has_value());
    event const& back = **stored;
    require(back.stream == texts[0] && back.type == texts[1] && back.data == texts[2]);
    require(back.metadata == texts[3] && back.correlation_id == texts[4]);
    require(back.causation_id == texts[5]);
    for (std::string_view const tag : details.tags) { require(back.tags.contains(tag)); }
    return 0;
}

} // namespace swarmlog::test
