#include "fuzz/fuzz_rounds.hpp"

#include "fuzz/entry_points.hpp"
#include "fuzz/mutation.hpp"

#include "index/run_format.hpp"
#include "record/record_builder.hpp"
#include "record/record_frame.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace swarmlog::test {

namespace {

/// A record of three events with every optional part somewhere.
std::string valid_content() {
    detail::record_header header;
    header.first = position{1};
    header.recorded_at = timestamp{std::chrono::nanoseconds{1'700'000'000'000'000'000}};
    detail::record_builder builder;
    builder.begin(header, make_event_id(header.recorded_at, 1, 2));
    auto const stream = builder.add_stream("task-42", 3);
    auto const other = builder.add_stream("task-43", 300);
    std::vector<std::uint32_t> const tags{builder.add_string("agent:1"),
                                          builder.add_string("task:42")};
    detail::record_event event;
    event.stream = stream;
    event.type = builder.add_string("task.started");
    event.at = version{4};
    event.recorded_at = header.recorded_at;
    event.data = R"({"a":1})";
    builder.add_event(event);
    event.stream = other;
    event.at = version{301};
    event.recorded_at += std::chrono::nanoseconds{500};
    event.occurred_at = timestamp{std::chrono::nanoseconds{5}};
    event.tags = tags;
    event.schema_version = 7;
    event.correlation = "c1";
    event.causation = "c2";
    event.metadata = R"({"m":[1,2]})";
    event.id = make_event_id(header.recorded_at, 9, 9);
    builder.add_event(event);
    event.at = version{302};
    event.data = std::string_view{"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"};
    builder.add_event(event);
    builder.add_key({"key", 1, 2, {}});
    return builder.content();
}

std::vector<std::string> valid_frames() {
    std::vector<std::string> frames;
    for (record_codec const codec : {record_codec::none, record_codec::lz4}) {
        frames.emplace_back();
        detail::frame_content(valid_content(), codec, frames.back());
        frames.emplace_back();
        detail::frame_content(std::string(3000, 'a'), codec, frames.back());
    }
    return frames;
}

/// Frames without their checksum, as `fuzz_frame` wants them.
std::vector<std::string> valid_frames_without_checksum() {
    auto frames = valid_frames();
    for (std::string& frame : frames) {
        std::size_t end_of_size = 1;
        while ((static_cast<unsigned char>(frame[end_of_size]) & 0x80) != 0) { ++end_of_size; }
        frame.erase(end_of_size + 1, 8);
    }
    return frames;
}

std::string valid_block() {
    std::string block;
    for (std::uint64_t each = 0; each != 12; ++each) {
        std::string const name = "stream-" + std::to_string(each);
        std::string deltas;
        detail::run_entry entry;
        entry.kind = static_cast<detail::key_kind>(each % 5);
        entry.name = name;
        entry.ordinal = each * 100;
        entry.first = 1000 + each;
        entry.count = static_cast<std::uint32_t>(1 + each);
        for (std::uint64_t more = 0; more != each; ++more) {
            detail::append_varint(deltas, 1 + more * 50);
            entry.span += 1 + more * 50;
        }
        entry.deltas = deltas;
        std::string bytes(detail::entry_bytes_at_most(entry), '\0');
        bytes.resize(static_cast<std::size_t>(
            detail::put_entry(bytes.data(), entry, position{1000}) - bytes.data()));
        block += bytes;
    }
    return block;
}

std::string valid_guide() {
    detail::guide guide;
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t each = 1; each != 40; ++each) {
        hashes.push_back(each << 40U);
        if (each % 10 == 0) { guide.fences.push_back({each << 40U, each * 100}); }
    }
    guide.filter = detail::bloom_filter{hashes};
    return detail::encode_guide(guide, position{1});
}

/// Without its checksum, which `fuzz_run_header` adds.
std::string valid_header() {
    stored_run run;
    run.id = 7;
    run.level = 1;
    run.first = position{1};
    run.last = position{100'000};
    run.block_count = 3;
    detail::run_header header;
    header.entry_count = 30;
    header.key_count = 20;
    header.posting_count = 60;
    header.guide_bytes = 1000;
    header.data_block_count = 2;
    header.guides = {{1U << 20U, 50}};
    std::string bytes = detail::encode_header(header, run);
    bytes.resize(bytes.size() - 8);
    return bytes;
}

struct target {
    char const* name;
    fuzz_entry entry;
    std::vector<std::string> valid;
    std::uint64_t share = 1; ///< one of so many rounds: for what costs more
};

std::vector<target> targets() {
    std::vector<std::string> const documents{
        R"({"a":1,"b":[true,false,null,-1.5e3,"x\u00e9\n\ud83d\ude00"],"c":{"d":{}}})",
        R"([[[[[[1]]]]],0,-0,1e308,123456789012345678901234567890])",
        R"("text")",
        "  12  ",
        R"({"a":1,"a":2})",
        "{\"\xc3\xa9\":\"\xe2\x82\xac\xf0\x9f\x98\x80\"}"};
    return {
        {"record", fuzz_record, {valid_content()}},
        {"stored record", fuzz_stored_record, valid_frames()},
        {"frame", fuzz_frame, valid_frames_without_checksum(), 4},
        {"run block", fuzz_run_block, {valid_block()}},
        {"run guide", fuzz_run_guide, {valid_guide()}},
        {"run header", fuzz_run_header, {valid_header()}},
        {"JSON", fuzz_json, documents},
        {"typed event",
         fuzz_typed_event,
         {R"({"name":"a","size":18446744073709551615,"flag":true,"paint":"green",)"
          R"("parts":[{"number":-5,"share":0.1},{"number":7}],"note":"n"})",
          R"({"name":"\u00e9","size":7,"flag":false,"paint":"red","parts":[],"pair":[1,-2],)"
          R"("payload":{"a":[null,true,-1.25,"x"],"b":{}},"shares":{"x":1,"y":-0.5},)"
          R"("time":"2026-08-06T04:12:45.184938521Z","more":[{"k":0}]})"}},
        {"timestamp",
         fuzz_timestamp,
         {"2026-08-06T04:12:45.184938521Z", "1970-01-01T00:00:00Z", "2262-04-11T23:47:16.85Z",
          "1999-12-31T23:59:60+14:00", "1677-09-21T00:12:43.145224193-00:30"}},
        {"event id", fuzz_event_id, {"01890a5d-ac96-774b-bcce-b302099a8057"}},
        {"append",
         fuzz_append,
         {"task-1\ntask.started\n{\"a\":1}\n{\"m\":2}\nc1\nc2\nkey\nagent:1\ntask:1",
          "s\nt\n[]\n\n\n\n", "task-\xc3\xa9\nt\n\"x\"\nnull\n\n\n\na"},
         8},
    };
}

} // namespace

void fuzz_everything(std::uint64_t seed, std::uint64_t rounds) {
    for (target const& each : targets()) {
        for (std::string const& valid : each.valid) {
            BOOST_TEST(
                each.entry(reinterpret_cast<std::uint8_t const*>(valid.data()), valid.size()) == 0);
        }
        mutation inputs{seed, each.valid};
        for (std::uint64_t round = 0; round < rounds / each.share; ++round) {
            std::string const input = inputs.next();
            each.entry(reinterpret_cast<std::uint8_t const*>(input.data()), input.size());
        }
        BOOST_TEST_MESSAGE(each.name << ": " << rounds / each.share << " inputs");
    }
}

} // namespace swarmlog::test
