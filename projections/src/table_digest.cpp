#include "table_digest.hpp"

#include "cell_bytes.hpp"

#include <xxhash.h>

#include <memory>
#include <string>

namespace swarmlog::detail {

result<table_digest> digest_table(row_reader& reader, table_spec const& table) {
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> const state{XXH3_createState(),
                                                                         &XXH3_freeState};
    XXH3_128bits_reset(state.get());
    table_digest digest;
    std::string bytes;
    auto const read = reader.select_rows(table, {}, [&](row_cells const& row) {
        bytes.clear();
        for (cell const& each : row) { append_cell(bytes, each); }
        XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
        ++digest.rows;
        return true;
    });
    if (!read) { return read.error(); }
    auto const hash = XXH3_128bits_digest(state.get());
    digest.low = hash.low64;
    digest.high = hash.high64;
    return digest;
}

} // namespace swarmlog::detail
