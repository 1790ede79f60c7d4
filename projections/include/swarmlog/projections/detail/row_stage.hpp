#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/committed_cache.hpp>
#include <swarmlog/projections/detail/row_key.hpp>
#include <swarmlog/projections/detail/staged_rows.hpp>
#include <swarmlog/projections/row_type.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// Reads a committed row's cells when they are in no cache.
using row_loader = std::function<result<std::optional<row_cells>>(cell const& key)>;

/// The rows of one table while events are folded into them: what is changed and not yet
/// committed, above what is committed. One thread at a time.
///
/// A change can be taken back to a mark. A row is copied when it is first changed after a mark,
/// so that an append's second change of it, and a fold that takes no marks, copy nothing. The
/// copies are let go, and their memory is used again, as soon as no mark needs them.
template <row_type Row>
class row_stage {
public:
    using key_reader = row_key_view (*)(Row const&);

    /// Without a cache or a loader, what is not staged is not there.
    row_stage(key_reader key_of, committed_cache<Row>* cache, row_loader load)
        : key_of_(key_of), cache_(cache), load_(std::move(load)) {
        spare_.reserve(spares_max);
    }

    [[nodiscard]] Row const* find(row_key_view const& key) {
        if (auto const staged = staged_.find(key); staged != staged_.end()) {
            return staged->second.now.get();
        }
        return committed(key).get();
    }

    /// The row as it is now, to keep: a staged row may yet be changed in place, so it is copied.
    [[nodiscard]] std::shared_ptr<Row const> find_shared(row_key_view const& key) {
        if (auto const staged = staged_.find(key); staged != staged_.end()) {
            auto const& now = staged->second.now;
            return now != nullptr ? std::make_shared<Row const>(*now) : nullptr;
        }
        return committed(key);
    }

    [[nodiscard]] Row* modify(row_key_view const& key) {
        make_room();
        auto staged = staged_.find(key);
        if (staged == staged_.end()) {
            auto const base = committed(key);
            if (base == nullptr) { return nullptr; }
            staged = staged_.emplace(key, entry{}).first;
            undo_.push_back({&*staged, nullptr, 0, false});
            staged->second.now = std::make_shared<Row>(*base);
            staged->second.epoch = epoch_;
        } else if (staged->second.now == nullptr) {
            return nullptr;
        } else if (staged->second.epoch != epoch_) {
            remember(*staged, copy_of(*staged->second.now));
        }
        touch(*staged);
        return staged->second.now.get();
    }

    void put(Row&& row) {
        auto fresh = std::make_shared<Row>(std::move(row));
        row_key_view const key = key_of_(*fresh);
        replace(key, fresh);
    }

    void erase(row_key_view const& key) { replace(key, nullptr); }

    /// The first failure to read since it was asked last.
    [[nodiscard]] std::optional<error> take_failure() {
        held_.clear();
        return std::exchange(failure_, std::nullopt);
    }

    /// Whether the table can take what was changed since this was asked last. JSON is looked at
    /// when it is written.
    [[nodiscard]] result<void> check_changed() {
        result<void> outcome;
        for (node const* const each : unchecked_) {
            if (outcome && each->second.now != nullptr) {
                outcome = check_storable(*each->second.now);
            }
        }
        unchecked_.clear();
        return outcome;
    }

    [[nodiscard]] std::size_t marked() noexcept {
        ++epoch_;
        return undo_.size();
    }
    /// No mark that was taken before will be cut back to.
    void keep() noexcept {
        for (change& each : undo_) {
            if (each.before != nullptr && spare_.size() < spare_.capacity()) {
                spare_.push_back(std::move(each.before));
            }
        }
        undo_.clear();
    }
    void cut_back(std::size_t mark) {
        unchecked_.clear();
        bool const changes = undo_.size() > mark;
        while (undo_.size() > mark) {
            change& last = undo_.back();
            if (last.was_staged) {
                last.at->second.now = std::move(last.before);
                last.at->second.epoch = last.epoch_before;
            } else {
                staged_.erase(staged_.find(last.at->first.view()));
            }
            undo_.pop_back();
        }
        if (changes) { forget_shown(); }
        ++epoch_;
    }

    [[nodiscard]] bool is_dirty() const noexcept { return !staged_.empty(); }
    [[nodiscard]] std::size_t dirty_count() const noexcept { return staged_.size(); }

    /// Calls `visit(row_key_view, Row const*)` for each changed row by rising key; null: erased.
    /// Returns the first error.
    template <class Visitor>
    [[nodiscard]] result<void> for_each_dirty(Visitor&& visit) const {
        std::vector<node const*> all;
        all.reserve(staged_.size());
        for (node const& each : staged_) { all.push_back(&each); }
        std::sort(all.begin(), all.end(), [](node const* left, node const* right) {
            return left->first.view() < right->first.view();
        });
        for (node const* const each : all) {
            result<void> const visited = visit(each->first.view(), each->second.now.get());
            if (!visited) { return visited; }
        }
        return {};
    }

    /// Puts the changed rows into a table.
    [[nodiscard]] result<void> write(write_transaction& transaction, table_spec const& table) {
        return for_each_dirty([&](row_key_view const& key, Row const* row) -> result<void> {
            if (row == nullptr) { return transaction.erase_row(table, key.to_cell()); }
            if (auto const written = to_cells(*row, cells_); !written) {
                return error{errc::projection_failed,
                             "projection " + table.name + ": " + written.error().message()};
            }
            return transaction.put_row(table, cells_);
        });
    }

    /// The table with what is staged, for queries; kept until the group is published or dropped.
    /// A query that is made while another is being read gets one of its own.
    [[nodiscard]] result<std::shared_ptr<staged_rows>> shown(table_spec const& table) {
        if (shown_ == nullptr || shown_.use_count() > 1) {
            shown_ = std::make_shared<staged_rows>(table);
            forget_shown();
        }
        for (node* const each : touched_) {
            each->second.is_touched = false;
            cell const key = each->first.view().to_cell();
            if (each->second.now == nullptr) {
                shown_->erase(key);
            } else if (auto const made = to_cells(*each->second.now, cells_); !made) {
                forget_shown();
                return made.error();
            } else {
                shown_->put(key, cells_);
            }
        }
        touched_.clear();
        return shown_;
    }

    /// What is staged was committed.
    void publish() {
        if (cache_ != nullptr) {
            for (node& each : staged_) {
                cache_->publish(each.first.view(), std::move(each.second.now));
            }
        }
        drop();
    }
    void drop() noexcept {
        undo_.clear();
        staged_.clear();
        held_.clear();
        failure_.reset();
        touched_.clear();
        unchecked_.clear();
        shown_.reset();
    }

private:
    struct entry {
        std::shared_ptr<Row> now; ///< null: erased
        std::uint64_t epoch = 0;  ///< when it was last copied or put
        bool is_touched = false;  ///< since it was last shown
    };
    using entry_map = std::unordered_map<row_key, entry, row_key_hash, row_key_equal>;
    using node = typename entry_map::value_type;
    struct change {
        node* at;
        std::shared_ptr<Row> before;
        std::uint64_t epoch_before;
        bool was_staged;
    };

    /// For one more change to be taken back: should memory run out, it does so before the change.
    void make_room() {
        if (undo_.size() == undo_.capacity()) {
            undo_.reserve(std::max<std::size_t>(16, 2 * undo_.size()));
        }
    }

    /// Keeps what a row was before the change that follows.
    void remember(node& changed, std::shared_ptr<Row> before) {
        undo_.push_back({&changed, std::move(before), changed.second.epoch, true});
        changed.second.epoch = epoch_;
    }

    [[nodiscard]] std::shared_ptr<Row> copy_of(Row const& row) {
        if (spare_.empty()) { return std::make_shared<Row>(row); }
        auto const copy = std::move(spare_.back());
        spare_.pop_back();
        *copy = row;
        return copy;
    }

    void replace(row_key_view const& key, std::shared_ptr<Row> const& now) {
        make_room();
        auto staged = staged_.find(key);
        if (staged == staged_.end()) {
            staged = staged_.emplace(key, entry{}).first;
            undo_.push_back({&*staged, nullptr, 0, false});
            staged->second.epoch = epoch_;
        } else if (staged->second.epoch != epoch_) {
            remember(*staged, std::move(staged->second.now));
        }
        staged->second.now = now;
        touch(*staged);
    }

    /// Notes that a row changed, for those who ask for the staged rows; nobody may.
    void touch(node& changed) {
        unchecked_.push_back(&changed);
        if (shown_ == nullptr || changed.second.is_touched) { return; }
        changed.second.is_touched = true;
        touched_.push_back(&changed);
    }
    /// All that is staged is to be shown anew.
    void forget_shown() {
        if (shown_ == nullptr) { return; }
        shown_->forget_changes();
        touched_.clear();
        for (node& each : staged_) {
            each.second.is_touched = true;
            touched_.push_back(&each);
        }
    }

    /// The committed row, kept alive until the event is folded; null when there is none.
    [[nodiscard]] std::shared_ptr<Row const> committed(row_key_view const& key) {
        if (cache_ != nullptr) {
            if (auto known = cache_->find(key); known != nullptr) {
                held_.push_back(known);
                return known;
            }
        }
        if (!load_ || failure_) { return nullptr; }
        // Only this thread publishes, so the generation stays what it is.
        std::uint64_t const generation = cache_ != nullptr ? cache_->generation(key) : 0;
        auto const cells = load_(key.to_cell());
        if (!cells) {
            failure_ = cells.error();
            return nullptr;
        }
        if (!*cells) { return nullptr; }
        auto row = from_cells<Row>(**cells);
        if (!row) {
            failure_ = row.error();
            return nullptr;
        }
        auto shared = std::make_shared<Row const>(std::move(*row));
        if (cache_ != nullptr) { cache_->add_loaded(key, shared, generation); }
        held_.push_back(shared);
        return shared;
    }

    static constexpr std::size_t spares_max = 16;

    key_reader key_of_;
    committed_cache<Row>* cache_;
    row_loader load_;
    entry_map staged_;
    std::vector<change> undo_;
    std::vector<std::shared_ptr<Row>> spare_; ///< rows that nobody reads, for their memory
    std::vector<std::shared_ptr<Row const>> held_;
    std::uint64_t epoch_ = 1;
    std::optional<error> failure_;
    std::shared_ptr<staged_rows> shown_;
    std::vector<node*> touched_;   ///< not yet shown
    std::vector<node*> unchecked_; ///< changed by the event that is being folded
    row_cells cells_;              ///< kept for its memory
};

} // namespace swarmlog::detail
