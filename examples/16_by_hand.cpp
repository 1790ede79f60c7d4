/// A host without threads drives the writer itself, with a clock of its own: everything happens
/// when it says so, and the same run gives the same log.

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

struct tick {
    static constexpr std::string_view type = "tick";
    std::uint32_t number = 0;
};
BOOST_DESCRIBE_STRUCT(tick, (), (number))

/// Time that passes when told to.
class hand_clock final : public swarmlog::clock {
public:
    swarmlog::timestamp now() noexcept override { return time; }
    swarmlog::timestamp time{std::chrono::hours{24}};
};

int main() {
    using namespace swarmlog;
    auto const clock = std::make_shared<hand_clock>();
    log_options options{.codec = record_codec::none};
    options.drive = writer_drive::by_hand;
    options.clock = clock;
    auto log = open_memory(options).value();
    auto writer = log.make_producer();

    // Queued, and nothing more: there is no thread that could do anything.
    for (std::uint32_t number = 1; number <= 3; ++number) {
        writer.submit("clock", expected::any{}, tick{number}).value();
    }
    bool const nothing_yet = log.head() == position{0};

    // One call commits one group: here all three.
    bool const did_work = log.run_once();
    bool const nothing_left = !log.run_once();
    bool const all_there = log.head() == position{3};
    bool const all_taken = writer.flush().accepted == 3;

    // A blocking append drives the writer until it has its answer.
    clock->time += std::chrono::hours{1};
    auto const fourth = writer.append("clock", expected::any{}, tick{4}).value();

    // Two events never have the same time, even if the clock stands still.
    for (event_view const& event : log.read()) {
        std::cout << to_string(event.recorded_at) << ' ' << event.data << '\n';
    }
    return nothing_yet && did_work && nothing_left && all_there && all_taken &&
                   fourth.recorded_at == clock->time
               ? 0
               : 1;
}
