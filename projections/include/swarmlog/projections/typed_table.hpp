#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/projections/detail/typed_source.hpp>
#include <swarmlog/projections/typed_query.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace swarmlog {

/// The rows of one projection: as committed, as of a moment, or as a decision sees them.
///
/// Cheap to copy. Thread-safe, but for a decision's, which is valid during the decision only.
/// May outlive the log: it then answers `closed`.
template <class Row>
class typed_table {
    static_assert(row_type<Row>,
                  "swarmlog: a row is a struct described with BOOST_DESCRIBE_STRUCT");

public:
    /// For a projection's rows, wherever they are read from.
    explicit typed_table(std::shared_ptr<detail::typed_source<Row> const> source)
        : source_(std::move(source)) {}
    /// A table whose every call answers this.
    explicit typed_table(error failure)
        : source_(std::make_shared<detail::failed_source<Row>>(std::move(failure))) {}

    /// The row with this key, shared and not copied; null when there is none. Rows that were
    /// read or written lately come from memory.
    template <class Key>
    [[nodiscard]] result<std::shared_ptr<Row const>> find(Key const& key) const {
        return source_->find(detail::key_of_argument(key));
    }
    /// By rising key.
    [[nodiscard]] result<std::vector<Row>> all() const { return query().all(); }
    /// How many rows.
    [[nodiscard]] result<std::uint64_t> count() const { return query().count(); }
    /// A query over these rows, still to be narrowed.
    [[nodiscard]] typed_query<Row> query() const { return typed_query<Row>{source_}; }

private:
    std::shared_ptr<detail::typed_source<Row> const> source_;
};

} // namespace swarmlog
