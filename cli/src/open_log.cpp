#include "open_log.hpp"

#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/engine/detail/printable_text.hpp>

#include <fmt/core.h>

#include <utility>

namespace swarmlog::cli {

namespace {

std::optional<event_log> said(result<event_log> opened, std::filesystem::path const& database) {
    if (!opened) {
        complain(fmt::format("cannot open {}: {}", database.string(), opened.error().message()));
        return std::nullopt;
    }
    if (std::string const& found = opened->opened().message; !found.empty()) complain(found);
    for (std::string const& warning : opened->opened().warnings) complain("warning: " + warning);
    return std::move(*opened);
}

} // namespace

std::optional<event_log> open_to_read(std::filesystem::path const& database,
                                      std::shared_ptr<state_fold> const& state) {
    sqlite_log_options options;
    options.state = state;
    return said(open_sqlite_read_only(database, options), database);
}

std::optional<event_log> open_to_append(std::filesystem::path const& database,
                                        std::shared_ptr<state_fold> const& state) {
    sqlite_log_options options;
    options.state = state;
    return said(open_sqlite(database, options), database);
}

exit_code after_reading(event_log const& log) {
    open_report const& found = log.opened();
    return found.corrupt_at || found.lost_events != 0 ? exit_code::failed : exit_code::ok;
}

void complain(std::string const& what) { say("swarmlog: " + what); }

void say(std::string line) { fmt::print(stderr, "{}\n", detail::printable(std::move(line))); }

} // namespace swarmlog::cli
