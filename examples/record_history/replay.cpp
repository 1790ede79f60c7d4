#include "replay.hpp"

#include "terminal/progress_bar.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace {

using namespace swarmlog;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t portion_events_max = 32'768;

/// Gives the events of the source that the log took.
class taken_events {
public:
    taken_events(history_source& source, std::vector<std::uint64_t> const& refused)
        : source_(source), next_refused_(refused.begin()), refused_end_(refused.end()) {}

    result<std::optional<history_event>> next() {
        for (;;) {
            result<std::optional<history_event>> event = source_.next();
            bool const was_refused = next_refused_ != refused_end_ && *next_refused_ == offered_;
            ++offered_;
            if (!was_refused) return event;
            ++next_refused_;
        }
    }

private:
    history_source& source_;
    std::vector<std::uint64_t>::const_iterator next_refused_;
    std::vector<std::uint64_t>::const_iterator refused_end_;
    std::uint64_t offered_ = 0;
};

/// The first thing in which the two differ; empty when nothing does.
std::string_view difference(event_view const& out, history_event const& in) {
    if (out.stream != in.stream) return "stream";
    if (out.type != in.type) return "type";
    if (out.data != in.data) return "data";
    if (out.occurred_at != in.occurred_at) return "occurred_at";
    if (!std::equal(out.tags.begin(), out.tags.end(), in.tags.begin(), in.tags.end())) {
        return "tags";
    }
    return {};
}

std::string compare(event_view const& out, std::optional<history_event> const& in,
                    position expected_position, std::optional<timestamp>& last_recorded_at) {
    std::string const where = "position " + std::to_string(out.position.value);
    if (!in) return where + " is beyond the end of the source";
    if (out.position != expected_position) {
        return where + " comes where " + std::to_string(expected_position.value) + " should";
    }
    if (last_recorded_at && out.recorded_at <= *last_recorded_at) {
        return where + " was not recorded after the one before it";
    }
    last_recorded_at = out.recorded_at;
    std::string_view const what = difference(out, *in);
    if (what.empty()) return {};
    return where + " differs from " + to_string(in->place) + " in its " + std::string(what);
}

} // namespace

double replayed::events_per_second() const {
    return seconds.count() > 0 ? static_cast<double>(events) / seconds.count() : 0;
}

result<replayed> replay(event_log const& log, history_source& source,
                        std::vector<std::uint64_t> const& refused) {
    replayed done;
    taken_events originals(source, refused);
    std::optional<timestamp> last_recorded_at;
    std::uint64_t const total = log.head().value;
    progress_bar bar("replaying", "events");
    reader events = log.read();
    for (;;) {
        std::vector<event> portion;
        clock_type::time_point const began = clock_type::now();
        while (portion.size() < portion_events_max) {
            result<std::optional<event>> next = events.next();
            if (!next) return next.error();
            if (!*next) break;
            portion.push_back(std::move(**next));
        }
        done.seconds += clock_type::now() - began;
        if (portion.empty()) break;

        for (event const& out : portion) {
            result<std::optional<history_event>> const in = originals.next();
            if (!in) return in.error();
            done.difference = compare(out, *in, position(done.events + 1), last_recorded_at);
            if (!done.difference.empty()) return done;
            ++done.events;
        }
        bar.update(done.events, total);
    }
    result<std::optional<history_event>> const missing = originals.next();
    if (!missing) return missing.error();
    if (*missing) done.difference = to_string((*missing)->place) + " is not in the log";
    return done;
}
