#include "sqlite/sizes.hpp"

#include "sqlite/store_file.hpp"

#include <algorithm>

namespace swarmlog::detail {

result<storage_sizes> measure_sizes(sqlite_connection& connection, std::string const& path) {
    auto statement = connection.prepare(
        "SELECT (SELECT page_count FROM pragma_page_count()), "
        "(SELECT freelist_count FROM pragma_freelist_count()), "
        "(SELECT page_size FROM pragma_page_size()), "
        "(SELECT coalesce(sum(length(body)), 0) FROM index_blocks), "
        "(SELECT coalesce(sum(length(header)), 0) FROM index_runs), "
        "(SELECT coalesce(sum(length(CAST(name AS BLOB)) + 8), 0) FROM checkpoints)",
        "measure");
    if (!statement) return statement.error();
    result<bool> const row = statement->step();
    if (!row) return row.error();
    auto const number = [&](int column) {
        return static_cast<std::uint64_t>(statement->integer(column));
    };
    std::uint64_t const used = (number(0) - std::min(number(0), number(1))) * number(2);

    storage_sizes sizes;
    sizes.index_bytes = number(3) + number(4);
    sizes.row_bytes = number(5);
    sizes.log_bytes = used - std::min(used, sizes.index_bytes + sizes.row_bytes);
    sizes.wal_bytes = file_bytes(wal_path_of(path));
    sizes.total_bytes = file_bytes(path) + sizes.wal_bytes;
    return sizes;
}

} // namespace swarmlog::detail
