#include "index/arena.hpp"

#include <cassert>
#include <cstdint>
#include <new>
#include <utility>

namespace swarmlog::detail {

void chunk_pool::chunk_deleter::operator()(std::byte* chunk) const noexcept {
    ::operator delete[](chunk, std::align_val_t{alignment});
}

chunk_pool::chunk_pool(std::size_t kept_bytes_max) : kept_max_(kept_bytes_max / chunk_bytes) {
    free_.reserve(kept_max_); // so that giving back cannot fail
}

chunk_pool::chunk chunk_pool::allocate(std::size_t bytes) {
    return chunk{static_cast<std::byte*>(::operator new[](bytes, std::align_val_t{alignment}))};
}

chunk_pool::chunk chunk_pool::take() {
    {
        std::lock_guard const lock{mutex_};
        if (!free_.empty()) {
            chunk taken = std::move(free_.back());
            free_.pop_back();
            return taken;
        }
    }
    return allocate(chunk_bytes);
}

void chunk_pool::give_back(std::vector<chunk> chunks) noexcept {
    std::lock_guard const lock{mutex_};
    while (!chunks.empty() && free_.size() < kept_max_) {
        free_.push_back(std::move(chunks.back()));
        chunks.pop_back();
    }
}

arena::arena(std::shared_ptr<chunk_pool> pool) : pool_(std::move(pool)) {}

arena::~arena() { pool_->give_back(std::move(chunks_)); }

void* arena::allocate(std::size_t bytes, std::size_t alignment) {
    assert(alignment <= chunk_pool::alignment);
    auto const misaligned = reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
    std::size_t const padding = misaligned == 0 ? 0 : alignment - misaligned;
    if (padding + bytes <= static_cast<std::size_t>(end_ - next_)) [[likely]] {
        std::byte* const start = next_ + padding;
        next_ = start + bytes;
        return start;
    }
    return allocate_from_new_chunk(bytes);
}

void* arena::allocate_from_new_chunk(std::size_t bytes) {
    if (bytes > chunk_pool::chunk_bytes / 2) {
        large_.push_back(chunk_pool::allocate(bytes));
        bytes_ += bytes;
        return large_.back().get();
    }
    chunks_.push_back(pool_->take());
    bytes_ += chunk_pool::chunk_bytes;
    std::byte* const start = chunks_.back().get();
    next_ = start + bytes;
    end_ = start + chunk_pool::chunk_bytes;
    return start;
}

} // namespace swarmlog::detail
