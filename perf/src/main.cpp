#include "report.hpp"
#include "result_charts.hpp"
#include "runner.hpp"
#include "selection.hpp"
#include "workload.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace {

using namespace swarmlog::perf;

/// Empty at first, and gone in the end, whatever happened.
class scratch_folder {
public:
    explicit scratch_folder(std::filesystem::path path) : path_(std::move(path)) {
        std::filesystem::remove_all(path_);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

private:
    std::filesystem::path path_;
};

void write_file(std::filesystem::path const& path, std::string const& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file{path};
    file << text << '\n';
    if (!file) { throw std::runtime_error{"cannot write " + path.string()}; }
}

} // namespace

int main(int argument_count, char** arguments) {
    CLI::App app{"Measures swarmlog's workloads beside their baselines, in one run."};
    std::vector<std::string> names;
    std::vector<std::string> baselines;
    run_plan plan;
    plan.scratch =
        std::filesystem::temp_directory_path() / fmt::format("swarmlog-perf-{}", ::getpid());
    std::filesystem::path results;
    bool list = false;
    bool json = false;
    bool quick = false;
    app.add_option("workload", names, "Names of workloads; all when none is given");
    app.add_option("--baseline", baselines, "Names of baselines; all when none is given");
    app.add_option("--rounds", plan.rounds, "Runs of each, in turn with its baseline")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--scale", plan.scale, "Multiplies the number of events")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--results", results, "Folder for results.json, results.md and the charts");
    app.add_option("--scratch", plan.scratch, "Folder for the databases; emptied and removed")
        ->capture_default_str();
    app.add_flag("--list", list, "Names the workloads and ends");
    app.add_flag("--quick", quick, "One round with tiny counts: does everything still work?");
    app.add_flag("--full", plan.is_full,
                 "Grows to 10 million events, and baselines get as many events as workloads");
    app.add_flag("--json", json, "Prints the results as JSON and not as lines");
    CLI11_PARSE(app, argument_count, arguments);
    try {
        auto const workloads = chosen(all_workloads(plan.is_full), names, baselines);
        if (list) {
            for (workload const& each : workloads) {
                fmt::print("{:<18} {}\n", each.name, each.says);
                for (rival const& one : each.rivals) { fmt::print("{:<21}{}\n", "", one.name); }
            }
            return 0;
        }
        if (quick) {
            plan.rounds = 1;
            plan.scale = 0.002;
        }
        if (!json) { fmt::print("{}\n", header_line(plan)); }
        scratch_folder const scratch{plan.scratch};
        std::vector<measured> all;
        for (workload const& each : workloads) {
            for (measured& row : run(each, plan)) {
                if (!json) { fmt::print("{}\n", to_line(row)); }
                all.push_back(std::move(row));
            }
            std::fflush(stdout);
        }
        if (json) { fmt::print("{}\n", to_json(all, plan)); }
        if (!results.empty()) {
            write_file(results / "results.json", to_json(all, plan));
            write_file(results / "results.md", to_markdown(all, plan));
            for (auto const& [name, document] : result_charts(all)) {
                write_file(results / name, document);
            }
        }
        return 0;
    } catch (std::exception const& failure) {
        fmt::print(stderr, "swarmlog-perf: {}\n", failure.what());
        return 1;
    }
}
