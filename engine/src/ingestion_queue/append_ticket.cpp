#include "ingestion_queue/append_ticket.hpp"

#include "producer/ticket_pool.hpp"

namespace swarmlog::detail {

void answer_ticket(append_ticket& ticket, result<receipt> answer) {
    if (ticket.pool != nullptr) {
        ticket_pool& pool = *ticket.pool;
        answered_tickets one;
        one.add(ticket, answer);
        pool.give_back(one);
    } else if (ticket.completion) {
        std::unique_ptr<append_ticket> const owned{&ticket};
        ticket.completion->complete(std::move(answer));
    } else {
        auto const alive = std::move(ticket.self);
        ticket.set_answer(std::move(answer));
    }
}

} // namespace swarmlog::detail
