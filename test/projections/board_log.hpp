#pragma once

#include "projections/task_board.hpp"
#include "support/log_under_test.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace swarmlog::test {

/// A log of either backend with both projections of the board, tallies asynchronous if asked.
struct board_log {
    explicit board_log(std::string_view backend, projection_options given = {},
                       bool async_tally = false)
        : projections(std::move(given)), log(backend, options(async_tally)) {}

    log_options options(bool async_tally) {
        projections.add(board::cards{});
        if (async_tally) {
            projections.add_async(board::tallies{});
        } else {
            projections.add(board::tallies{});
        }
        log_options made = small_options();
        made.state = projections;
        return made;
    }

    template <class Event>
    result<receipt> append(Event const& event) {
        return log->make_producer().append("card-" + event.id, expected::any{}, event);
    }

    projection_set projections;
    log_under_test log;
};

/// A few hundred random events over some cards.
inline void play(board_log& board, std::uint64_t seed, int steps) {
    std::mt19937_64 random{seed};
    auto producer = board.log->make_producer();
    for (int step = 0; step != steps; ++step) {
        std::string const id = std::to_string(random() % 20);
        std::string const stream = "card-" + id;
        switch (random() % 5) {
        case 0:
            must(producer.submit(stream, expected::any{},
                                 board::card_added{id,
                                                   static_cast<std::int64_t>(random() % 100),
                                                   {"a", std::to_string(random() % 3)}}));
            break;
        case 1:
        case 2:
            must(producer.submit(stream, expected::any{},
                                 board::card_taken{id, "p" + std::to_string(random() % 4)}));
            break;
        case 3: must(producer.submit(stream, expected::any{}, board::card_done{id})); break;
        default: must(producer.submit(stream, expected::any{}, board::card_removed{id})); break;
        }
    }
    BOOST_REQUIRE(producer.flush().rejected == 0);
}

} // namespace swarmlog::test
