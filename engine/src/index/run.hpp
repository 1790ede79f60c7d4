#pragma once

#include "index/block_source.hpp"
#include "index/run_format.hpp"
#include "index/set_once.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// A guide that is kept by its run, or was read for this one use.
class guide_handle {
public:
    guide_handle() = default;
    explicit guide_handle(guide const* kept) noexcept : guide_(kept) {}
    explicit guide_handle(std::unique_ptr<guide const> owned) noexcept
        : owned_(std::move(owned)), guide_(owned_.get()) {}

    [[nodiscard]] guide const& operator*() const noexcept { return *guide_; }
    [[nodiscard]] guide const* operator->() const noexcept { return guide_; }

private:
    std::unique_ptr<guide const> owned_;
    guide const* guide_ = nullptr;
};

/// One sorted, immutable part of the index, as the store has it. In memory: the header, and
/// guides as they are asked for, if the run may keep them.
///
/// Thread safety: everything from any thread.
class run {
public:
    /// Decodes `meta.header`.
    [[nodiscard]] static result<std::shared_ptr<run const>> open(stored_run meta,
                                                                 bool keeps_guides);

    /// The same run without a guide in memory, with a new rule about keeping them.
    [[nodiscard]] std::shared_ptr<run const> reopened(bool keeps_guides) const;

    /// Without the header's bytes.
    [[nodiscard]] stored_run const& meta() const noexcept { return meta_; }
    [[nodiscard]] run_header const& header() const noexcept { return header_; }
    [[nodiscard]] bool keeps_guides() const noexcept { return keeps_guides_; }

    /// The guide that leads to `wanted`: the last that begins at or before it, or the first.
    [[nodiscard]] std::uint32_t guide_for(fence wanted) const noexcept;
    [[nodiscard]] result<guide_handle> load_guide(block_source source,
                                                  std::uint32_t guide_index) const;

    /// True when the run is known not to have the key, without reading anything.
    [[nodiscard]] bool surely_lacks(key_ref const& key) const noexcept;
    /// Fetches the memory that `surely_lacks` reads.
    void prefetch(key_ref const& key) const noexcept;

    /// Lives as long as any handle of this run: tells when its blocks may be erased.
    [[nodiscard]] std::weak_ptr<void const> lease() const noexcept { return lease_; }
    [[nodiscard]] std::size_t kept_guide_bytes() const noexcept {
        return kept_guide_bytes_.load(std::memory_order_relaxed); // a figure for people
    }

private:
    run(stored_run meta, run_header header, std::shared_ptr<void const> lease, bool keeps_guides);

    /// The guide in memory that alone decides about a key; null when there is none such.
    [[nodiscard]] guide const* kept_guide_for(key_ref const& key) const noexcept;

    stored_run meta_;
    run_header header_;
    std::shared_ptr<void const> lease_;
    bool keeps_guides_;
    mutable std::vector<set_once<guide>> guides_;
    mutable std::atomic<std::size_t> kept_guide_bytes_{0};
};

} // namespace swarmlog::detail
