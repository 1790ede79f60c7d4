#include "append_contestants.hpp"
#include "event_row_baselines.hpp"
#include "file_baseline.hpp"
#include "memory_baseline.hpp"
#include "workload_lists.hpp"

namespace swarmlog::perf {

namespace {

log_place const durable{};
log_place const relaxed{false, durability::relaxed};
log_place const memory{true, durability::volatile_memory};

/// One row for each percentile of a call, beside the baseline's.
std::vector<comparison> percentile_rows(std::string const& baseline_prefix) {
    std::vector<comparison> rows;
    for (std::string const name : {"p50", "p90", "p99", "p99.9"}) {
        rows.push_back({.suffix = "_" + name,
                        .unit = "us",
                        .figure = name,
                        .baseline_figure = baseline_prefix + name});
    }
    return rows;
}

/// A row for the rate, and the percentiles after it.
std::vector<comparison> rate_and_percentile_rows(target const& promised_rate) {
    std::vector<comparison> rows = percentile_rows({});
    rows.insert(rows.begin(), {.unit = "events/s", .promised = promised_rate});
    return rows;
}

workload subscribe_workload(event_maker const& few) {
    workload live{.name = "subscribe",
                  .says = "from an append's call to its delivery to a live subscriber",
                  .events = 500,
                  .run = append_and_deliver(few, durable),
                  .rivals = {{"file, its fdatasync alone", plain_file(few, 1)}},
                  .rows = percentile_rows("flush_")};
    live.rows.front().promised = ratio_at_most(2.0);
    return live;
}

} // namespace

std::vector<workload> append_workloads(bool is_full) {
    std::uint64_t const bulk = 2 * million;
    event_maker const crate = make_crate_event;
    event_maker const few = task_events(thousand);
    event_maker const many = task_events(200 * thousand);
    return {
        {.name = "append_acked",
         .says = "one producer waits for each durable answer",
         .events = thousand,
         .run = append_batches(few, durable, 1, 1),
         .rivals = {{"file, 1 a group", plain_file(few, 1)}},
         .rows = rate_and_percentile_rows(ratio_at_least(0.9))},
        subscribe_workload(few),
        {.name = "append_concurrent",
         .says = "64 coroutines, each waits for its answer",
         .events = 20 * thousand,
         .run = append_concurrent(few, durable, 64),
         .rivals = {{"append_acked", append_batches(few, durable, 1, 1), 500}},
         .rows = rate_and_percentile_rows(ratio_at_least(15.0))},
        {.name = "append_burst",
         .says = "the crate's 30,000 events, pipelined, all durable",
         .events = 30 * thousand,
         .run = append_pipelined(crate, durable, 1),
         .rivals = {{"seed_schema", seed_schema(crate)},
                    {"file, 16,384 a group", plain_file(crate, 16'384)}},
         .rows = {{.unit = "events/s", .promised = ratio_at_least(100.0)},
                  {.unit = "events/s", .rival = 1, .promised = ratio_at_least(0.7)}}},
        {.name = "append_batches",
         .says = "the crate's ten producers, 3,000 events each in batches of 50, all durable",
         .events = 30 * thousand,
         .run = append_batches(make_batch_event, durable, 10, 50),
         .rivals = {{"sqlite_rows, 50 a transaction, FULL",
                     sqlite_rows(make_batch_event, 50, synchronous::full)}},
         .rows = {{.unit = "events/s"}}},
        {.name = "ingest_1k",
         .says = in_words(bulk) + " task events over 1,000 streams, 4 producers",
         .events = bulk,
         .run = append_pipelined(few, durable, 4),
         .rivals = {{"sqlite_rows, 1,000 a transaction, FULL",
                     sqlite_rows(few, thousand, synchronous::full),
                     baseline_max(is_full, 50 * thousand)},
                    {"file, 1,000 a group", plain_file(few, thousand),
                     baseline_max(is_full, 200 * thousand)}},
         .rows = {{.unit = "events/s", .promised = ratio_at_least(15.0)},
                  {.unit = "events/s", .rival = 1, .promised = ratio_at_least(0.5)}}},
        {.name = "ingest_200k",
         .says = in_words(bulk) + " task events over 200,000 streams, 4 producers",
         .events = bulk,
         .run = append_pipelined(many, durable, 4),
         .rivals = {{"sqlite_rows, 1,000 a transaction, FULL",
                     sqlite_rows(many, thousand, synchronous::full),
                     baseline_max(is_full, 50 * thousand)}},
         .rows = {{.unit = "events/s", .promised = ratio_at_least(15.0)}}},
        {.name = "append_relaxed",
         .says = "half as many over 1,000 streams, 4 producers, not flushed each time",
         .durability = "relaxed",
         .events = bulk / 2,
         .run = append_pipelined(few, relaxed, 4),
         .rivals = {{"ingest_1k", append_pipelined(few, durable, 4)}},
         .rows = {{.unit = "events/s", .promised = ratio_at_least(1.0)}}},
        {.name = "append_memory",
         .says = in_words(bulk) + " task events over 1,000 streams, one producer",
         .backend = "memory",
         .durability = "memory",
         .events = bulk,
         .run = append_pipelined(few, memory, 1),
         .rivals = {{"memory, a deque", append_to_deque(few, 1)}},
         .rows = {{.unit = "events/s", .promised = at_least(3e6) && ratio_at_least(0.3)}}},
        {.name = "append_memory_4",
         .says = "the same, 4 producers",
         .backend = "memory",
         .durability = "memory",
         .events = bulk,
         .run = append_pipelined(few, memory, 4),
         .rivals = {{"memory, a deque", append_to_deque(few, 4)}},
         .rows = {{.unit = "events/s", .promised = at_least(3e6) && ratio_at_least(0.3)}}},
    };
}

} // namespace swarmlog::perf
