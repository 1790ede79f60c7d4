#include "as_of_state.hpp"
#include "event_batch.hpp"
#include "table_snapshot.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog {

namespace detail {

namespace {

/// A table in memory as what rows are read from.
class table_reader final : public row_reader {
public:
    explicit table_reader(memory_table const& table) : table_(&table) {}
    result<std::optional<row_cells>> find_row(table_spec const&, cell const& key) override {
        row_cells const* const row = table_->find(key);
        return row != nullptr ? std::optional{*row} : std::nullopt;
    }
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override {
        if (auto const valid = check_filter(table, asked.where); !valid) { return valid; }
        table_->select(asked, visit);
        return {};
    }
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override {
        if (auto const valid = check_filter(table, where); !valid) { return valid.error(); }
        return table_->count(where);
    }

private:
    memory_table const* table_;
};

class rows_of_then final : public row_access {
public:
    explicit rows_of_then(std::shared_ptr<memory_table const> table) : table_(std::move(table)) {}
    result<void> with_reader(std::function<result<void>(row_reader&)> const& work) const override {
        table_reader reader{*table_};
        return work(reader);
    }

private:
    std::shared_ptr<memory_table const> table_;
};

/// Moves what a fold has changed into the table that it reads from.
result<void> settle(bound_fold& fold, memory_table& into) {
    auto const moved = fold.for_each_dirty([&](cell const& key, row_cells const* row) {
        if (row != nullptr) {
            into.put(*row);
        } else {
            into.erase(key);
        }
    });
    fold.drop();
    return moved;
}

std::optional<std::pair<position, memory_table>>
nearest_snapshot(state_host& host, bound_projection const& of, position at) {
    auto view = host.state_view();
    if (!view) { return std::nullopt; }
    // A snapshot that does not read is passed over: an older one, or the log, gives the same.
    for (position upto = at;;) {
        auto const stored = (*view)->snapshot_of(of.name(), upto);
        if (!stored || !*stored) { return std::nullopt; }
        auto table = decode_snapshot((*stored)->body, of.table(), of.version());
        if (table) { return std::pair{(*stored)->position, std::move(*table)}; }
        if ((*stored)->position == position{}) { return std::nullopt; }
        upto = (*stored)->position.previous();
    }
}

} // namespace

result<std::shared_ptr<memory_table const>> as_of_state::rows(table_fold& wanted) {
    std::lock_guard const lock{mutex_};
    auto& known = tables_[std::string{wanted.definition().name()}];
    if (known != nullptr) { return known; }
    auto folded = owner_->with_host([&](state_host& host) { return fold(host, wanted); });
    if (folded) { known = *folded; }
    return folded;
}

result<std::shared_ptr<memory_table const>> as_of_state::fold(state_host& host,
                                                              table_fold& wanted) const {
    bound_projection const& of = wanted.definition();
    auto table = std::make_shared<memory_table>(of.table());
    position folded;
    if (auto snapshot = nearest_snapshot(host, of, at_)) {
        folded = snapshot->first;
        *table = std::move(snapshot->second);
    }
    auto const fold = of.make_fold([&](cell const& key) -> result<std::optional<row_cells>> {
        row_cells const* const row = table->find(key);
        return row != nullptr ? std::optional{*row} : std::nullopt;
    });
    std::uint64_t const every = owner_->options().snapshot_events;
    while (folded < at_) {
        // Up to the next place for a snapshot.
        position through = at_;
        if (every != 0) { through = std::min(at_, position{(folded.value / every + 1) * every}); }
        auto const done = fold_events(host, *fold, of.events(), folded, through,
                                      [](fold_progress const&) { return false; });
        if (!done) { return done.error(); }
        if (auto const settled = settle(*fold, *table); !settled) { return settled.error(); }
        folded = through;
        if (every == 0 || folded.value % every != 0 || !owner_->may_write()) { continue; }
        stored_snapshot const snapshot{std::string{of.name()}, folded,
                                       encode_snapshot(*table, of.version())};
        // Only a cache: a disk that is full costs time later, and no answer now.
        static_cast<void>(host.write_state(
            [&](write_transaction& transaction) { return transaction.put_snapshot(snapshot); },
            {}));
    }
    return std::shared_ptr<memory_table const>{std::move(table)};
}

result<std::optional<row_cells>> as_of_state::row(table_fold& wanted, row_key_view const& key) {
    bound_projection const& of = wanted.definition();
    cell const wanted_key = key.to_cell();
    auto const stream = of.stream_of(key);
    if (!stream) {
        auto const all = rows(wanted);
        if (!all) { return all.error(); }
        row_cells const* const found = (*all)->find(wanted_key);
        return found != nullptr ? std::optional{*found} : std::nullopt;
    }
    return owner_->with_host([&](state_host& host) -> result<std::optional<row_cells>> {
        auto const fold = of.make_fold({});
        query events = of.events();
        events.stream(*stream);
        auto const done = fold_events(host, *fold, events, position{}, at_,
                                      [](fold_progress const&) { return false; });
        if (!done) { return done.error(); }
        std::optional<row_cells> found;
        auto const listed = fold->for_each_dirty([&](cell const& each, row_cells const* row) {
            if (row != nullptr && compare_cells(each, wanted_key) == 0) { found = *row; }
        });
        if (!listed) { return listed.error(); }
        return found;
    });
}

} // namespace detail

position as_of_view::at() const noexcept { return state_->at(); }

result<std::shared_ptr<memory_table const>> as_of_view::cells(std::string_view name) const {
    detail::table_fold* const wanted = state_->owner().find(name);
    if (wanted == nullptr) { return state_->owner().unknown(name); }
    return state_->rows(*wanted);
}

result<std::shared_ptr<detail::row_source const>> as_of_view::source_of(std::type_index row) const {
    detail::table_fold* const wanted = state_->owner().find(row);
    if (wanted == nullptr) {
        return error{errc::not_found, "no projection of this set has rows of that type"};
    }
    auto const rows = state_->rows(*wanted);
    if (!rows) { return rows.error(); }
    return wanted->definition().make_source(std::make_shared<detail::rows_of_then>(*rows), false);
}

result<std::optional<row_cells>> as_of_view::row_of(std::type_index row,
                                                    detail::row_key_view const& key) const {
    detail::table_fold* const wanted = state_->owner().find(row);
    if (wanted == nullptr) {
        return error{errc::not_found, "no projection of this set has rows of that type"};
    }
    return state_->row(*wanted, key);
}

} // namespace swarmlog
