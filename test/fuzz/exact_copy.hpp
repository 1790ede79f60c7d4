#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace swarmlog::test {

/// A property that must hold whatever the bytes are.
inline void require(bool holds) {
    if (!holds) { std::abort(); }
}

/// The bytes in memory of exactly their size, so that a sanitizer sees a read past the end.
class exact_copy {
public:
    exact_copy(std::uint8_t const* data, std::size_t size)
        : bytes_(std::make_unique<char[]>(size)), size_(size) {
        for (std::size_t i = 0; i != size; ++i) { bytes_[i] = static_cast<char>(data[i]); }
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

} // namespace swarmlog::test
