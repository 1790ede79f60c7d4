#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/options.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/state_fold.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/as_of.hpp>
#include <swarmlog/projections/detail/bound_projection.hpp>
#include <swarmlog/projections/projection.hpp>
#include <swarmlog/projections/row_diff.hpp>
#include <swarmlog/projections/typed_table.hpp>
#include <swarmlog/projections/upcasting.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog {

/// What to do at open with a projection whose version or row type is not the stored one's.
enum class changed_projection {
    rebuild, ///< from zero, before the log opens
    refuse,  ///< answer `invalid_argument`
};

/// How a set of projections works, and what bounds it.
struct projection_options {
    /// Rows that each projection keeps in memory; as many again in answers to queries that came
    /// twice while its table stayed as it was.
    std::size_t cache_rows = 16'384;
    /// What to do with a projection that is another than it was.
    changed_projection on_change = changed_projection::rebuild;
    /// Rebuilding, catching up and asynchronous projections commit after so many events.
    std::uint32_t batch_events = 16'384;
    /// An as-of view that folds past a multiple of this position stores a snapshot there, so
    /// that the next one folds at most so many events. 0: never.
    std::uint64_t snapshot_events = 262'144;
    /// Called while catching up and rebuilding at open, with events done and in all.
    progress on_progress{};
};

/// How a projection stands.
struct projection_status {
    std::string name;          ///< the projection's, and its table's
    std::uint32_t version = 0; ///< of its fold, as declared
    bool is_async = false;     ///< added by `add_async`
    position checkpoint;       ///< the rows are those of this position
    std::uint64_t lag = 0;     ///< events of the log behind the checkpoint
    std::string failure;       ///< why an asynchronous one has stopped; empty while all is well
};

/// What a rebuild did.
struct rebuild_report {
    std::uint64_t events = 0;  ///< folded
    std::uint64_t rows = 0;    ///< in the table, when it was done
    position through;          ///< the rows are those of this position
    bool is_identical = false; ///< the rebuilt table equals the one it replaced, row for row
    std::chrono::nanoseconds duration{}; ///< from the first event to the swap
};

namespace detail {
class projector;
}

/// The projections of a log: made before it is opened, and given to it in `log_options::state`.
///
///     projection_set projections;
///     projections.add(task_list{}).add_async(statistics{});
///     auto log = open_sqlite("swarm.db", {{.state = projections}}).value();
///
/// A handle: copies name the same set. Serves one log at a time. Adding is for one thread,
/// before the log opens; everything else is thread-safe, and answers `closed` without a log.
class SWARMLOG_EXPORT projection_set {
public:
    /// An empty set.
    explicit projection_set(projection_options options = {});

    /// The set that an open log was given; a set without projections when it was given none.
    [[nodiscard]] static projection_set of(std::shared_ptr<state_fold> const& state);

    /// Folded in the transaction of each commit: rows and events become durable together. An
    /// `apply` that throws rejects that append (`projection_failed`).
    template <projection Projection>
    projection_set& add(Projection fold = {}) {
        static_assert(detail::check_projection<Projection>());
        return add_bound(std::make_unique<detail::typed_projection<Projection>>(
                             std::move(fold), steps(), options().cache_rows),
                         false);
    }
    /// Follows the log on a thread of the set's own, in transactions of its own: exactly once in
    /// database state. An `apply` that throws stops it (`projection_status::failure`).
    template <projection Projection>
    projection_set& add_async(Projection fold = {}) {
        static_assert(detail::check_projection<Projection>());
        return add_bound(std::make_unique<detail::typed_projection<Projection>>(
                             std::move(fold), steps(), options().cache_rows),
                         true);
    }
    /// The steps that bring older events to the schema versions of now.
    [[nodiscard]] upcasters& upcasting();

    /// What `log_options::state` takes.
    operator std::shared_ptr<state_fold>() const; // NOLINT(google-explicit-constructor)

    /// How each projection stands, in the order they were added.
    [[nodiscard]] result<std::vector<projection_status>> status() const;
    /// Waits until a projection's rows are those of `at` or later: `deadline_exceeded`,
    /// `projection_failed` when it has stopped.
    [[nodiscard]] result<void> wait_until(std::string_view name, position at,
                                          std::chrono::milliseconds wait_max) const;
    /// Folds a projection anew from the first event, into a table beside the one that goes on
    /// serving, and swaps the two in one transaction. Appends go on meanwhile; they wait for the
    /// last batch and the comparison.
    [[nodiscard]] result<rebuild_report> rebuild(std::string_view name,
                                                 progress const& report = {});
    /// The tables as of a position: folded from the log when first asked for.
    [[nodiscard]] result<as_of_view> as_of(position at) const;
    /// The same, at the last position recorded up to this time.
    [[nodiscard]] result<as_of_view> as_of(timestamp at) const;
    /// What changed in a projection's rows between two positions.
    [[nodiscard]] result<std::vector<row_change>> diff(std::string_view name, position from,
                                                       position to) const;
    /// Forgets every snapshot: as-of views then fold from the first event, with the same rows.
    [[nodiscard]] result<void> drop_snapshots();

    /// The committed rows of the projection that has rows of this type. Without one the table's
    /// calls answer `not_found`.
    template <row_type Row>
    [[nodiscard]] typed_table<Row> table() const {
        auto const source = source_of(typeid(Row));
        if (!source) { return typed_table<Row>{source.error()}; }
        return typed_table<Row>{std::static_pointer_cast<detail::typed_source<Row> const>(*source)};
    }
    /// In a decision on the writer: the rows with everything before it, its own group's and its
    /// own appends included. Of inline projections only.
    template <row_type Row>
    [[nodiscard]] typed_table<Row> staged_table() const {
        auto const source = staged_source_of(typeid(Row));
        if (!source) { return typed_table<Row>{source.error()}; }
        return typed_table<Row>{std::static_pointer_cast<detail::typed_source<Row> const>(*source)};
    }
    /// A projection's table, for those who do not know its row type.
    [[nodiscard]] result<table_spec> table_of(std::string_view name) const;

private:
    projection_set& add_bound(std::unique_ptr<detail::bound_projection> added, bool is_async);
    [[nodiscard]] std::shared_ptr<upcasters> const& steps() const;
    [[nodiscard]] projection_options const& options() const;
    [[nodiscard]] result<std::shared_ptr<detail::row_source const>>
    source_of(std::type_index row) const;
    [[nodiscard]] result<std::shared_ptr<detail::row_source const>>
    staged_source_of(std::type_index row) const;

    std::shared_ptr<detail::projector> projector_;
};

} // namespace swarmlog
