/// The tables as they were: at a position, at a time, and what changed between two moments.

#include <swarmlog/projections/repository.hpp>
#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <variant>

using namespace swarmlog;

struct setting {
    std::string name, value;
};
BOOST_DESCRIBE_STRUCT(setting, (), (name, value))

struct settings {
    static constexpr std::string_view name = "settings";
    static constexpr std::uint32_t version = 1;
    using row_type = setting;
    static constexpr auto key = &setting::name;
};

int main() {
    projection_set projections;
    projections.add(repository_table<settings>{});
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();
    repository<settings> all{log};

    all.save({"workers", "4"}).value();
    receipt const before = all.save({"model", "small"}).value();
    all.save({"workers", "8"}).value();
    all.save({"trace", "on"}).value();
    all.remove("model").value();

    // Folded from the log when asked for: nothing was kept for it.
    as_of_view const then = log.as_of(before.last).value();
    auto const workers_then = then.table<setting>().find("workers").value();
    auto const rows_at_that_time =
        log.as_of(before.recorded_at).value().table<setting>().count().value();

    auto const changes = projections.diff("settings", before.last, log.head()).value();
    for (row_change const& each : changes) {
        std::cout << std::get<std::string>(each.key) << ": "
                  << (each.what == row_change::kind::added     ? "added"
                      : each.what == row_change::kind::removed ? "removed"
                                                               : "changed");
        for (field_change const& field : each.fields) { std::cout << ' ' << field.column; }
        std::cout << '\n';
    }
    return workers_then->value == "4" && rows_at_that_time == 2 && changes.size() == 3 ? 0 : 1;
}
