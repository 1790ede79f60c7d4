#include <swarmlog/projections/detail/column_value.hpp>

namespace swarmlog::detail {

error column_error(std::string_view column, std::string const& what) {
    return {errc::invalid_argument, "column " + std::string{column} + ": " + what};
}

result<void> parse_column(std::string_view column, std::string_view json, document_walk walk,
                          void* target) {
    auto read = walk_document("column " + std::string{column}, json, walk, target);
    if (!read) { return error{errc::corrupt, read.error().message()}; }
    return read;
}

} // namespace swarmlog::detail
