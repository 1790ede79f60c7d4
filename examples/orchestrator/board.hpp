#pragma once

#include "shop.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

/// Shows a run while it goes on: the workers and what each is at, tasks by state, and the rate.
/// Reads the committed tables a few times a second, on a thread of its own; on anything but a
/// terminal it shows nothing.
class board {
public:
    explicit board(shop const& of, std::FILE* screen = stderr);
    board(board const&) = delete;
    board& operator=(board const&) = delete;
    /// Takes the board away.
    ~board();

private:
    void show_until_over();
    [[nodiscard]] swarmlog::result<std::string> drawn(double tasks_a_second) const;

    shop const& shop_;
    std::FILE* screen_;
    std::jthread thread_;
    std::size_t lines_ = 0;
};
