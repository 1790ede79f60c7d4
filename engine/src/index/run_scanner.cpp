#include "index/run_scanner.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace swarmlog::detail {

run_scanner::run_scanner(std::shared_ptr<run const> scanned) noexcept : run_(std::move(scanned)) {}

result<bool> run_scanner::next_block(block_source source) {
    std::uint64_t const id = run_->meta().id;
    if (entries_.failed()) {
        return corrupt_block(id, block_of_data(next_data_block_ - 1), "an entry makes no sense");
    }
    if (next_data_block_ == run_->header().data_block_count) { return false; }
    std::uint32_t const block = block_of_data(next_data_block_);
    auto sealed = source.read(id, block);
    if (!sealed) { return std::move(sealed).error(); }
    block_ = std::move(*sealed);
    auto const content = open_block(block_, id, block);
    if (!content) { return content.error(); }
    ++next_data_block_;
    entries_ = entry_reader{*content, run_->meta().first};
    if (!entries_.next(entry_)) { return corrupt_block(id, block, "no entry"); }
    entry_.hash = hash_key(entry_.kind, entry_.name);
    return true;
}

merged_scanner::merged_scanner(std::vector<std::shared_ptr<run const>> const& runs) {
    scanners_.reserve(runs.size());
    for (auto const& each : runs) { scanners_.emplace_back(each); }
}

result<bool> merged_scanner::next(block_source source) {
    if (!started_) {
        started_ = true;
        for (std::size_t i = 0; i < scanners_.size(); ++i) {
            auto const found = scanners_[i].next(source);
            if (!found) { return found.error(); }
            if (*found) { heads_.push_back({scanners_[i].entry().hash, i}); }
        }
    } else if (current_head_ < heads_.size()) {
        if (auto moved = advance(source, current_head_); !moved) {
            return std::move(moved).error();
        }
    }
    if (heads_.empty()) { return false; }
    std::size_t least = 0;
    for (std::size_t i = 1; i < heads_.size(); ++i) {
        bool const before = heads_[i].hash != heads_[least].hash
                                ? heads_[i].hash < heads_[least].hash
                                : comes_before(heads_[i].scanner, heads_[least].scanner);
        if (before) { least = i; }
    }
    current_head_ = least;
    current_ = heads_[least].scanner;
    return true;
}

result<void> merged_scanner::advance(block_source source, std::size_t place) {
    run_scanner& moved = scanners_[heads_[place].scanner];
    std::uint64_t const hash_before = heads_[place].hash;
    auto const found = moved.next(source);
    if (!found) { return found.error(); }
    if (!*found) {
        heads_.erase(heads_.begin() + static_cast<std::ptrdiff_t>(place));
        current_head_ = heads_.size();
        return {};
    }
    heads_[place].hash = moved.entry().hash;
    if (heads_[place].hash < hash_before) {
        return error{errc::corrupt, "index run " + std::to_string(moved.run_id()) +
                                        ": its entries are not sorted"};
    }
    return {};
}

bool merged_scanner::comes_before(std::size_t left, std::size_t right) const noexcept {
    run_entry const& a = scanners_[left].entry();
    run_entry const& b = scanners_[right].entry();
    if (a.kind != b.kind) { return a.kind < b.kind; }
    if (int const order = a.name.compare(b.name); order != 0) { return order < 0; }
    return left < right;
}

} // namespace swarmlog::detail
