#pragma once

#include "rejections.hpp"

#include <swarmlog/engine/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace swarmlog::cli {

/// Appends that are under way while the next line is read, answered in their order. Bounded by
/// count and by bytes, below what the log's queue takes: one more waits for the oldest.
class pipelined_appends {
public:
    /// What became of the append on this line of the input.
    using answered = std::function<void(std::uint64_t line, std::string const& stream,
                                        result<receipt> const& answer)>;

    static constexpr std::size_t bytes_max = std::size_t{32} * 1024 * 1024;

    /// A `window` of 1 waits for each append before the next.
    pipelined_appends(producer& into, std::size_t window, answered tell);

    /// `bytes` is the length of the line.
    void append(std::uint64_t line, std::size_t bytes, std::string stream, append_request request);
    /// Waits until every append is answered.
    void drain();

private:
    struct under_way {
        std::uint64_t line;
        std::size_t bytes;
        std::string stream;
        pending_append answer;
    };
    void settle_oldest();

    producer& into_;
    std::size_t window_;
    answered tell_;
    std::deque<under_way> waiting_;
    std::size_t waiting_bytes_ = 0;
};

} // namespace swarmlog::cli
