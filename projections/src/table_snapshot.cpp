#include "table_snapshot.hpp"

#include "cell_bytes.hpp"

#include <xxhash.h>

#include <utility>

namespace swarmlog::detail {

namespace {

constexpr std::size_t checksum_bytes = 8;

} // namespace

std::string encode_snapshot(memory_table const& table, std::uint32_t version) {
    std::string const layout = layout_of(table.table());
    std::string body;
    append_number(body, version);
    append_number(body, layout.size());
    body += layout;
    append_number(body, table.size());
    table.select({}, [&](row_cells const& row) {
        for (cell const& each : row) { append_cell(body, each); }
        return true;
    });
    append_number(body, XXH3_64bits(body.data(), body.size()));
    return body;
}

std::optional<memory_table> decode_snapshot(std::string_view body, table_spec const& table,
                                            std::uint32_t version) {
    if (body.size() < checksum_bytes) { return std::nullopt; }
    std::string_view content = body.substr(0, body.size() - checksum_bytes);
    std::string_view seal = body.substr(content.size());
    std::uint64_t checksum = 0;
    if (!take_number(seal, checksum) || checksum != XXH3_64bits(content.data(), content.size())) {
        return std::nullopt;
    }
    std::uint64_t stored_version = 0;
    std::uint64_t rows = 0;
    std::string_view layout;
    bool const is_ours = take_number(content, stored_version) && stored_version == version &&
                         take_text(content, layout) && layout == layout_of(table) &&
                         take_number(content, rows);
    if (!is_ours) { return std::nullopt; }
    memory_table restored{table};
    for (std::uint64_t row = 0; row != rows; ++row) {
        row_cells cells(table.columns.size());
        for (cell& each : cells) {
            if (!take_cell(content, each)) { return std::nullopt; }
        }
        if (!check_row(table, cells)) { return std::nullopt; }
        restored.put(std::move(cells));
    }
    if (!content.empty()) { return std::nullopt; }
    return restored;
}

} // namespace swarmlog::detail
