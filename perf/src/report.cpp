#include "report.hpp"

#include "short_number.hpp"

#include <swarmlog/version.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/version.hpp>

#include <fmt/format.h>

#include <sqlite3.h>
#include <sys/utsname.h>

#include <cmath>
#include <fstream>
#include <thread>

namespace swarmlog::perf {

namespace {

boost::json::object machine() {
    std::string processor = "unknown";
    std::ifstream info{"/proc/cpuinfo"};
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) {
            processor = line.substr(line.find(':') + 2);
            break;
        }
    }
    ::utsname system{};
    ::uname(&system);
    return {{"swarmlog", swarmlog::library_version()},
            {"processor", processor},
            {"cores", std::thread::hardware_concurrency()},
            {"system", std::string{system.sysname} + ' ' + system.release},
            {"compiler", __VERSION__},
            {"boost", BOOST_LIB_VERSION},
            {"sqlite", sqlite3_libversion()}};
}

std::string verdict(measured const& result) {
    if (!result.promised.is_set()) { return "-"; }
    return result.met() ? "met" : "missed";
}

std::string target_text(measured const& result) {
    return result.promised.is_set() ? result.promised.text(result.unit) : "-";
}

/// Small figures keep three digits after the point, large ones none.
double rounded(double value) {
    return std::abs(value) >= 1'000 ? std::round(value) : std::round(value * 1'000) / 1'000;
}

boost::json::object to_row(measured const& each) {
    boost::json::object row{{"workload", each.workload},
                            {"says", each.says},
                            {"backend", each.backend},
                            {"durability", each.durability},
                            {"events", each.events},
                            {"unit", each.unit},
                            {"median", rounded(each.own.median)},
                            {"min", rounded(each.own.min)},
                            {"max", rounded(each.own.max)},
                            {"cpu_ns", rounded(each.own.cpu_nanoseconds)},
                            {"baseline", each.baseline},
                            {"baseline_events", each.baseline_events},
                            {"baseline_median", rounded(each.against.median)},
                            {"baseline_min", rounded(each.against.min)},
                            {"baseline_max", rounded(each.against.max)},
                            {"baseline_cpu_ns", rounded(each.against.cpu_nanoseconds)},
                            {"ratio", rounded(each.ratio)},
                            {"target", nullptr},
                            {"met", nullptr}};
    if (each.promised.is_set()) {
        row["target"] = target_text(each);
        row["met"] = each.met();
    }
    return row;
}

} // namespace

std::string header_line(run_plan const& plan) {
    std::string line;
    for (auto const& [name, value] : machine()) {
        line += (line.empty() ? "" : ", ") + std::string{name} + ' ';
        line += value.is_string() ? std::string{value.as_string()} : boost::json::serialize(value);
    }
    line += fmt::format("; {} rounds", plan.rounds);
    if (plan.scale != 1.0) { line += fmt::format("; counts scaled by {}", plan.scale); }
    // A target that names 10 million events is answered by --full only.
    return line + (plan.is_full ? "; full counts" : "; fewer events than the targets name: --full");
}

std::string to_json(std::vector<measured> const& results, run_plan const& plan) {
    boost::json::array rows;
    for (measured const& each : results) { rows.push_back(to_row(each)); }
    return boost::json::serialize(boost::json::object{{"machine", machine()},
                                                      {"rounds", plan.rounds},
                                                      {"scale", plan.scale},
                                                      {"full", plan.is_full},
                                                      {"results", std::move(rows)}});
}

std::string to_markdown(std::vector<measured> const& results, run_plan const& plan) {
    std::string text = header_line(plan) + "\n\n";
    text +=
        "| workload | what | events | median | min - max | CPU ns | baseline | its median |"
        " ratio | target | |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (measured const& each : results) {
        text += fmt::format(
            "| `{}` | {} | {} | {} {} | {} - {} | {:.0f} | {} | {} | {:.2f} | {} | {} |\n",
            each.workload, each.says, short_number(static_cast<double>(each.events)),
            short_number(each.own.median), each.unit, short_number(each.own.min),
            short_number(each.own.max), each.own.cpu_nanoseconds, each.baseline,
            short_number(each.against.median), each.ratio, target_text(each), verdict(each));
    }
    return text;
}

std::string to_line(measured const& result) {
    return fmt::format("{:<20} {:>7} {:<11} ({} - {})  {:.2f} x {} ({})  target {}: {}",
                       result.workload, short_number(result.own.median), result.unit,
                       short_number(result.own.min), short_number(result.own.max), result.ratio,
                       result.baseline, short_number(result.against.median), target_text(result),
                       verdict(result));
}

} // namespace swarmlog::perf
