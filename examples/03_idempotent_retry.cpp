/// An idempotency key: a caller that lost its answer just asks again, after a restart too.

#include <swarmlog/swarmlog.hpp>

#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

struct order_placed {
    static constexpr std::string_view type = "order.placed";
    std::string item;
};
BOOST_DESCRIBE_STRUCT(order_placed, (), (item))

namespace {

using namespace swarmlog;

/// The key stands for one intent. The same intent has the same key each time it is tried.
result<receipt> place(event_log& log, std::string const& item) {
    auto writer = log.make_producer();
    auto request = writer.new_append();
    request.expect("order-17", expected::no_stream{});
    request.add("order-17", order_placed{item}).idempotency_key("request-17");
    return writer.append(std::move(request));
}

} // namespace

int main() {
    std::filesystem::remove_all("idempotent_retry");
    std::filesystem::create_directory("idempotent_retry");

    position first;
    {
        auto log = open_sqlite("idempotent_retry/swarm.db").value();
        first = place(log, "paint").value().first;
        // Here the caller dies, and nobody has heard that the order was stored.
    }

    auto log = open_sqlite("idempotent_retry/swarm.db").value();
    // The first receipt again, although the condition does not hold any more.
    receipt const again = place(log, "paint").value();
    std::cout << "stored at " << again.first.value << (again.repeated ? " before\n" : "\n");

    // The key for something else is a bug of the caller's, and is told so.
    auto const other = place(log, "varnish");
    std::cout << other.error().message() << '\n';
    return again.repeated && again.first == first && log.head() == position{1} &&
                   other.error() == errc::idempotency_conflict
               ? 0
               : 1;
}
