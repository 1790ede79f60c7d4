#include "report.hpp"

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
    return {{"processor", processor},
            {"cores", std::thread::hardware_concurrency()},
            {"system", std::string{system.sysname} + ' ' + system.release},
            {"compiler", __VERSION__},
            {"boost", BOOST_LIB_VERSION},
            {"sqlite", sqlite3_libversion()}};
}

/// Four digits are more than a noisy machine can say.
std::string short_number(double value) {
    if (value >= 1e6) { return fmt::format("{:.2f}M", value / 1e6); }
    if (value >= 1e4) { return fmt::format("{:.0f}k", value / 1e3); }
    return fmt::format("{:.4g}", value);
}

std::string verdict(measured const& result) {
    if (!result.what.target) { return "-"; }
    return result.met() ? "met" : "missed";
}

std::string target_text(measured const& result) {
    return result.what.target ? fmt::format("{:g}", *result.what.target) : "-";
}

} // namespace

std::string machine_json() { return boost::json::serialize(machine()); }

std::string to_json(std::vector<measured> const& results) {
    boost::json::array rows;
    for (measured const& each : results) {
        boost::json::object row{{"workload", each.what.name},
                                {"backend", each.what.backend},
                                {"durability", each.what.durability},
                                {"events", each.events},
                                {"unit", each.what.unit},
                                {"median", std::round(each.own.median)},
                                {"min", std::round(each.own.min)},
                                {"max", std::round(each.own.max)},
                                {"cpu_ns", std::round(each.own.cpu_nanoseconds)},
                                {"baseline", each.what.baseline},
                                {"baseline_median", std::round(each.baseline.median)},
                                {"baseline_cpu_ns", std::round(each.baseline.cpu_nanoseconds)},
                                {"ratio", std::round(each.ratio * 1000) / 1000},
                                {"target", nullptr},
                                {"met", each.met()}};
        if (each.what.target) { row["target"] = *each.what.target; }
        rows.push_back(std::move(row));
    }
    return boost::json::serialize(
        boost::json::object{{"machine", machine()}, {"results", std::move(rows)}});
}

std::string to_markdown(std::vector<measured> const& results) {
    std::string text =
        "| workload | what | median | min - max | CPU ns | baseline | its median |"
        " ratio | target | |\n|---|---|---|---|---|---|---|---|---|---|\n";
    for (measured const& each : results) {
        text += fmt::format(
            "| `{}` | {} | {} {} | {} - {} | {:.0f} | {} | {} | {:.2f} | {} | {} |\n",
            each.what.name, each.what.says, short_number(each.own.median), each.what.unit,
            short_number(each.own.min), short_number(each.own.max), each.own.cpu_nanoseconds,
            each.what.baseline, short_number(each.baseline.median), each.ratio, target_text(each),
            verdict(each));
    }
    return text;
}

std::string to_line(measured const& result) {
    return fmt::format("{:<18} {:>9} {:<10} ({} - {})  {:>7.2f} x {} ({})  target {} {}",
                       result.what.name, short_number(result.own.median), result.what.unit,
                       short_number(result.own.min), short_number(result.own.max), result.ratio,
                       result.what.baseline, short_number(result.baseline.median),
                       target_text(result), verdict(result));
}

} // namespace swarmlog::perf
