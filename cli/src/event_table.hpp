#pragma once

#include <swarmlog/engine/event.hpp>

#include <cstddef>
#include <string>

namespace swarmlog::cli {

/// Events as lines of aligned columns, written as they come. Times to the millisecond, without the
/// day where the screen is narrow; the data cut at its right edge. 58 columns at least. For a
/// person; programs read the JSON.
class event_table {
public:
    explicit event_table(std::size_t screen_columns);
    [[nodiscard]] std::string headings() const;
    [[nodiscard]] std::string line(event_view const& event) const;

private:
    bool has_days_;
    std::size_t stream_columns_;
    std::size_t type_columns_;
    std::size_t data_columns_;
};

} // namespace swarmlog::cli
