#pragma once

#include "support/log_under_test.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

// A log whose events follow from their numbers, so that a test can say what a read must find:
// event number n (from 1) is of stream s<n mod 3>, type t<n mod 2>, has tag m<n mod 5> and
// every tenth also "tenth", and is recorded n seconds after the clock's beginning.
[[nodiscard]] inline timestamp time_of(std::uint64_t number) {
    return manual_clock::begin + std::chrono::seconds{static_cast<std::int64_t>(number)};
}

inline void append_numbered(log_under_test& log, std::uint64_t count) {
    auto producer = log->make_producer();
    for (std::uint64_t number = 1; number <= count; ++number) {
        log.clock().set(time_of(number));
        std::string const stream = "s" + std::to_string(number % 3);
        std::string const type = "t" + std::to_string(number % 2);
        std::string const tag = "m" + std::to_string(number % 5);
        std::vector<std::string_view> tags{tag};
        if (number % 10 == 0) { tags.emplace_back("tenth"); }
        must(producer.append(stream, expected::any{}, raw(type, std::to_string(number)),
                             {.tags = std::move(tags)}));
    }
}

/// The numbers from 1 to `count` that `is_wanted` keeps.
template <class Predicate>
[[nodiscard]] std::vector<std::uint64_t> numbers(std::uint64_t count, Predicate is_wanted) {
    std::vector<std::uint64_t> kept;
    for (std::uint64_t number = 1; number <= count; ++number) {
        if (is_wanted(number)) { kept.push_back(number); }
    }
    return kept;
}

[[nodiscard]] inline std::vector<std::uint64_t> reversed(std::vector<std::uint64_t> list) {
    std::reverse(list.begin(), list.end());
    return list;
}

[[nodiscard]] inline std::vector<std::uint64_t> positions(reader from) {
    return positions_of(must(std::move(from).collect()));
}

#define TEST_POSITIONS(got, ...) \
    BOOST_TEST(positions(got) == (__VA_ARGS__), boost::test_tools::per_element())

inline constexpr std::uint64_t count = 100;
using list = std::vector<std::uint64_t>;

[[nodiscard]] inline log_under_test numbered(std::string_view backend) {
    return log_under_test{backend, small_options()};
}

} // namespace swarmlog::test
