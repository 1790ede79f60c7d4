#include "file_baseline.hpp"
#include "log_contestants.hpp"
#include "projection_contestants.hpp"
#include "sqlite_baselines.hpp"
#include "workload.hpp"

namespace swarmlog::perf {

namespace {

constexpr std::uint64_t thousand = 1'000;
constexpr std::uint64_t million = 1'000 * thousand;

event_maker task_events(std::uint64_t stream_count) {
    return [stream_count](std::uint64_t number, sample_event& out) {
        make_task_event(number, stream_count, out);
    };
}

} // namespace

std::vector<workload> all_workloads() {
    log_place const durable{};
    log_place const relaxed{false, durability::relaxed};
    log_place const memory{true, durability::volatile_memory};
    event_maker const crate = make_crate_event;
    event_maker const few = task_events(thousand);
    event_maker const many = task_events(200 * thousand);
    return {
        {"append_acked", "sqlite", "durable", "events/s", 2 * thousand, append_acked(few, durable),
         "file, 1 a group", plain_file(few, 1), 0.9, "one producer waits for each durable answer"},
        {"append_concurrent", "sqlite", "durable", "events/s", 20 * thousand,
         append_concurrent(few, durable, 64), "append_acked", append_acked(few, durable), 15.0,
         "64 coroutines, each waits for its answer"},
        {"append_burst", "sqlite", "durable", "events/s", 30 * thousand,
         append_pipelined(crate, durable, 1), "sqlite_rows, 1 a transaction, NORMAL",
         sqlite_rows(crate, 1, synchronous::normal), 30.0,
         "the crate's 30,000 events, pipelined, all durable"},
        {"append_burst_seed", "sqlite", "durable", "events/s", 30 * thousand,
         append_pipelined(crate, durable, 1), "seed_schema", seed_schema(crate), 100.0,
         "the same beside the crate's own table"},
        {"append_burst_file", "sqlite", "durable", "events/s", 30 * thousand,
         append_pipelined(crate, durable, 1), "file, 16,384 a group", plain_file(crate, 16'384),
         0.7, "the same beside the device's limit"},
        {"ingest_200k", "sqlite", "durable", "events/s", million,
         append_pipelined(many, durable, 4), "sqlite_rows, 1,000 a transaction, FULL",
         sqlite_rows(many, thousand, synchronous::full), 8.0,
         "a million task events over 200,000 streams, 4 producers"},
        {"ingest_1k", "sqlite", "durable", "events/s", million, append_pipelined(few, durable, 4),
         "file, 1,000 a group", plain_file(few, thousand), 0.5,
         "a million task events over 1,000 streams, 4 producers"},
        {"append_relaxed", "sqlite", "relaxed", "events/s", million,
         append_pipelined(few, relaxed, 4), "ingest_1k", append_pipelined(few, durable, 4), 1.0,
         "the same, not flushed each time"},
        {"append_memory",
         "memory",
         "memory",
         "events/s",
         million,
         append_pipelined(few, memory, 1),
         "ingest_1k",
         append_pipelined(few, durable, 4),
         {},
         "the same in memory, one producer"},
        {"inline", "sqlite", "durable", "events/s", 30 * thousand, append_task_history(true),
         "the same without", append_task_history(false), 0.4,
         "a task history with the swarm's projections folded in each commit"},
        {"rebuild", "sqlite", "durable", "events/s", million, rebuild_swarm(),
         "INSERT … ON CONFLICT of the same rows", upsert_rows(), 10.0,
         "agents and tasks folded anew from a million events"},
        {"claim",
         "sqlite",
         "durable",
         "claims/s",
         10 * thousand,
         claim_tasks(16, 16),
         "UPDATE … RETURNING, 1 a transaction, FULL",
         update_next_row(),
         {},
         "claim_next until 10,000 tasks are gone, 16 claimers with 16 claims under way each"},
        {"get_agent_cached", "sqlite", "durable", "rows/s", 500 * thousand, find_agents(true),
         "sqlite_select", select_agents(), 8.0, "one of 1,000 agents by id, from the cache"},
        {"get_agent", "sqlite", "durable", "rows/s", 50 * thousand, find_agents(false),
         "sqlite_select", select_agents(), 0.8, "the same, from the file"},
        {"read_all", "sqlite", "durable", "events/s", million, read_all(few, durable),
         "sqlite_rows scan", sqlite_rows_scan(few), 4.0, "every event as a view, touched"},
        {"read_stream", "sqlite", "durable", "streams/s", million,
         read_streams(many, durable, 200 * thousand, 2 * thousand), "sqlite_select by its index",
         sqlite_select_streams(many, 200 * thousand, 2 * thousand), 1.0,
         "single streams of 200,000, all their events"},
        {"grow", "sqlite", "durable", "events/s", 500 * thousand,
         append_at_size(many, durable, 10.0), "the same at 100,000 events",
         append_at_size(many, durable, 0.2), 0.8, "appending in a log that holds 5 million events"},
        {"open", "sqlite", "durable", "openings/s", 100 * thousand, reopen(few, 20.0),
         "the same at 100,000 events", reopen(few, 1.0), 0.66, "opening a log of 2 million events"},
    };
}

} // namespace swarmlog::perf
