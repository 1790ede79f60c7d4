#pragma once

#include "history/history_source.hpp"
#include "terminal/number_text.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

/// One line for a person: what is done now.
template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::print(stderr, "{}\n", fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Tells what is left out, up to a number that a person would still read.
class left_out {
public:
    swarmlog::history_observer observer() {
        return {.rejected =
                    [this](swarmlog::history_place const& place, std::string const& reason) {
                        if (++rejected_ <= said_max) {
                            say("{}: rejected: {}", to_string(place), reason);
                        }
                    },
                .skipped =
                    [this](std::string const& file, std::string const& reason) {
                        if (++skipped_ <= said_max) say("{}: skipped: {}", file, reason);
                    }};
    }
    void say_rest() const {
        say_rest_of(rejected_, "rejected");
        say_rest_of(skipped_, "skipped");
    }
    [[nodiscard]] std::uint64_t rejected() const { return rejected_; }

private:
    static void say_rest_of(std::uint64_t count, char const* what) {
        if (count <= said_max) return;
        say("and {} more were {}", swarmlog::grouped(count - said_max), what);
    }

    static constexpr std::uint64_t said_max = 1'000;
    std::uint64_t rejected_ = 0;
    std::uint64_t skipped_ = 0;
};
