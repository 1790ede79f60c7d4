#include "index/index.hpp"

#include "index/run_lookup.hpp"
#include "index/tail_flush.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace swarmlog::detail {

namespace {

using run_list = std::vector<std::shared_ptr<run const>>;

/// Opens a read view once somebody asks for a block: most lookups end at a filter.
struct view_on_demand {
    backend& store;
    std::unique_ptr<read_view> view = nullptr;

    [[nodiscard]] result<std::string> run_block(std::uint64_t run, std::uint32_t block) {
        if (!view) {
            auto opened = store.read();
            if (!opened) { return std::move(opened).error(); }
            view = std::move(*opened);
        }
        return view->run_block(run, block);
    }
};

/// The store's runs; handles in `known` are used again, with the guides they have.
result<run_list> open_runs(read_view& view, run_list const& known) {
    auto stored = view.runs(true);
    if (!stored) { return std::move(stored).error(); }
    run_list runs;
    for (stored_run& each : *stored) {
        position const expected = runs.empty() ? position{1} : runs.back()->meta().last.next();
        if (each.first != expected) {
            return error{errc::corrupt, "index run " + std::to_string(each.id) + " starts at " +
                                            std::to_string(each.first.value) + " instead of " +
                                            std::to_string(expected.value)};
        }
        auto const same = std::find_if(known.begin(), known.end(), [&](auto const& other) {
            return other->meta().id == each.id && other->meta().last == each.last;
        });
        if (same != known.end()) {
            runs.push_back(*same);
            continue;
        }
        auto opened = run::open(std::move(each), true);
        if (!opened) { return std::move(opened).error(); }
        runs.push_back(std::move(*opened));
    }
    return runs;
}

/// Lets the smallest runs keep their guides, as far as the memory goes.
void share_guide_memory(run_list& runs, std::size_t bytes_max) {
    std::vector<std::shared_ptr<run const>*> by_size;
    for (auto& each : runs) { by_size.push_back(&each); }
    std::stable_sort(by_size.begin(), by_size.end(), [](auto const* left, auto const* right) {
        return (*left)->header().guide_bytes < (*right)->header().guide_bytes;
    });
    std::uint64_t left = bytes_max;
    for (auto* const each : by_size) {
        std::uint64_t const wanted = (*each)->header().guide_bytes;
        bool const fits = wanted <= left;
        left = fits ? left - wanted : 0;
        if ((*each)->keeps_guides() != fits) { *each = (*each)->reopened(fits); }
    }
}

} // namespace

index::index(index_options options)
    : options_(options),
      pool_(std::make_shared<chunk_pool>(options.tail_bytes_max)),
      blocks_(std::make_shared<block_cache>(options.cache_bytes_max)),
      heads_(options.heads_max) {
    start_tail(position{0});
    publish({});
}

index::~index() = default;

result<void> index::load(read_view& view) {
    auto const generation = view.run_generation();
    if (!generation) { return generation.error(); }
    auto runs = open_runs(view, {});
    if (!runs) { return std::move(runs).error(); }
    schedule_.start(*runs);
    heads_.clear();
    run_generation_ = *generation;
    indexed_through_ = runs->empty() ? position{0} : runs->back()->meta().last;
    start_tail(indexed_through_);
    publish(std::move(*runs));
    return {};
}

result<bool> index::refresh(read_view& view) {
    auto const generation = view.run_generation();
    if (!generation) { return generation.error(); }
    if (*generation == run_generation_) { return false; }
    auto runs = open_runs(view, snapshot()->runs());
    if (!runs) { return std::move(runs).error(); }
    position const through = runs->empty() ? position{0} : runs->back()->meta().last;
    bool const moved = through != indexed_through_;
    run_generation_ = *generation;
    indexed_through_ = through;
    if (moved) { start_tail(through); }
    publish(std::move(*runs));
    return moved;
}

result<void> index::resolve(tail_key& key, backend& store) {
    auto& known = key.writer;
    if (key.kind == key_kind::stream) {
        if (auto const head = heads_.find(key.ref())) {
            known.count = head->count;
            known.last_position = head->last_position;
            known.resolved = true;
            return {};
        }
    }
    // The key's notes stay as they are until all is known: what a look-up that fails had found of
    // the tail, the next one needs.
    std::uint64_t count = 0;
    std::uint64_t last = 0;
    view_on_demand view{store};
    posting_page page;
    auto const& runs = snapshot_->runs(); // this thread replaces the snapshot: no lock needed
    // The filters' cache misses overlap.
    for (auto const& each : runs) { each->prefetch(key.ref()); }
    for (auto each = runs.rbegin(); each != runs.rend(); ++each) {
        if ((*each)->surely_lacks(key.ref())) { continue; }
        run_lookup lookup{**each, block_source{view, blocks_.get()}};
        auto const found = lookup.find_backwards(key.ref(), position::max_value, page);
        if (!found) { return found.error(); }
        if (*found) {
            count = page.ordinal + page.positions.size();
            last = page.positions.back();
            break;
        }
    }
    known.count = count;
    known.last_position = last;
    known.resolved = true;
    return {};
}

bool index::wants_flush() const noexcept {
    if (tail_->last() < flush_again_at_) { return false; }
    return tail_->last().value - tail_->base().value >= options_.tail_events ||
           tail_->memory_bytes() >= options_.tail_bytes_max;
}

result<void> index::flush(write_transaction& transaction, position head) {
    runs_in_hand_ = snapshot_->runs();
    head_in_hand_ = std::max(head, indexed_through_);
    assert(tail_->last() == head_in_hand_); // or postings would be lost
    if (head_in_hand_ > indexed_through_) {
        run_writer writer{schedule_.take_run_id(), 0, indexed_through_.next(), head};
        if (auto written = write_tail(*tail_, writer, transaction); !written) { return written; }
        auto meta = writer.finish(transaction);
        if (!meta) { return std::move(meta).error(); }
        auto opened = run::open(std::move(*meta), true);
        if (!opened) { return std::move(opened).error(); }
        runs_in_hand_.push_back(std::move(*opened));
    }
    return schedule_.advance(transaction, runs_in_hand_);
}

void index::flush_committed() {
    if (head_in_hand_ > indexed_through_) {
        remember_heads(*tail_);
        indexed_through_ = head_in_hand_;
        start_tail(indexed_through_);
    }
    flush_again_at_ = position{0};
    publish(std::exchange(runs_in_hand_, {}));
    schedule_.committed();
}

void index::flush_failed() {
    runs_in_hand_.clear();
    schedule_.failed();
    flush_again_at_ = position{tail_->last().value + options_.tail_events / 8 + 1};
}

void index::start_tail(position base) {
    tail_ = std::make_shared<tail>(base, options_.tail_events, pool_);
}

void index::publish(run_list runs) {
    share_guide_memory(runs, options_.filter_bytes_max);
    auto fresh = std::make_shared<index_snapshot const>(std::move(runs), tail_, blocks_);
    std::lock_guard const lock{snapshot_mutex_};
    snapshot_.swap(fresh);
    // The old snapshot dies after the lock, unless a reader holds it.
}

void index::remember_heads(tail const& flushed) {
    flushed.for_each([this](tail_key const& key) {
        if (key.kind == key_kind::stream) {
            heads_.put(key.ref(), {key.writer.count, key.writer.last_position});
        }
    });
}

std::shared_ptr<index_snapshot const> index::snapshot() const {
    std::lock_guard const lock{snapshot_mutex_};
    return snapshot_;
}

index_statistics index::statistics() const {
    auto const now = snapshot();
    index_statistics figures;
    figures.run_count = now->runs().size();
    std::uint32_t level_before = 0;
    for (auto const& each : now->runs()) {
        bool const new_level = figures.level_count == 0 || each->meta().level != level_before;
        level_before = each->meta().level;
        figures.level_count += new_level ? 1 : 0;
        figures.block_count += each->meta().block_count;
        figures.entry_count += each->header().entry_count;
        figures.filter_bytes += each->kept_guide_bytes();
    }
    figures.cached_block_bytes = blocks_->bytes();
    figures.heads = heads_.size();
    figures.tail_keys = now->unflushed().key_count();
    figures.tail_bytes = now->unflushed().memory_bytes();
    figures.tail_postings = now->unflushed().posting_count();
    return figures;
}

} // namespace swarmlog::detail
