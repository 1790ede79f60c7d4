#include "crash_states/power_cut.hpp"

#include <xxhash.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace swarmlog::test {

namespace {

using entry = io_journal::entry;
using action = io_journal::action;

void apply(entry const& done, file_image& file) {
    if (done.what == action::write) {
        file.write(done.bytes, done.offset);
    } else {
        file.resize(done.offset);
    }
}

void apply(entry const& done, std::map<std::string, std::uint32_t, std::less<>>& names) {
    if (done.what == action::create) {
        names.insert_or_assign(done.name, done.file);
        return;
    }
    auto const found = names.find(done.name);
    if (found != names.end() && found->second == done.file) { names.erase(found); }
    if (done.what == action::rename) { names.insert_or_assign(done.new_name, done.file); }
}

/// Draws what becomes of the changes that no flush has settled.
class fate {
public:
    explicit fate(std::mt19937_64& random) : random_(random) {
        // Devices that keep all, none or nearly all of it are rare among coin tosses, so they
        // are asked for.
        static constexpr std::uint32_t of_256[]{0, 256, 128, 128, 32, 224, 248, 248};
        keeps_ = of_256[below(std::size(of_256))];
        static constexpr std::uint32_t damaged[]{0, 0, 32, 128};
        damages_ = damaged[below(std::size(damaged))];
        keeps_order_ = below(4) == 0;
    }

    /// From a random one on, nothing that is unsettled is there; what comes before is.
    [[nodiscard]] std::size_t cut_of(std::size_t count) {
        return keeps_order_ ? below(count + 1) : count;
    }
    [[nodiscard]] bool keeps() { return keeps_order_ || below(256) < keeps_; }
    [[nodiscard]] bool damages() { return below(256) < damages_; }
    [[nodiscard]] std::size_t below(std::size_t end) { return random_() % end; }
    [[nodiscard]] std::mt19937_64& random() noexcept { return random_; }

private:
    std::mt19937_64& random_;
    std::size_t keeps_ = 0;
    std::size_t damages_ = 0;
    bool keeps_order_ = false;
};

/// Some sectors of a write, of which one may hold anything.
void apply_damaged(entry const& done, file_image& file, fate& drawn) {
    constexpr std::size_t sector = power_cut::sector_bytes;
    std::size_t const first = done.offset / sector;
    std::size_t const sectors = (done.offset + done.bytes.size() - 1) / sector + 1 - first;
    std::size_t const garbled = drawn.below(2) == 0 ? drawn.below(sectors) : sectors;
    std::string_view const bytes = done.bytes;
    for (std::size_t each = 0; each != sectors; ++each) {
        std::uint64_t const begin = std::max<std::uint64_t>((first + each) * sector, done.offset);
        std::uint64_t const end =
            std::min<std::uint64_t>((first + each + 1) * sector, done.offset + bytes.size());
        if (each == garbled) {
            std::string noise(end - begin, '\0');
            for (char& byte : noise) { byte = static_cast<char>(drawn.random()()); }
            file.write(noise, begin);
        } else if (drawn.below(2) == 0) {
            file.write(bytes.substr(begin - done.offset, end - begin), begin);
        }
    }
}

} // namespace

void power_cut::move_to(std::size_t entries) {
    for (; at_ != entries; ++at_) {
        entry const& next = journal_.entries()[at_];
        switch (next.what) {
        case action::write:
        case action::truncate: unsettled_.push_back(at_); break;
        case action::create: settled_.resize(next.file + 1); [[fallthrough]];
        case action::rename:
        case action::remove: unsettled_names_.push_back(at_); break;
        case action::sync_names: settle_names(); break;
        case action::sync:
            if (next.is_honoured) { settle_file(next.file); }
            if (next.is_honoured && next.syncs_names) { settle_names(); }
            break;
        }
    }
}

void power_cut::settle_file(std::uint32_t file) {
    std::erase_if(unsettled_, [&](std::size_t each) {
        entry const& done = journal_.entries()[each];
        if (done.file != file) { return false; }
        apply(done, settled_[file]);
        return true;
    });
}

void power_cut::settle_names() {
    for (std::size_t const each : unsettled_names_) {
        apply(journal_.entries()[each], settled_names_);
    }
    unsettled_names_.clear();
}

disk_image power_cut::leave(std::mt19937_64& random) const {
    fate drawn{random};
    names left_names = settled_names_;
    for (std::size_t const each : unsettled_names_) {
        if (drawn.keeps()) { apply(journal_.entries()[each], left_names); }
    }
    std::vector<file_image> files = settled_;
    std::size_t const cut = drawn.cut_of(unsettled_.size());
    for (std::size_t at = 0; at != std::min(cut + 1, unsettled_.size()); ++at) {
        entry const& done = journal_.entries()[unsettled_[at]];
        bool const is_last = at == cut; // the one under way
        if (!is_last && !drawn.keeps()) { continue; }
        if (done.what == action::write && (is_last || drawn.damages())) {
            apply_damaged(done, files[done.file], drawn);
        } else {
            apply(done, files[done.file]);
        }
    }
    disk_image left;
    for (auto const& [name, file] : left_names) { left.emplace(name, std::move(files[file])); }
    return left;
}

std::uint64_t fingerprint(disk_image const& files) {
    std::uint64_t sum = 0;
    for (auto const& [name, file] : files) {
        sum = XXH3_64bits_withSeed(name.data(), name.size(), sum ^ file.size());
        file.for_each_block([&](std::size_t index, file_image::block const& block) {
            sum = XXH3_64bits_withSeed(block.data(), block.size(), sum ^ index);
        });
    }
    return sum;
}

} // namespace swarmlog::test
