#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace swarmlog::detail {

/// Memory in chunks of one size that a retired tail hands on to the next one. A tail of many
/// keys is tens of megabytes, and asking the system for them anew costs a page fault each 4 KiB.
///
/// Thread safety: all members may be called from any thread (a tail dies with its last reader).
class chunk_pool {
public:
    static constexpr std::size_t chunk_bytes = std::size_t{256} * 1024;
    static constexpr std::size_t alignment = 64;

    struct chunk_deleter {
        void operator()(std::byte* chunk) const noexcept;
    };
    using chunk = std::unique_ptr<std::byte[], chunk_deleter>;

    /// Keeps at most `kept_bytes_max` of what is given back.
    explicit chunk_pool(std::size_t kept_bytes_max);

    [[nodiscard]] chunk take();
    void give_back(std::vector<chunk> chunks) noexcept;

    [[nodiscard]] static chunk allocate(std::size_t bytes);

private:
    std::mutex mutex_;
    std::vector<chunk> free_;
    std::size_t kept_max_;
};

/// Hands out memory that lives as long as the arena; nothing is freed one by one and no
/// destructor is run. One thread allocates.
class arena {
public:
    explicit arena(std::shared_ptr<chunk_pool> pool);
    arena(arena const&) = delete;
    arena& operator=(arena const&) = delete;
    ~arena();

    /// `alignment` is a power of two of at most `chunk_pool::alignment`.
    [[nodiscard]] void* allocate(std::size_t bytes, std::size_t alignment);

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    [[nodiscard]] void* allocate_from_new_chunk(std::size_t bytes);

    std::shared_ptr<chunk_pool> pool_;
    std::vector<chunk_pool::chunk> chunks_; ///< of the pool's size
    std::vector<chunk_pool::chunk> large_;  ///< single allocations that fill a chunk or more
    std::byte* next_ = nullptr;
    std::byte* end_ = nullptr;
    std::size_t bytes_ = 0;
};

} // namespace swarmlog::detail
