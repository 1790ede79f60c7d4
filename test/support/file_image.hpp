#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// The bytes of a file in memory. Copies share their blocks until one of them writes, and blocks
/// of zeros take no room, so a copy is cheap. One thread at a time for an image and its copies.
class file_image {
public:
    static constexpr std::size_t block_bytes = 4096;
    using block = std::array<char, block_bytes>;

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// What is beyond the end reads as zeros; answers how many bytes were before it.
    std::size_t read(char* into, std::size_t count, std::uint64_t offset) const {
        std::memset(into, 0, count);
        std::size_t const there = offset < size_ ? std::min(count, size_ - offset) : 0;
        for_each_piece(
            offset, there,
            [&](std::size_t at, std::size_t in_block, std::size_t index, std::size_t length) {
                if (blocks_[index]) {
                    std::memcpy(into + at, blocks_[index]->data() + in_block, length);
                }
            });
        return there;
    }

    void write(std::string_view bytes, std::uint64_t offset) {
        if (bytes.empty()) { return; }
        if (offset + bytes.size() > size_) { resize(offset + bytes.size()); }
        for_each_piece(
            offset, bytes.size(),
            [&](std::size_t at, std::size_t in_block, std::size_t index, std::size_t length) {
                std::string_view const piece = bytes.substr(at, length);
                if (!blocks_[index] && is_zero(piece)) { return; }
                std::memcpy(own(index).data() + in_block, piece.data(), length);
            });
    }

    void resize(std::uint64_t size) {
        std::size_t const left = size % block_bytes;
        std::size_t const last = size / block_bytes;
        if (size < size_ && left != 0 && blocks_[last]) {
            block& cut = own(last);
            std::fill(cut.begin() + static_cast<std::ptrdiff_t>(left), cut.end(), '\0');
        }
        blocks_.resize((size + block_bytes - 1) / block_bytes);
        size_ = size;
    }

    [[nodiscard]] std::string bytes() const {
        std::string all(size_, '\0');
        read(all.data(), all.size(), 0);
        return all;
    }

    /// Calls `visit(index, block)` for each block that is not all zeros.
    template <class Visit>
    void for_each_block(Visit&& visit) const {
        for (std::size_t index = 0; index != blocks_.size(); ++index) {
            if (blocks_[index]) { visit(index, *blocks_[index]); }
        }
    }

private:
    template <class Visit>
    static void for_each_piece(std::uint64_t offset, std::size_t count, Visit&& visit) {
        for (std::size_t done = 0; done != count;) {
            std::size_t const in_block = (offset + done) % block_bytes;
            std::size_t const length = std::min(count - done, block_bytes - in_block);
            visit(done, in_block, (offset + done) / block_bytes, length);
            done += length;
        }
    }

    /// Each byte equals the one before it, and the first is zero: the C library is quick at it.
    static bool is_zero(std::string_view bytes) noexcept {
        return bytes[0] == '\0' &&
               std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
    }

    block& own(std::size_t index) {
        auto& held = blocks_[index];
        if (!held) {
            held = std::make_shared<block>();
        } else if (held.use_count() != 1) {
            held = std::make_shared<block>(*held);
        }
        return *held;
    }

    std::vector<std::shared_ptr<block>> blocks_; ///< null: zeros
    std::uint64_t size_ = 0;
};

/// The files of a folder, by name.
using disk_image = std::map<std::string, file_image, std::less<>>;

} // namespace swarmlog::test
