#pragma once

#include <swarmlog/engine/rows.hpp>
#include <swarmlog/export.hpp>

#include <string>
#include <vector>

namespace swarmlog {

/// One column of a row that differs.
struct field_change {
    std::string column; ///< its name
    cell before;        ///< null of a row that was added
    cell after;         ///< null of a row that was removed
    friend bool operator==(field_change const&, field_change const&) = default;
};

/// One row that differs between two states of a table.
struct row_change {
    /// What can become of a row.
    enum class kind { added, removed, changed };
    kind what = kind::changed; ///< what became of it
    cell key;                  ///< of the row
    /// Of a changed row those that differ; of another all.
    std::vector<field_change> fields;
    friend bool operator==(row_change const&, row_change const&) = default;
};

/// What leads from one state of a table to another, by rising key. Both are walked once.
[[nodiscard]] SWARMLOG_EXPORT std::vector<row_change> diff_tables(memory_table const& before,
                                                                  memory_table const& after);

} // namespace swarmlog
