#include "queue_model/scenarios.hpp"

#include "ingestion_queue/ingestion_queue.hpp"
#include "log/writer_turn.hpp"
#include "producer/ticket_pool.hpp"
#include "publish/published_head.hpp"
#include "queue_model/modelled.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What a thread does captures references alone: that of an abandoned execution is destroyed while
// the next one begins.

namespace swarmlog::modelled {

namespace {

constexpr auto never = ingestion_queue::clock_type::time_point::max();
constexpr auto at_some_time = ingestion_queue::clock_type::time_point{};

void start(std::function<void()> body) { explorer::current().start_thread(std::move(body)); }

void join_all() { explorer::current().join_threads(); }

void require(bool holds, char const* what) {
    if (!holds) { explorer::current().fail(what); }
}

log_options bounds(std::uint32_t appends, std::uint64_t bytes) {
    log_options options;
    options.queue_appends_max = appends;
    options.queue_bytes_max = bytes;
    return options;
}

/// A ticket with its place in its producer's order, and what is to be handed with it.
struct numbered_ticket : append_ticket {
    numbered_ticket(std::size_t of, std::size_t place, std::size_t bytes)
        : producer(of), number(place) {
        draft = std::make_unique<append_draft>();
        draft->reset({});
        draft->data_buffer().append(bytes, 'x');
    }
    std::size_t producer;
    std::size_t number;
    cell<std::size_t> payload{0};
};

/// The tickets of some producers, and what became of them.
struct traffic {
    traffic(log_options const& options, std::size_t producers, std::size_t each)
        : bound(options),
          queue(options),
          accepted(producers),
          taken(producers),
          last(producers),
          count(producers * each) {
        for (std::size_t producer = 0; producer != producers; ++producer) {
            for (std::size_t number = 0; number != each; ++number) {
                tickets.push_back(std::make_unique<numbered_ticket>(producer, number, 3));
            }
        }
    }

    void put_all(std::size_t producer, std::size_t each, bool with_token,
                 ingestion_queue::clock_type::time_point deadline) {
        std::optional<ingestion_queue::token_type> token;
        if (with_token) { token.emplace(queue.make_token()); }
        for (std::size_t number = 0; number != each; ++number) {
            numbered_ticket& ticket = *tickets[producer * each + number];
            ticket.payload = number + 1;
            auto const put = queue.put(ticket, token ? &*token : nullptr, deadline);
            if (put) {
                ++accepted[producer];
            } else {
                require(put.error() == errc::closed || deadline != never,
                        "an open queue is full for ever");
            }
            check_bound();
        }
    }

    /// True when something was taken.
    bool take() {
        std::array<append_ticket*, 2> places{};
        std::size_t const found = queue.take(places);
        check_bound();
        for (append_ticket* place : std::span{places}.first(found)) {
            auto const& ticket = static_cast<numbered_ticket const&>(*place);
            require(ticket.payload == ticket.number + 1, "a ticket's content is another one's");
            ++taken[ticket.producer];
            require(last[ticket.producer] < ticket.number + 1,
                    "one producer's tickets are out of order");
            last[ticket.producer] = ticket.number + 1;
        }
        return found != 0;
    }

    void check_bound() const {
        require(queue.queued_appends() <= bound.queue_appends_max, "more tickets than the bound");
        require(queue.queued_bytes() <= bound.queue_bytes_max, "more bytes than the bound");
    }

    void check_end() const {
        require(accepted == taken, "a ticket that was accepted is not taken, or is taken twice");
        require(queue.is_empty(), "an empty queue counts something");
    }

    [[nodiscard]] std::size_t taken_in_all() const {
        std::size_t sum = 0;
        for (std::size_t each : taken) { sum += each; }
        return sum;
    }

    log_options bound;
    ingestion_queue queue;
    std::vector<std::size_t> accepted, taken;
    std::vector<std::size_t> last; ///< of each producer's, counted from 1
    /// They last as long as the queue, so that no address stands for two of them.
    std::vector<std::unique_ptr<numbered_ticket>> tickets;
    std::size_t count;
};

void run_writer_for(traffic& all) {
    while (all.taken_in_all() != all.count) {
        if (!all.take()) { all.queue.wait_for_work(); }
    }
}

void a_sleeping_writer_is_woken() {
    traffic all{bounds(4, 100), 1, 1};
    start([&] { all.put_all(0, 1, true, never); });
    run_writer_for(all);
    join_all();
    all.check_end();
}

void every_ticket_is_taken_in_its_producers_order() {
    traffic all{bounds(8, 1'000), 3, 4};
    start([&] { all.put_all(0, 4, true, never); });
    start([&] { all.put_all(1, 4, true, never); });
    start([&] { all.put_all(2, 4, false, never); });
    run_writer_for(all);
    join_all();
    all.check_end();
}

void producers_wait_for_a_place() {
    traffic all{bounds(1, 1'000), 3, 2};
    start([&] { all.put_all(0, 2, true, never); });
    start([&] { all.put_all(1, 2, false, never); });
    start([&] { all.put_all(2, 2, false, never); });
    run_writer_for(all);
    join_all();
    all.check_end();
}

void producers_wait_for_bytes() {
    traffic all{bounds(8, 7), 2, 3};
    start([&] { all.put_all(0, 3, true, never); });
    start([&] { all.put_all(1, 3, false, never); });
    run_writer_for(all);
    join_all();
    all.check_end();
}

/// Producers whose deadline may come, and somebody who closes at any time.
void what_was_accepted_before_closing_is_taken() {
    traffic all{bounds(2, 1'000), 2, 2};
    start([&] { all.put_all(0, 2, true, never); });
    start([&] { all.put_all(1, 2, false, at_some_time); });
    start([&] { all.queue.close(); });
    while (!all.queue.is_closed()) {
        if (!all.take()) { all.queue.wait_for_work(); }
    }
    while (!all.queue.is_empty()) { static_cast<void>(all.take()); }
    std::vector<std::size_t> const at_the_end = all.taken;
    join_all();
    require(all.accepted == at_the_end, "a ticket was accepted after the queue had been closed");
    all.check_end();
}

void a_waiter_gets_its_answer() {
    ingestion_queue queue{bounds(4, 100)};
    start([&] {
        auto const ticket = std::make_shared<append_ticket>();
        ticket->self = ticket;
        require(static_cast<bool>(queue.put(*ticket, nullptr, never)), "the queue is full");
        ticket->wait();
        note_read(&ticket->answer, "answer");
        require(ticket->answer && ticket->answer->last == position{7}, "a wrong answer");
    });
    std::array<append_ticket*, 1> place{};
    while (queue.take(place) == 0) { queue.wait_for_work(); }
    receipt given{};
    given.last = position{7};
    answer_ticket(*place[0], given);
    join_all();
}

/// Two callers that would do the writer's work themselves, beside the writer.
void callers_and_the_writer_work_in_turns() {
    ingestion_queue queue{bounds(4, 100)};
    writer_turn turn;
    // Kept until the end, so that no address stands for two of them.
    std::array const tickets{std::make_shared<append_ticket>(), std::make_shared<append_ticket>()};
    cell<std::uint64_t> turns{0}; // what only who has the turn may touch
    std::uint64_t written = 0;
    atomic<std::size_t> left{tickets.size()};
    auto const run_once = [&] {
        turns = turns + 1;
        std::array<append_ticket*, 1> place{};
        if (queue.take(place) == 0) { return false; }
        receipt given{};
        given.last = position{++written};
        answer_ticket(*place[0], given);
        return true;
    };
    for (std::shared_ptr<append_ticket> const& ticket : tickets) {
        start([&] {
            ticket->self = ticket;
            auto const put = queue.put(*ticket, nullptr, never, ingestion_queue::waking::later);
            require(static_cast<bool>(put), "the queue is full");
            work_or_wait(*ticket, queue, turn, run_once);
            note_read(&ticket->answer, "answer");
            require(ticket->answer && ticket->answer->last != position{}, "a wrong answer");
            if (left.fetch_sub(1) == 1) { queue.close(); }
        });
    }
    while (!queue.is_closed()) {
        bool is_idle = false;
        {
            std::lock_guard const mine{turn};
            is_idle = !run_once();
        }
        if (is_idle) { queue.wait_for_work(); }
    }
    join_all();
    require(queue.is_empty() && written == tickets.size(), "a ticket is left or written twice");
}

void a_pools_tickets_come_back_with_all_answers() {
    ingestion_queue queue{bounds(4, 100)};
    ticket_pool pool;
    constexpr std::size_t count = 4;
    start([&] {
        auto token = queue.make_token();
        for (std::size_t left = count; left != 0; --left) {
            append_ticket& ticket = pool.acquire_ticket();
            pool.count_submitted();
            require(static_cast<bool>(queue.put(ticket, &token, never)), "the queue is full");
        }
        pool.wait_answered();
        require(pool.all_answered(), "not everything is answered");
        flush_summary const summary = pool.take_summary();
        require(summary.accepted == count && summary.last == position{count},
                "a summary without some of the answers");
    });
    std::array<append_ticket*, 2> places{};
    receipt given{};
    for (std::size_t done = 0; done != count;) {
        std::size_t const found = queue.take(places);
        if (found == 0) { queue.wait_for_work(); }
        answered_tickets together;
        for (append_ticket* ticket : std::span{places}.first(found)) {
            given.last = position{++done};
            together.add(*ticket, given);
        }
        if (!together.is_empty()) { pool.give_back(std::move(together)); }
    }
    join_all();
}

void who_waits_for_the_head_sees_what_was_published() {
    published_head head;
    std::array<cell<std::size_t>, 3> published{0, 0, 0};
    std::size_t calls = 0;
    auto const stays = [] { return false; };
    start([&] {
        for (std::uint64_t at = 1; at != published.size(); ++at) {
            head.wait_beyond(position{at - 1}, never, stays);
            std::uint64_t const seen = head.get().value;
            require(seen >= at, "woken before the head moved");
            require(published[seen] == seen, "the head is ahead of what was published");
        }
    });
    start([&] {
        head.on_move(position{1}, [&] {
            ++calls;
            require(head.get().value == 2, "called before the head moved");
        });
    });
    start([&] {
        std::uint64_t const seen = head.get().value;
        require(published[seen] == seen, "the head is ahead of what was published");
    });
    for (std::uint64_t at = 1; at != published.size(); ++at) {
        published[at] = at;
        head.move_to(position{at});
    }
    join_all();
    require(calls == 1, "a waker is called once");
}

void closing_wakes_who_waits_for_the_head() {
    published_head head;
    std::size_t calls = 0;
    std::size_t cancelled = 0;
    start([&] { head.wait_beyond(position{1}, never, [] { return false; }); });
    start([&] {
        std::uint64_t const number = head.on_move(position{1}, [&] { ++calls; });
        if (number != 0 && head.cancel(number)) { ++cancelled; }
    });
    head.move_to(position{1});
    head.close();
    join_all();
    require(calls + cancelled == 1, "a waker is called once or cancelled");
    require(head.is_closed(), "a closed head is open");
}

} // namespace

} // namespace swarmlog::modelled

namespace swarmlog::test {

std::span<queue_scenario const> queue_scenarios() {
    using namespace modelled;
    static std::array const all{
        queue_scenario{"a sleeping writer is woken", a_sleeping_writer_is_woken},
        queue_scenario{"every ticket is taken, in its producer's order",
                       every_ticket_is_taken_in_its_producers_order},
        queue_scenario{"producers wait for a place", producers_wait_for_a_place},
        queue_scenario{"producers wait for bytes", producers_wait_for_bytes},
        queue_scenario{"what was accepted before closing is taken",
                       what_was_accepted_before_closing_is_taken},
        queue_scenario{"a waiter gets its answer", a_waiter_gets_its_answer},
        queue_scenario{"callers and the writer work in turns",
                       callers_and_the_writer_work_in_turns},
        queue_scenario{"a pool's tickets come back with all answers",
                       a_pools_tickets_come_back_with_all_answers},
        queue_scenario{"who waits for the head sees what was published",
                       who_waits_for_the_head_sees_what_was_published},
        queue_scenario{"closing wakes who waits for the head",
                       closing_wakes_who_waits_for_the_head},
    };
    return all;
}

void put_in_force(std::string_view weakening) { modelled::weakening = weakening; }

} // namespace swarmlog::test
