#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace swarmlog::perf {

/// Text that is built again and again in place, so that making events costs next to nothing
/// beside appending them.
class text_builder {
public:
    text_builder& clear() {
        text_.clear();
        return *this;
    }
    text_builder& operator<<(std::string_view part) {
        text_ += part;
        return *this;
    }
    text_builder& operator<<(std::uint64_t number) {
        std::array<char, 20> digits;
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        text_.append(digits.data(), end);
        return *this;
    }
    operator std::string_view() const noexcept { return text_; }
    [[nodiscard]] std::string const& str() const noexcept { return text_; }

private:
    std::string text_;
};

/// One event as every contestant stores it.
struct sample_event {
    text_builder stream, type, data;
    text_builder tag; ///< empty for none
};

/// Makes event `number`, from 0.
using event_maker = std::function<void(std::uint64_t number, sample_event& out)>;

/// The regression of the `ruv-swarm-persistence` crate: 30,000 small events, each of a type of
/// its own, all of one agent.
inline void make_crate_event(std::uint64_t number, sample_event& out) {
    out.stream.clear() << "perf-agent";
    out.type.clear() << "sqlite-perf-" << number;
    out.data.clear() << R"({"data":)" << number << R"(,"type":"performance_test"})";
}

/// An orchestrator's task event of about 150 bytes with its envelope, spread over streams.
inline void make_task_event(std::uint64_t number, std::uint64_t stream_count, sample_event& out) {
    // A multiplier that is coprime to the stream counts: neighbours are far apart.
    std::uint64_t const task = number * 7'919 % stream_count;
    static constexpr std::array<std::string_view, 4> types{"task.created", "task.assigned",
                                                           "task.started", "task.completed"};
    out.stream.clear() << "task-" << task;
    out.type.clear() << types[number % types.size()];
    out.data.clear() << R"({"task_id":")" << task << R"(","agent_id":"worker-)" << number % 64
                     << R"(","attempt":)" << number % 3 << R"(,"duration_ms":)"
                     << number * 31 % 600'000 << R"(,"outcome":"success","exit_code":0})";
}

/// The crate's other regression: ten producers send a sequence each, with their agent.
inline void make_batch_event(std::uint64_t number, sample_event& out) {
    constexpr std::uint64_t producers = 10;
    constexpr std::uint64_t began_ms = 1'767'225'600'000;
    std::uint64_t const sequence = number / producers;
    out.stream.clear() << "agent-" << number % producers;
    out.tag.clear() << "agent:" << number % producers;
    out.type.clear() << "event-type-" << sequence % 10;
    out.data.clear() << R"({"sequence":)" << sequence << R"(,"timestamp":)" << began_ms + sequence
                     << "}";
}

/// Streams of two lengths: every other event goes to one of `long_streams`, which hold most of
/// it each, the rest are thinly spread over the others.
inline void make_uneven_event(std::uint64_t number, std::uint64_t long_streams,
                              std::uint64_t stream_count, sample_event& out) {
    make_task_event(number, stream_count, out);
    std::uint64_t const half = number / 2;
    std::uint64_t const stream = number % 2 == 0
                                     ? half % long_streams
                                     : long_streams + half * 7'919 % (stream_count - long_streams);
    out.stream.clear() << "task-" << stream;
}

} // namespace swarmlog::perf
