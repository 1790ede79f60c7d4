#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/position.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// The records of a store in memory, append-only, at addresses that never change.
///
///     chunks     arrays of 1,024 records, in order; a record points to its body
///     segments   1 MiB of bodies each; a longer body has a segment of its own
///     directory  the addresses of the chunks; replaced, never changed, once published
///
/// One thread appends. What it appends is *staged*, behind the end that readers know, until
/// `publish` or `drop_staged`. A reader holds a `range` and touches only records in it, which
/// nobody writes any more: so it needs no lock, but gets the range under the owner's mutex,
/// which orders those writes before its reads.
class record_log {
public:
    using directory = std::vector<stored_record const*>;

    /// Published records; valid as long as the log lives.
    struct range {
        std::shared_ptr<directory const> chunks;
        std::size_t count = 0;

        [[nodiscard]] stored_record const& operator[](std::size_t index) const noexcept {
            return (*chunks)[index / chunk_records][index % chunk_records];
        }
        /// How many records begin at or before a position.
        [[nodiscard]] std::size_t count_up_to(position at) const noexcept;
    };

    record_log();
    record_log(record_log const&) = delete;
    record_log& operator=(record_log const&) = delete;

    /// Copies the record. Throws `std::bad_alloc`, and then nothing is staged.
    void stage(stored_record const& record);
    [[nodiscard]] range publish() noexcept;
    void drop_staged() noexcept;

    static constexpr std::size_t chunk_records = 1024;

private:
    static constexpr std::size_t segment_bytes = 1024 * 1024;

    struct segment {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
        std::size_t used = 0;
    };
    struct mark { ///< where the staged part begins
        std::size_t records = 0;
        std::size_t segments = 0;
        std::size_t used = 0;
    };

    [[nodiscard]] std::string_view copy(std::string_view body);
    void add_chunk();

    std::vector<std::unique_ptr<stored_record[]>> chunks_;
    std::vector<segment> segments_;
    std::shared_ptr<directory const> directory_;
    std::size_t count_ = 0;
    mark published_;
};

} // namespace swarmlog::detail
