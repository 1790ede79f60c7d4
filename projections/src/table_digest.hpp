#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <cstdint>

namespace swarmlog::detail {

/// What a table holds, in short: equal for equal rows, and different for others as surely as
/// 128 bits of XXH3 are.
struct table_digest {
    std::uint64_t rows = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(table_digest const&, table_digest const&) = default;
};

[[nodiscard]] result<table_digest> digest_table(row_reader& reader, table_spec const& table);

} // namespace swarmlog::detail
