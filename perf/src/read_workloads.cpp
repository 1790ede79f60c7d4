#include "event_row_baselines.hpp"
#include "read_contestants.hpp"
#include "workload_lists.hpp"

namespace swarmlog::perf {

std::vector<workload> read_workloads(bool is_full) {
    std::uint64_t const read = 2 * million;
    std::uint64_t const strewn = is_full ? read : read / 4;
    constexpr std::uint64_t stream_count = 200 * thousand;
    std::uint64_t const long_streams = strewn / 2 / 100; // every other event goes to them
    constexpr std::uint64_t stream_reads = 300;
    constexpr std::uint64_t agent_reads = 2 * thousand;
    event_maker const few = task_events(thousand);
    event_maker const uneven = [long_streams](std::uint64_t number, sample_event& out) {
        make_uneven_event(number, long_streams, stream_count, out);
    };
    return {
        {.name = "events_by_agent",
         .says = "the newest 100 of an agent's events, of 30,000 by ten agents",
         .events = 30 * thousand,
         .run = read_agent_events("agent_log", make_batch_event, agent_reads),
         .rivals = {{"sqlite_select, by an index",
                     select_agent_events("agent_rows", make_batch_event, agent_reads)}},
         .rows = {{.unit = "reads/s", .promised = ratio_at_least(5.0)}}},
        {.name = "read_all",
         .says = in_words(read) + " events as views, every part touched",
         .events = read,
         .run = read_all("task_log", few),
         .rivals = {{"sqlite_rows scan", scan_rows("task_rows", few),
                     baseline_max(is_full, 500 * thousand)}},
         .rows = {{.unit = "events/s", .promised = ratio_at_least(4.0)}}},
        {.name = "read_stream",
         .says = "the 100 events of one of 200,000 streams, strewn over " + in_words(strewn),
         .events = strewn,
         .run = read_streams("uneven_log", uneven, long_streams, stream_reads),
         .rivals = {{"sqlite_select, by its index",
                     select_streams("uneven_rows", uneven, long_streams, stream_reads)}},
         .rows = {{.unit = "streams/s", .promised = ratio_at_least(1.0)}}},
    };
}

} // namespace swarmlog::perf
