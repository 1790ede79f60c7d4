#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace swarmlog::perf {

/// Sums up what was read back, so that rivals can be compared for equality. Each entry's parts
/// count in their order, the entries in any: producers overtake each other.
class digest {
public:
    template <class... Parts>
    void add(Parts const&... parts) {
        std::uint64_t entry = 0;
        ((entry = entry * 0x9e3779b97f4a7c15U + std::hash<std::string_view>{}(parts)), ...);
        sum_ += entry ^ (entry >> 29);
        ++entries_;
    }
    /// Never 0, which stands for nothing read.
    [[nodiscard]] std::uint64_t value() const noexcept { return sum_ | 1U; }
    [[nodiscard]] std::uint64_t entries() const noexcept { return entries_; }

private:
    std::uint64_t sum_ = 0;
    std::uint64_t entries_ = 0;
};

} // namespace swarmlog::perf
