#pragma once

#include "support/failing_store.hpp"
#include "support/log_under_test.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace swarmlog::test {

/// Nothing is kept in memory, so that every call goes to the store; and runs are many.
[[nodiscard]] inline log_options forgetful_options() {
    log_options options = by_hand(small_options());
    options.record_cache_bytes = 0;
    options.index_cache_bytes = 0;
    options.stream_heads_max = 1;
    options.clock = std::make_shared<manual_clock>();
    return options;
}

inline constexpr std::uint64_t event_count = 120;

[[nodiscard]] inline timestamp second(std::uint64_t number) {
    return manual_clock::begin + std::chrono::seconds{static_cast<std::int64_t>(number)};
}

/// What event `number` brings.
[[nodiscard]] inline event_id id_of(std::uint64_t number) {
    return make_event_id(second(number), number, 7);
}

/// A store in memory that logs are opened on, one after the other.
class failing_log {
public:
    failing_log() { append_more(event_count); }

    [[nodiscard]] result<event_log> open(bool read_only = false) const {
        return event_log::open(std::make_unique<failing_store>(store_, faults_, read_only),
                               forgetful_options());
    }
    /// By a log of its own. Every event has a stream, a type, two tags and an id that it brought;
    /// every tenth has an idempotency key.
    void append_more(std::uint64_t count) {
        auto log = must(open());
        auto producer = log.make_producer();
        for (std::uint64_t number = log.head().value + 1; count != 0; --count, ++number) {
            append_request request = producer.new_append();
            request.recorded_at(second(number));
            event_details details{.tags = {"all", number % 2 == 0 ? "even" : "odd"}};
            details.id = id_of(number);
            std::string const stream = number <= 3 ? "old" : "s" + std::to_string(number % 3);
            request.add(stream, raw("t" + std::to_string(number % 4)), details);
            if (number % 10 == 0) { request.idempotency_key("key " + std::to_string(number)); }
            must(producer.submit(std::move(request)));
            if (number % 16 == 0) { BOOST_REQUIRE(producer.flush().rejected == 0); }
        }
        BOOST_REQUIRE(producer.flush().rejected == 0);
        must(log.close());
    }
    [[nodiscard]] store_faults& faults() noexcept { return *faults_; }
    [[nodiscard]] backend& store() noexcept { return *store_; }

private:
    std::shared_ptr<backend> store_ = must(open_memory_store());
    std::shared_ptr<store_faults> faults_ = std::make_shared<store_faults>();
};

} // namespace swarmlog::test
