#include "table_fold.hpp"

#include "event_batch.hpp"
#include "table_digest.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace swarmlog::detail {

namespace {

/// A checkpoint that nothing but foreign events moved is stored only now and then: folding them
/// again changes nothing.
constexpr std::uint64_t idle_checkpoint_events = 65'536;

/// A rebuild keeps so many changed rows in memory before it writes them.
constexpr std::size_t rebuild_rows_max = 65'536;
/// What is left for the last batch, for which appends wait.
constexpr std::uint64_t rebuild_rest_max = 4'096;

/// Up to so many events the shadow's indexes are made when its rows are there: in half the time,
/// but in memory.
constexpr std::uint64_t late_index_events_max = 4'000'000;

constexpr std::string_view shadow_suffix = "_rebuild";

} // namespace

stored_projection table_fold::stored_at(position at) const {
    return {std::string{definition_->name()}, definition_->version(),
            layout_of(definition_->table()), at};
}

result<void> table_fold::open(state_host& host, bool may_write, projection_options const& options) {
    {
        // What stopped it belongs to the log that was open then.
        std::lock_guard const lock{failure_mutex_};
        failure_.clear();
    }
    live_ = definition_->make_live_fold([this, &host](cell const& key) { return load(host, key); });
    std::optional<stored_projection> known;
    {
        auto view = host.state_view();
        if (!view) { return view.error(); }
        auto const stored = (*view)->projections();
        if (!stored) { return stored.error(); }
        auto const found = std::find_if(stored->begin(), stored->end(), [&](auto const& each) {
            return each.name == definition_->name();
        });
        if (found != stored->end()) { known = *found; }
    }
    position const head = host.state_head();
    if (!may_write) {
        move_checkpoint(known ? known->position : position{});
        return {};
    }
    if (!known) {
        if (auto const made = create(host); !made) { return made; }
    } else {
        stored_projection const wanted = stored_at(known->position);
        bool const is_lost = known->position > head; // acknowledged events that are gone
        if (*known != wanted && options.on_change == changed_projection::refuse) {
            return error{errc::invalid_argument,
                         "projection " + known->name + " is stored as version " +
                             std::to_string(known->version) + " (" + known->layout +
                             "); the program has version " + std::to_string(wanted.version) + " (" +
                             wanted.layout + ")"};
        }
        if (*known != wanted || is_lost) {
            auto const rebuilt = rebuild(host, options.batch_events, options.on_progress);
            if (!rebuilt) { return rebuilt.error(); }
        } else {
            stored_checkpoint_ = known->position;
            move_checkpoint(known->position);
        }
    }
    if (is_async_) { return {}; } // it follows by itself
    return catch_up(host, head, options.batch_events, options.on_progress);
}

void table_fold::close() noexcept {
    view_->end();
    live_.reset();
    definition_->clear_cache();
}

result<void> table_fold::create(state_host& host) {
    return host.write_state(
        [this](write_transaction& transaction) -> result<void> {
            auto const made = transaction.create_table(definition_->table());
            if (!made) { return made; }
            return transaction.put_projection(stored_at(position{}));
        },
        {});
}

result<std::optional<row_cells>> table_fold::load(state_host& host, cell const& key) {
    auto const view = view_->get(host);
    if (!view) { return view.error(); }
    return (*view)->find_row(definition_->table(), key);
}

result<void> table_fold::write(write_transaction& transaction, position head) {
    view_->end();
    stores_checkpoint_ = live_->dirty_count() != 0 ||
                         head.value - stored_checkpoint_.value >= idle_checkpoint_events;
    if (!stores_checkpoint_) { return {}; }
    if (auto const written = live_->write(transaction, definition_->table()); !written) {
        return written;
    }
    return transaction.put_projection(stored_at(head));
}

void table_fold::publish(position head) {
    live_->publish();
    if (stores_checkpoint_) { stored_checkpoint_ = head; }
    stores_checkpoint_ = false;
    move_checkpoint(head);
}

void table_fold::drop() noexcept {
    view_->end();
    stores_checkpoint_ = false;
    live_->drop();
}

result<void> table_fold::follow(state_host& host, position head, std::uint32_t batch_events) {
    auto const folded =
        fold_events(host, *live_, definition_->events(), checkpoint(), head,
                    [&](fold_progress const& done) { return done.events >= batch_events; });
    result<void> outcome;
    if (folded) {
        outcome = host.write_state(
            [&](write_transaction& transaction) { return write(transaction, folded->through); },
            [&] { publish(folded->through); });
    } else {
        outcome = folded.error();
    }
    if (!outcome) { drop(); }
    return outcome;
}

result<void> table_fold::catch_up(state_host& host, position through, std::uint32_t batch_events,
                                  progress const& report) {
    while (checkpoint() < through) {
        if (auto const done = follow(host, through, batch_events); !done) { return done; }
        if (report && !report(checkpoint().value, through.value)) {
            return error{errc::cancelled, "catching up was cancelled"};
        }
    }
    return {};
}

result<rebuild_report> table_fold::rebuild(state_host& host, std::uint32_t batch_events,
                                           progress const& report) {
    auto const began = std::chrono::steady_clock::now();
    table_spec shadow = definition_->table();
    shadow.name += shadow_suffix;
    table_spec bulk = shadow; // as it is filled
    if (host.state_head().value <= late_index_events_max) { bulk.indexes.clear(); }
    auto const made = host.write_state(
        [&](write_transaction& transaction) -> result<void> {
            if (auto const dropped = transaction.drop_table(shadow.name); !dropped) {
                return dropped;
            }
            return transaction.create_table(bulk);
        },
        {});
    if (!made) { return made.error(); }

    std::unique_ptr<read_view> view; // of the shadow, from one batch to the next
    bool is_written = false;         // before, no row can be there
    auto const fold =
        definition_->make_fold([&](cell const& key) -> result<std::optional<row_cells>> {
            if (!is_written) { return std::optional<row_cells>{}; }
            if (view == nullptr) {
                auto opened = host.state_view();
                if (!opened) { return opened.error(); }
                view = std::move(*opened);
            }
            return view->find_row(bulk, key);
        });

    rebuild_report done;
    position folded;
    for (position head = host.state_head(); head.value - folded.value > rebuild_rest_max;
         head = host.state_head()) {
        bool is_cancelled = false;
        auto const batch = fold_events(
            host, *fold, definition_->events(), folded, head, [&](fold_progress const& now) {
                bool const is_due = now.events % batch_events == 0;
                is_cancelled = is_due && report && !report(now.through.value, head.value);
                return is_cancelled || fold->dirty_count() >= rebuild_rows_max;
            });
        if (!batch) { return batch.error(); }
        if (is_cancelled) { return error{errc::cancelled, "the rebuild was cancelled"}; }
        folded = batch->through;
        done.events += batch->events;
        view.reset();
        auto const written = host.write_state(
            [&](write_transaction& transaction) { return fold->write(transaction, bulk); },
            [&] { fold->publish(); });
        if (!written) { return written.error(); }
        is_written = true;
        if (report && !report(folded.value, head.value)) {
            return error{errc::cancelled, "the rebuild was cancelled"};
        }
    }
    view.reset();
    if (bulk.indexes.size() != shadow.indexes.size()) {
        auto const indexed = host.write_state(
            [&](write_transaction& transaction) { return transaction.add_indexes(shadow); }, {});
        if (!indexed) { return indexed.error(); }
        bulk = shadow;
    }
    std::lock_guard const no_batch{follow_mutex_};
    if (auto const swapped = swap_in(host, *fold, shadow, folded, done); !swapped) {
        return swapped.error();
    }
    done.duration = std::chrono::steady_clock::now() - began;
    return done;
}

result<void> table_fold::swap_in(state_host& host, bound_fold& fold, table_spec const& shadow,
                                 position folded, rebuild_report& report) {
    table_spec const& table = definition_->table();
    return host.write_state(
        [&](write_transaction& transaction) -> result<void> {
            // An asynchronous table is compared as of its own checkpoint.
            position const head =
                is_async_ && checkpoint() > folded ? checkpoint() : host.state_head();
            auto const rest = fold_events(host, fold, definition_->events(), folded, head,
                                          [](fold_progress const&) { return false; });
            if (!rest) { return rest.error(); }
            report.events += rest->events;
            report.through = head;
            if (auto const written = fold.write(transaction, shadow); !written) { return written; }
            auto const fresh = digest_table(transaction, shadow);
            if (!fresh) { return fresh.error(); }
            report.rows = fresh->rows;
            auto const before = digest_table(transaction, table);
            report.is_identical = before && *before == *fresh;
            for (auto const& step :
                 {transaction.drop_table(table.name),
                  transaction.rename_table(shadow.name, table.name),
                  transaction.put_projection(stored_at(head)),
                  transaction.erase_snapshots(definition_->name(), position{})}) {
                if (!step) { return step; }
            }
            return {};
        },
        [&] {
            definition_->clear_cache();
            stored_checkpoint_ = report.through;
            move_checkpoint(report.through);
            std::lock_guard const lock{failure_mutex_};
            failure_.clear();
        });
}

std::string table_fold::failure() const {
    std::lock_guard const lock{failure_mutex_};
    return failure_;
}

void table_fold::fail(error const& failure) {
    std::lock_guard const lock{failure_mutex_};
    failure_ = failure.message();
}

} // namespace swarmlog::detail
