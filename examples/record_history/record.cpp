#include "record.hpp"

#include "terminal/progress_bar.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace {

using namespace swarmlog;
using clock_type = std::chrono::steady_clock;

/// So many events of the source are kept in memory at a time.
constexpr std::size_t portion_events_max = 32'768;
constexpr std::size_t portion_bytes_max = std::size_t{32} * 1024 * 1024;

result<std::vector<history_event>> read_portion(history_source& source) {
    std::vector<history_event> portion;
    std::size_t bytes = 0;
    while (portion.size() < portion_events_max && bytes < portion_bytes_max) {
        result<std::optional<history_event>> event = source.next();
        if (!event) return event.error();
        if (!*event) break;
        bytes += (**event).data.size();
        portion.push_back(std::move(**event));
    }
    return portion;
}

} // namespace

double recording::events_per_second() const {
    return seconds.count() > 0 ? static_cast<double>(events) / seconds.count() : 0;
}

result<recording> record(history_source& source, history_observer const& observer, event_log& log) {
    recording done;
    std::uint64_t offered = 0;
    producer into = log.make_producer();
    progress_bar bar("recording", "of the source");
    for (;;) {
        result<std::vector<history_event>> const portion = read_portion(source);
        if (!portion) return portion.error();
        if (portion->empty()) return done;

        clock_type::time_point const began = clock_type::now();
        for (history_event const& event : *portion) {
            result<void> const queued =
                into.submit(event.stream, expected::any{}, raw_event{event.type, event.data},
                            details_of(event));
            if (!queued && !queued.error().is_rejected()) return queued.error();
            if (!queued) {
                done.refused.push_back(offered);
                observer.rejected(event.place, queued.error().message());
            }
            ++offered;
        }
        flush_summary const answers = into.flush();
        done.seconds += clock_type::now() - began;
        done.events += answers.accepted;
        if (answers.rejected != 0) return answers.first_failure;
        bar.update(source.done(), source.total());
    }
}
