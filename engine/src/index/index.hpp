#pragma once

#include "index/block_cache.hpp"
#include "index/heads_cache.hpp"
#include "index/index_snapshot.hpp"
#include "index/key.hpp"
#include "index/merge_schedule.hpp"
#include "index/tail.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace swarmlog::detail {

struct index_options {
    /// Postings are written out as a run after so many events …
    std::uint32_t tail_events = 65'536;
    /// … or once the tail takes so much memory.
    std::size_t tail_bytes_max = std::size_t{64} << 20;
    /// Guides (filters and fences) kept in memory; the largest runs go without.
    std::size_t filter_bytes_max = std::size_t{64} << 20;
    /// Blocks that lookups read lately.
    std::size_t cache_bytes_max = std::size_t{16} << 20;
    /// Streams whose version is remembered beyond the tail.
    std::size_t heads_max = 524'288;
};

struct index_statistics {
    std::size_t run_count = 0;
    std::size_t level_count = 0;
    std::uint64_t block_count = 0; ///< of all runs; about 4,000 bytes each
    std::uint64_t entry_count = 0; ///< of all runs
    std::size_t filter_bytes = 0;  ///< guides in memory
    std::size_t cached_block_bytes = 0;
    std::size_t heads = 0;
    std::size_t tail_keys = 0;
    std::size_t tail_bytes = 0;
    std::uint64_t tail_postings = 0;
};

/// Where every stream, type, tag and id occurs: runs in the store, and the tail in memory.
///
/// Thread safety: `snapshot` and `statistics` from any thread; everything else is the writer's.
class index {
public:
    explicit index(index_options options);
    index(index const&) = delete;
    index& operator=(index const&) = delete;
    ~index();

    /// Takes over the store's runs. The tail is empty and starts after the last run: the caller
    /// applies the commits from there on.
    [[nodiscard]] result<void> load(read_view& view);

    /// For a handle that follows another process's writer: takes over the runs as `view` has
    /// them, if they changed. True when the tail was replaced by an empty one that starts
    /// after the last run, so that the caller feeds it from there. To be called with every
    /// read view before it is used with `snapshot()`: a run's blocks may be gone in a later one.
    [[nodiscard]] result<bool> refresh(read_view& view);

    [[nodiscard]] position indexed_through() const noexcept { return indexed_through_; }

    /// Fetches where a lookup of a stream's hash starts, here and in the tail.
    void prefetch(std::uint64_t stream_hash) const noexcept {
        tail_->prefetch(stream_hash);
        heads_.prefetch(stream_hash);
    }

    /// Valid until the next `flush_committed`, `load` or `refresh`.
    [[nodiscard]] tail& current_tail() noexcept { return *tail_; }

    /// Fills `key.writer.count` and `last_position` from what was flushed, and sets `resolved`.
    /// To be called once for a key that is new in the tail. `count` is the version for a stream;
    /// for other kinds it only tells whether the key occurs (0: nowhere).
    [[nodiscard]] result<void> resolve(tail_key& key, backend& store);

    [[nodiscard]] bool wants_flush() const noexcept;

    /// Writes the tail as a run covering (indexed_through(), head], then merges and erases a
    /// bounded amount, all in the caller's transaction. `head` is the last position appended
    /// to the tail; every stream in it is resolved and its `writer.count` is the version as of
    /// `head`. Nothing is visible until `flush_committed`; exactly one of `flush_committed` and
    /// `flush_failed` follows, also when this returns an error.
    [[nodiscard]] result<void> flush(write_transaction& transaction, position head);
    void flush_committed();
    /// The tail stays. The next flush is wanted after some more events only.
    void flush_failed();

    [[nodiscard]] std::shared_ptr<index_snapshot const> snapshot() const;

    /// Writer. A run that could not be merged because it is corrupt, so that lookups get slower
    /// by and by; empty while all is well.
    [[nodiscard]] std::optional<error> const& merge_failure() const noexcept {
        return schedule_.failure();
    }

    /// Any thread.
    [[nodiscard]] index_statistics statistics() const;

private:
    void start_tail(position base);
    void publish(std::vector<std::shared_ptr<run const>> runs);
    void remember_heads(tail const& flushed);

    index_options options_;
    std::shared_ptr<chunk_pool> pool_;
    std::shared_ptr<block_cache> blocks_;
    std::shared_ptr<tail> tail_;
    position indexed_through_;
    std::uint64_t run_generation_ = 0;
    heads_cache heads_;
    merge_schedule schedule_;
    /// The runs as they are once the transaction in hand has committed.
    std::vector<std::shared_ptr<run const>> runs_in_hand_;
    position head_in_hand_;
    /// After a failed flush: no other is tried before the tail has reached this.
    position flush_again_at_;

    /// Guards only the copying of the pointer: libstdc++'s atomic<shared_ptr> holds a spin lock
    /// for the same copy, and ThreadSanitizer cannot see through it.
    mutable std::mutex snapshot_mutex_;
    std::shared_ptr<index_snapshot const> snapshot_;
};

} // namespace swarmlog::detail
