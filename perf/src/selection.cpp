#include "selection.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <utility>

namespace swarmlog::perf {

namespace {

bool names_baseline(std::string const& name, rival const& candidate) {
    return name == candidate.name || name == short_name(candidate.name);
}

/// Drops the other rivals with their rows; a row that compares the workload with itself needs
/// none, and stays.
void keep_baselines(workload& what, std::vector<std::string> const& baselines) {
    std::vector<rival> kept;
    std::vector<std::optional<std::size_t>> places(what.rivals.size());
    for (std::size_t each = 0; each != what.rivals.size(); ++each) {
        bool const is_chosen = std::any_of(
            baselines.begin(), baselines.end(),
            [&](std::string const& name) { return names_baseline(name, what.rivals[each]); });
        if (!is_chosen) { continue; }
        places[each] = kept.size();
        kept.push_back(std::move(what.rivals[each]));
    }
    what.rivals = std::move(kept);
    std::erase_if(what.rows,
                  [&](comparison const& row) { return row.rival && !places.at(*row.rival); });
    for (comparison& row : what.rows) {
        if (row.rival) { row.rival = places.at(*row.rival); }
    }
}

template <class Chooses>
void expect_a_choice(std::vector<workload> const& all, std::string const& what,
                     std::vector<std::string> const& names, Chooses const& chooses) {
    for (std::string const& name : names) {
        if (std::none_of(all.begin(), all.end(),
                         [&](workload const& each) { return chooses(name, each); })) {
            throw std::runtime_error{"there is no " + what + " \"" + name +
                                     "\"; --list shows them"};
        }
    }
}

} // namespace

std::string_view short_name(std::string_view baseline) {
    return baseline.substr(0, baseline.find(','));
}

std::vector<workload> chosen(std::vector<workload> all, std::vector<std::string> const& names,
                             std::vector<std::string> const& baselines) {
    expect_a_choice(all, "workload", names, [](std::string const& name, workload const& each) {
        return each.name == name;
    });
    if (!names.empty()) {
        std::erase_if(all, [&](workload const& each) {
            return std::find(names.begin(), names.end(), each.name) == names.end();
        });
    }
    expect_a_choice(all, "baseline", baselines, [](std::string const& name, workload const& each) {
        return std::any_of(each.rivals.begin(), each.rivals.end(),
                           [&](rival const& one) { return names_baseline(name, one); });
    });
    if (!baselines.empty()) {
        for (workload& each : all) { keep_baselines(each, baselines); }
        std::erase_if(all, [](workload const& each) { return each.rivals.empty(); });
    }
    return all;
}

} // namespace swarmlog::perf
