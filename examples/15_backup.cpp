/// A backup while appends go on: a file of its own, whole, of one moment; and how it is restored.

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

struct tick {
    static constexpr std::string_view type = "tick";
    std::uint32_t number = 0;
};
BOOST_DESCRIBE_STRUCT(tick, (), (number))

int main() {
    using namespace swarmlog;
    std::filesystem::remove_all("backup");
    std::filesystem::create_directory("backup");

    auto log = open_sqlite("backup/swarm.db").value();
    std::uint64_t appended = 0;
    std::thread worker{[&appended, writer = log.make_producer()]() mutable {
        for (std::uint32_t number = 1; number <= 2'000; ++number) {
            writer.submit("clock", expected::any{}, tick{number}).value();
        }
        appended = writer.flush().accepted;
    }};
    log.wait_for(position{500}, std::chrono::seconds{10}).value();
    position const before = log.head();
    log.backup_to("backup/copy.db").value();
    position const after = log.head();
    worker.join();

    // Never over a file that is there.
    auto const refused = log.backup_to("backup/copy.db");
    std::cout << refused.error().message() << '\n';

    // Restoring is opening the copy: it is a log like any other, and can be appended to.
    auto restored = open_sqlite("backup/copy.db").value();
    position const has = restored.head();
    bool const is_sound = restored.verify().value().sound();
    auto const next = restored.make_producer().append("clock", expected::any{}, tick{0}).value();
    std::cout << has.value << " events of " << log.head().value << " were there at that moment\n";
    return appended == 2'000 && before <= has && has <= after && is_sound &&
                   next.first.value == has.value + 1 && refused.error() == errc::invalid_argument
               ? 0
               : 1;
}
