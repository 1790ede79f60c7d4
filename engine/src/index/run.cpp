#include "index/run.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::detail {

result<std::shared_ptr<run const>> run::open(stored_run meta, bool keeps_guides) {
    auto header = decode_header(meta);
    if (!header) { return std::move(header).error(); }
    meta.header.clear();
    meta.header.shrink_to_fit();
    // Not the run itself: reopened handles share it.
    std::shared_ptr<void const> lease = std::make_shared<char>();
    return std::shared_ptr<run const>{
        new run{std::move(meta), std::move(*header), std::move(lease), keeps_guides}};
}

std::shared_ptr<run const> run::reopened(bool keeps_guides) const {
    return std::shared_ptr<run const>{new run{meta_, header_, lease_, keeps_guides}};
}

run::run(stored_run meta, run_header header, std::shared_ptr<void const> lease, bool keeps_guides)
    : meta_(std::move(meta)),
      header_(std::move(header)),
      lease_(std::move(lease)),
      keeps_guides_(keeps_guides),
      guides_(keeps_guides ? header_.guides.size() : 0) {}

std::uint32_t run::guide_for(fence wanted) const noexcept {
    auto const& guides = header_.guides;
    auto const after = std::upper_bound(guides.begin(), guides.end(), wanted);
    return after == guides.begin() ? 0 : static_cast<std::uint32_t>(after - guides.begin() - 1);
}

guide const* run::kept_guide_for(key_ref const& key) const noexcept {
    if (!keeps_guides_ || header_.guides.empty()) { return nullptr; }
    std::uint32_t const index = guide_for({key.hash, 0});
    // The key's first entry may be the first behind the next guide's fence.
    bool const goes_on =
        index + 1 < header_.guides.size() && header_.guides[index + 1].hash == key.hash;
    return goes_on ? nullptr : guides_[index].get();
}

bool run::surely_lacks(key_ref const& key) const noexcept {
    guide const* const kept = kept_guide_for(key);
    return kept != nullptr && !kept->filter.may_contain(key.hash);
}

void run::prefetch(key_ref const& key) const noexcept {
    if (guide const* const kept = kept_guide_for(key)) { kept->filter.prefetch(key.hash); }
}

result<guide_handle> run::load_guide(block_source source, std::uint32_t guide_index) const {
    if (keeps_guides_) {
        if (guide const* kept = guides_[guide_index].get()) { return guide_handle{kept}; }
    }
    std::uint32_t const block = block_of_guide(guide_index, header_.data_block_count);
    auto const sealed = source.read(meta_.id, block);
    if (!sealed) { return sealed.error(); }
    auto const content = open_block(*sealed, meta_.id, block);
    if (!content) { return content.error(); }
    auto decoded = decode_guide(*content, meta_, block);
    if (!decoded) { return std::move(decoded).error(); }
    std::uint32_t const covered = std::min(
        data_blocks_per_guide, header_.data_block_count - guide_index * data_blocks_per_guide);
    if (decoded->fences.size() != covered) {
        return corrupt_block(meta_.id, block, "not a fence for each block");
    }

    auto loaded = std::make_unique<guide const>(std::move(*decoded));
    if (!keeps_guides_) { return guide_handle{std::move(loaded)}; }
    kept_guide_bytes_.fetch_add(loaded->memory_bytes(), std::memory_order_relaxed); // a figure
    return guide_handle{guides_[guide_index].set(std::move(loaded))};
}

} // namespace swarmlog::detail
