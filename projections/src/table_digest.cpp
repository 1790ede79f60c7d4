#include "table_digest.hpp"

#include "cell_bytes.hpp"

#include <xxhash.h>

#include <memory>
#include <string>

namespace swarmlog::detail {

namespace {

constexpr std::size_t bytes_at_a_time = 65'536;

} // namespace

result<table_digest> digest_table(row_reader& reader, table_spec const& table) {
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> const state{XXH3_createState(),
                                                                         &XXH3_freeState};
    XXH3_128bits_reset(state.get());
    table_digest digest;
    std::string bytes;
    auto const digest_bytes = [&] {
        XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
        bytes.clear();
    };
    auto const read = reader.select_rows(table, {}, [&](row_cells const& row) {
        for (cell const& each : row) { append_cell(bytes, each); }
        if (bytes.size() >= bytes_at_a_time) { digest_bytes(); }
        ++digest.rows;
        return true;
    });
    if (!read) { return read.error(); }
    digest_bytes();
    auto const hash = XXH3_128bits_digest(state.get());
    digest.low = hash.low64;
    digest.high = hash.high64;
    return digest;
}

} // namespace swarmlog::detail
