#pragma once

/// Stage 3 of 7, commit group: what the writer takes from the queue at once.

#include "ingestion_queue/ingestion_queue.hpp"

#include <swarmlog/engine/options.hpp>

#include <cstddef>
#include <vector>

namespace swarmlog::detail {

/// The tickets that are decided and made durable together. Writer's thread.
class commit_group {
public:
    explicit commit_group(log_options const& options);

    /// Takes what is waiting, up to the group's limits: a group closes once it has reached
    /// `group_events_max` or `group_bytes_max`, or the queue is empty. With a linger, waits that
    /// long for company after the first ticket. False when nothing was waiting.
    [[nodiscard]] bool drain(ingestion_queue& queue);

    [[nodiscard]] std::vector<append_ticket*> const& tickets() const noexcept { return tickets_; }
    void clear() noexcept { tickets_.clear(); }

private:
    [[nodiscard]] bool take_some(ingestion_queue& queue);
    /// Room for as many more tickets, or, without memory, for fewer.
    [[nodiscard]] std::size_t make_room(std::size_t wanted) noexcept;
    [[nodiscard]] bool is_full() const noexcept {
        return events_ >= events_max_ || bytes_ >= bytes_max_;
    }

    std::size_t const events_max_;
    std::size_t const bytes_max_;
    std::chrono::microseconds const linger_;
    std::vector<append_ticket*> tickets_;
    std::size_t events_ = 0;
    std::size_t bytes_ = 0;
};

} // namespace swarmlog::detail
