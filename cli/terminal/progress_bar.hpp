#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace swarmlog {

/// A line on a terminal that shows how far long work has got. On anything but a terminal it
/// shows nothing, so that logs and pipes stay clean.
///
/// Drawn at most ten times a second, so `update` may be called for every event.
class progress_bar {
public:
    /// `unit` is what is counted: "events", "bytes".
    progress_bar(std::string label, std::string unit, std::FILE* screen = stderr);
    progress_bar(progress_bar const&) = delete;
    progress_bar& operator=(progress_bar const&) = delete;
    ~progress_bar();

    /// A total of 0 is one that is not known.
    void update(std::uint64_t done, std::uint64_t total);
    /// Takes the line away, so that the next output begins on a clean one.
    void clear();

private:
    using clock = std::chrono::steady_clock;
    void draw(clock::time_point now, std::uint64_t done, std::uint64_t total);

    std::string label_;
    std::string unit_;
    std::FILE* screen_;
    bool visible_;
    bool drawn_ = false;
    clock::time_point const began_ = clock::now();
    clock::time_point last_drawn_{};
};

/// True when what is written to the file is seen by a person at once.
[[nodiscard]] bool is_terminal(std::FILE* file) noexcept;

/// The terminal's width in columns; 100 when there is none.
[[nodiscard]] std::size_t screen_columns(std::FILE* file) noexcept;

} // namespace swarmlog
