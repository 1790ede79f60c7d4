#include "fuzz/fuzz_targets.hpp"

#include "index/run_format.hpp"
#include "record/record_builder.hpp"
#include "record/record_frame.hpp"

#include <chrono>
#include <utility>

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

} // namespace

std::vector<fuzz_target> fuzz_targets() {
    std::vector<std::string> const documents{
        R"({"a":1,"b":[true,false,null,-1.5e3,"x\u00e9\n\ud83d\ude00"],"c":{"d":{}}})",
        R"([[[[[[1]]]]],0,-0,1e308,123456789012345678901234567890])",
        R"("text")",
        "  12  ",
        R"({"a":1,"a":2})",
        "{\"\xc3\xa9\":\"\xe2\x82\xac\xf0\x9f\x98\x80\"}"};
    return {
        {"record", fuzz_record, {valid_content()}},
        {"stored_record", fuzz_stored_record, valid_frames()},
        {"frame", fuzz_frame, valid_frames_without_checksum(), 4},
        {"run_block", fuzz_run_block, {valid_block()}},
        {"run_guide", fuzz_run_guide, {valid_guide()}},
        {"run_header", fuzz_run_header, {valid_header()}},
        {"json", fuzz_json, documents},
        {"typed_event",
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
        {"event_id", fuzz_event_id, {"01890a5d-ac96-774b-bcce-b302099a8057"}},
        {"append",
         fuzz_append,
         {"task-1\ntask.started\n{\"a\":1}\n{\"m\":2}\nc1\nc2\nkey\nagent:1\ntask:1",
          "s\nt\n[]\n\n\n\n", "task-\xc3\xa9\nt\n\"x\"\nnull\n\n\n\na"},
         8},
        {"import_line",
         fuzz_import_line,
         {R"({"stream":"task-1","type":"noted","data":{"n":1},"tags":["a"],"metadata":{},)"
          R"("correlation_id":"c","causation_id":"d","occurred_at":"2026-08-06T04:12:45Z",)"
          R"("schema_version":2,"idempotency_key":"k","expected_version":3})",
          R"({"position":1,"stream":"s","version":1,"type":"t","schema_version":1,)"
          R"("id":"01890a5d-ac96-774b-bcce-b302099a8057","data_text":"[1]",)"
          R"("recorded_at":"2026-08-06T04:12:45.184938521Z","data":[1]})"}},
        {"history_line",
         fuzz_history_line,
         {R"({"bead":"cg-5ol6","event":"claim","ts":"2026-08-06T04:12:45+00:00","worker":"o"})",
          R"({"issue_id":"hq-1","event_type":"created","created_at":"2026-01-02T03:04:05Z",)"
          R"("actor":"mayor","old_value":"","new_value":"{\"title\":\"t\"}"})"}},
        {"history_document",
         fuzz_history_document,
         {R"({"events":[{"eventId":"1","eventTime":"2020-07-30T00:30:02.97Z",)"
          R"("eventType":"WorkflowExecutionStarted","attributes":{"identity":"w"}},)"
          R"({"eventType":"x","timestamp":1596069002971}]})",
          R"([{"eventType":"x"}])"},
         4},
        {"filter",
         fuzz_filter,
         {"%ask_1%\nTask-1", "a\nA", "\xc3\xa9_\n\xc3\xa9\xc3\xa9", "2026-08-06T04:12:45Z\n1000"}},
        {"database", fuzz_database, valid_databases(), 200},
    };
}

} // namespace swarmlog::test
