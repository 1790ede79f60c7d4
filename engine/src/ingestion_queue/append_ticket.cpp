#include "ingestion_queue/append_ticket.hpp"

#include "producer/ticket_pool.hpp"

#include <new>
#include <utility>

namespace swarmlog::detail {

void answer_ticket(append_ticket& ticket, result<receipt> answer) noexcept {
    if (ticket.pool != nullptr) {
        ticket_pool& pool = *ticket.pool;
        answered_tickets one;
        one.add(ticket, std::move(answer));
        pool.give_back(std::move(one));
    } else if (ticket.completion) {
        std::unique_ptr<append_ticket> const owned{&ticket};
        try {
            ticket.completion->complete(std::move(answer));
        } catch (std::bad_alloc const&) {
            // Nobody is left to be told.
        }
    } else {
        auto const alive = std::move(ticket.self);
        ticket.set_answer(std::move(answer));
    }
}

} // namespace swarmlog::detail
