#pragma once

#include "ingestion_queue/ingestion_queue.hpp"
#include "producer/ticket_pool.hpp"

#include <swarmlog/engine/detail/completions.hpp>
#include <swarmlog/engine/receipt.hpp>

#include <memory>
#include <optional>

namespace swarmlog {
class append_request;
}

namespace swarmlog::detail {

class log_core;

/// What a producer owns: its place in the queue's order, and its recycled memory.
class producer_core {
public:
    explicit producer_core(std::shared_ptr<log_core> core);
    ~producer_core();

    [[nodiscard]] append_request new_append();
    /// What a call waits for: nothing, a place in the queue, or that and its answer.
    enum class waiting { for_nothing, for_room, for_answer };

    /// Queues a request whose answer is fetched from its ticket.
    [[nodiscard]] result<std::shared_ptr<append_ticket>> enqueue(append_request request,
                                                                 waiting how);
    [[nodiscard]] result<receipt> append(append_request request);
    [[nodiscard]] result<void> submit(append_request request);
    void start(append_request request, std::unique_ptr<append_completion> completion);
    [[nodiscard]] flush_summary flush();
    [[nodiscard]] std::shared_ptr<log_core> const& log() const noexcept { return core_; }

private:
    [[nodiscard]] result<void> check(append_request& request) const;
    /// Queues a ticket; waits for room only if there is none and it may.
    [[nodiscard]] result<void> put(append_ticket& ticket, waiting how);

    std::shared_ptr<log_core> core_; // outlives the token, whose queue is inside
    std::shared_ptr<ticket_pool> pool_;
    ingestion_queue::token_type token_;
};

} // namespace swarmlog::detail
