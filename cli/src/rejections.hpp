#pragma once

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <string>

namespace swarmlog::cli {

/// Says on standard error what was not taken, and where it stood. When a whole file is of the
/// wrong kind, a person does not want to see every line of it: the first `said_max` are said,
/// the others counted.
class rejections {
public:
    static constexpr std::uint64_t said_max = 1'000;

    void add(std::string const& place, std::string const& reason);
    /// Says how many more there were.
    void finish() const;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

private:
    std::uint64_t count_ = 0;
};

/// True when an append failed because of what it says, so that the next one may well succeed;
/// false when it failed because of the log or the machine, as a full disk.
[[nodiscard]] bool is_fault_of_input(error const& failure) noexcept;

} // namespace swarmlog::cli
