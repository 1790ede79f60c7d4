#include "report.hpp"
#include "runner.hpp"
#include "workload.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace swarmlog::perf;

void write_file(std::filesystem::path const& path, std::string const& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file{path};
    file << text << '\n';
    if (!file) { throw std::runtime_error{"cannot write " + path.string()}; }
}

std::vector<workload> chosen(std::vector<std::string> const& names) {
    std::vector<workload> all = all_workloads();
    for (std::string const& name : names) {
        if (std::none_of(all.begin(), all.end(),
                         [&](auto const& each) { return each.name == name; })) {
            throw std::runtime_error{"there is no workload \"" + name + "\"; --list shows them"};
        }
    }
    if (!names.empty()) {
        std::erase_if(all, [&](workload const& each) {
            return std::find(names.begin(), names.end(), each.name) == names.end();
        });
    }
    return all;
}

} // namespace

int main(int argument_count, char** arguments) {
    CLI::App app{"Measures swarmlog's workloads beside their baselines, in one run."};
    std::vector<std::string> names;
    run_plan plan;
    plan.scratch =
        std::filesystem::temp_directory_path() / fmt::format("swarmlog-perf-{}", ::getpid());
    std::filesystem::path results;
    bool list = false;
    bool quick = false;
    app.add_option("workload", names, "Names of workloads; all when none is given");
    app.add_option("--rounds", plan.rounds, "Runs of each, in turn with its baseline")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--scale", plan.scale, "Multiplies the number of events")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--results", results, "Folder for results.json and results.md");
    app.add_option("--scratch", plan.scratch, "Folder for the databases; emptied")
        ->capture_default_str();
    app.add_flag("--list", list, "Names the workloads and ends");
    app.add_flag("--quick", quick, "One round with tiny counts: does everything still work?");
    CLI11_PARSE(app, argument_count, arguments);
    try {
        auto const workloads = chosen(names);
        if (list) {
            for (workload const& each : workloads) {
                fmt::print("{:<18} {}\n", each.name, each.says);
            }
            return 0;
        }
        if (quick) {
            plan.rounds = 1;
            plan.scale = 0.002;
        }
        fmt::print("{}\n", machine_json());
        std::vector<measured> all;
        for (workload const& each : workloads) {
            all.push_back(run(each, plan));
            fmt::print("{}\n", to_line(all.back()));
            std::fflush(stdout);
        }
        if (!results.empty()) {
            write_file(results / "results.json", to_json(all));
            write_file(results / "results.md", to_markdown(all));
        }
        return 0;
    } catch (std::exception const& failure) {
        fmt::print(stderr, "swarmlog-perf: {}\n", failure.what());
        return 1;
    }
}
