#include "index/key_enumeration.hpp"

#include "index/run_scanner.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace swarmlog::detail {

namespace {

/// Where a key comes in the order of runs and tail alike.
struct key_place {
    std::uint64_t hash = 0;
    key_kind kind = key_kind::stream;
    std::string_view name;
    friend auto operator<=>(key_place const&, key_place const&) = default;
};

/// All postings of one key up to the bound, part by part: entries of runs, then of the tail.
class key_walk {
public:
    key_walk(index_snapshot const& index, read_view& view, position bound)
        : index_(index),
          source_(view),
          bound_(bound),
          scanner_(index.runs()),
          tail_keys_(index.unflushed().sorted_keys()) {}

    /// Goes to the next key; false at the end. `skip` parts of the key before first.
    [[nodiscard]] result<bool> next_key() {
        if (!started_) {
            started_ = true;
            if (auto moved = advance_runs(); !moved) { return std::move(moved).error(); }
        }
        bool const has_tail = next_tail_key_ < tail_keys_.size();
        if (!has_entry_ && !has_tail) { return false; }
        key_place const least = !has_tail     ? entry_place()
                                : !has_entry_ ? tail_place()
                                              : std::min(entry_place(), tail_place());
        hash_ = least.hash;
        kind_ = least.kind;
        name_.assign(least.name);
        return true;
    }

    /// The next part of the key's positions; empty when there is no more. Views live until
    /// the next call.
    [[nodiscard]] result<std::vector<std::uint64_t> const*> next_part() {
        positions_.clear();
        key_place const key{hash_, kind_, name_};
        if (has_entry_ && entry_place() == key) {
            run_entry const& entry = scanner_.entry();
            stored_ordinal_ = entry.ordinal;
            if (!entry.append_positions(positions_)) {
                return error{errc::corrupt, "index: the deltas of a key make no sense"};
            }
            if (auto moved = advance_runs(); !moved) { return std::move(moved).error(); }
        } else if (next_tail_key_ < tail_keys_.size() && tail_place() == key) {
            stored_ordinal_.reset();
            index_.unflushed().collect(*tail_keys_[next_tail_key_++].key, position{0}, bound_,
                                       positions_);
        } else {
            return nullptr;
        }
        positions_.erase(std::upper_bound(positions_.begin(), positions_.end(), bound_.value),
                         positions_.end());
        return &positions_;
    }

    [[nodiscard]] key_kind kind() const noexcept { return kind_; }
    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// As the part says; empty for a part from the tail.
    [[nodiscard]] std::optional<std::uint64_t> stored_ordinal() const noexcept {
        return stored_ordinal_;
    }

private:
    [[nodiscard]] result<void> advance_runs() {
        auto const found = scanner_.next(source_);
        if (!found) { return found.error(); }
        has_entry_ = *found;
        return {};
    }
    [[nodiscard]] key_place entry_place() const {
        return {scanner_.entry().hash, scanner_.entry().kind, scanner_.entry().name};
    }
    [[nodiscard]] key_place tail_place() const {
        tail_key const& key = *tail_keys_[next_tail_key_].key;
        return {key.hash, key.kind, key.name};
    }

    index_snapshot const& index_;
    block_source source_;
    position bound_;
    merged_scanner scanner_;
    bool has_entry_ = false;
    bool started_ = false;
    std::vector<tail::sorted_key> tail_keys_;
    std::size_t next_tail_key_ = 0;
    std::uint64_t hash_ = 0;
    key_kind kind_ = key_kind::stream;
    std::string name_;
    std::vector<std::uint64_t> positions_;
    std::optional<std::uint64_t> stored_ordinal_;
};

} // namespace

result<void> for_each_key(index_snapshot const& index, read_view& view, key_kind kind,
                          key_visitor const& visit, position bound) {
    key_walk walk{index, view, bound};
    for (;;) {
        auto const found = walk.next_key();
        if (!found) { return found.error(); }
        if (!*found) { return {}; }
        std::uint64_t count = 0;
        position first;
        position last;
        for (;;) {
            auto const part = walk.next_part();
            if (!part) { return part.error(); }
            if (*part == nullptr) { break; }
            auto const& positions = **part;
            if (positions.empty()) { continue; }
            if (count == 0) { first = position{positions.front()}; }
            last = position{positions.back()};
            count += positions.size();
        }
        if (walk.kind() == kind && count != 0 && !visit(walk.name(), count, first, last)) {
            return {};
        }
    }
}

result<void> for_each_posting(index_snapshot const& index, read_view& view,
                              posting_visitor const& visit, position bound) {
    key_walk walk{index, view, bound};
    for (;;) {
        auto const found = walk.next_key();
        if (!found) { return found.error(); }
        if (!*found) { return {}; }
        std::uint64_t ordinal = 0;
        for (;;) {
            auto const part = walk.next_part();
            if (!part) { return part.error(); }
            if (*part == nullptr) { break; }
            // A stream's ordinals are shown as stored, so that a wrong one is found out.
            if (walk.kind() == key_kind::stream) {
                ordinal = walk.stored_ordinal().value_or(ordinal);
            }
            for (std::uint64_t const at : **part) {
                if (!visit(walk.kind(), walk.name(), ordinal++, position{at})) { return {}; }
            }
        }
    }
}

} // namespace swarmlog::detail
