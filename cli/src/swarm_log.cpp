#include "swarm_log.hpp"

#include "open_log.hpp"
#include "terminal/progress_bar.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <algorithm>
#include <concepts>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace swarmlog::cli {

namespace {

/// How a member of a row is shown.
template <class Value>
constexpr cell_style style_of() {
    using plain = detail::plain_value<Value>;
    if constexpr (std::same_as<plain, bool>) {
        return cell_style::boolean;
    } else if constexpr (std::same_as<plain, timestamp>) {
        return cell_style::time;
    } else if constexpr (detail::kind_of<plain>() != column_kind::text ||
                         std::same_as<plain, std::string> || std::is_enum_v<plain>) {
        return cell_style::plain;
    } else {
        return cell_style::json;
    }
}

template <class Row>
std::vector<row_column> columns_but(std::vector<std::string_view> const& not_in_table) {
    std::vector<row_column> columns;
    detail::for_each_column<Row>([&](std::uint32_t, auto member) {
        using value_type = std::remove_cvref_t<decltype(std::declval<Row>().*member.pointer)>;
        bool const is_left_out =
            std::find(not_in_table.begin(), not_in_table.end(), member.name) != not_in_table.end();
        columns.push_back({member.name, style_of<value_type>(), !is_left_out});
    });
    return columns;
}

using tables = std::map<std::string, std::vector<row_column>, std::less<>>;

tables const& swarm_tables() {
    using namespace swarm;
    static tables const made{
        {"agents", columns_but<agent>({"metadata", "created_at", "updated_at"})},
        {"messages", columns_but<message>({"content", "read_at", "sent_in"})},
        {"metrics", columns_but<metric>({"tags"})},
        {"tasks", columns_but<task>({"payload", "result", "error", "max_retries", "dependencies",
                                     "required_capabilities", "metadata", "created_at",
                                     "started_at", "completed_at", "urgency", "created_in"})},
    };
    return made;
}

std::optional<swarm_log> said(std::optional<event_log> log, projection_set projections) {
    if (!log) return std::nullopt;
    return swarm_log{std::move(projections), std::move(*log)};
}

} // namespace

std::optional<swarm_log> open_swarm_to_read(std::filesystem::path const& database) {
    projection_set projections;
    swarm::add_projections(projections);
    return said(open_to_read(database, projections), projections);
}

std::optional<swarm_log> open_swarm_to_write(std::filesystem::path const& database) {
    auto const bar = std::make_shared<progress_bar>("catching up", "events");
    projection_options options;
    options.on_progress = [bar](std::uint64_t done, std::uint64_t total) {
        bar->update(done, total);
        return true;
    };
    projection_set projections(std::move(options));
    swarm::add_projections(projections);
    std::error_code ignored;
    if (!std::filesystem::exists(database, ignored)) {
        complain("cannot open " + database.string() + ": there is no such file");
        return std::nullopt;
    }
    auto opened = open_to_append(database, projections);
    bar->clear();
    return said(std::move(opened), projections);
}

std::vector<std::string> const& swarm_table_names() {
    static std::vector<std::string> const names = [] {
        std::vector<std::string> made;
        for (auto const& [name, columns] : swarm_tables()) made.push_back(name);
        return made;
    }();
    return names;
}

std::vector<row_column> const& swarm_columns(std::string_view table) {
    return swarm_tables().find(table)->second;
}

result<as_of_view> as_of(event_log const& log, moment const& when) {
    return std::visit([&](auto at) { return log.as_of(at); }, when);
}

result<position> position_at(event_log const& log, moment const& when) {
    auto const view = as_of(log, when);
    if (!view) return view.error();
    return view->at();
}

} // namespace swarmlog::cli
