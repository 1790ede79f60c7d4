#include "history/task_records.hpp"

#include "history/json_field.hpp"
#include "history/line_reader.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace swarmlog {

namespace {

namespace fs = std::filesystem;
using boost::json::object;
using boost::json::value;

/// Both trackers count from 0, the most urgent, to 4.
swarm::task_priority priority_of(object const& from) {
    value const* const found = from.if_contains("priority");
    if (found == nullptr || !found->is_int64()) { return swarm::task_priority::medium; }
    switch (found->get_int64()) {
    case 0: return swarm::task_priority::critical;
    case 1: return swarm::task_priority::high;
    case 2: return swarm::task_priority::medium;
    default: return swarm::task_priority::low;
    }
}

/// `{"issue_id","depends_on_id","type"}`: only what blocks is a dependency.
void add_dependency(task_records& into, value const& line) {
    object const* const from = line.if_object();
    if (from == nullptr || text_of(*from, "type") != "blocks") { return; }
    std::string const task = text_of(*from, "issue_id");
    std::string const needed = text_of(*from, "depends_on_id");
    if (task.empty() || needed.empty()) { return; }
    auto& known = into[task].dependencies;
    if (std::find(known.begin(), known.end(), needed) == known.end()) { known.push_back(needed); }
}

void add_record(task_records& into, value const& line) {
    object const* const from = line.if_object();
    if (from == nullptr) { return; }
    std::string const id = text_of(*from, "id");
    if (id.empty()) { return; }
    task_record& record = into[id];
    record.priority = priority_of(*from);
    if (auto const time = parse_timestamp(text_of(*from, "created_at"))) {
        record.created_at = *time;
    }
    value const* const dependencies = from->if_contains("dependencies");
    if (dependencies == nullptr || !dependencies->is_array()) { return; }
    for (value const& each : dependencies->get_array()) { add_dependency(into, each); }
}

using line_use = void (*)(task_records&, value const&);

/// What the lines of a file of this name are; null for one that holds no records.
line_use use_of(fs::path const& file) {
    if (file.filename() == "issues.jsonl" || file.filename() == "backup_issues.jsonl") {
        return add_record;
    }
    return file.filename() == "backup_dependencies.jsonl" ? add_dependency : nullptr;
}

result<void> read_file(task_records& into, fs::path const& file, line_use use) {
    auto lines = line_reader::open(file);
    if (!lines) { return lines.error(); }
    while (true) {
        auto const line = lines->next();
        if (!line) { return line.error(); }
        if (!*line) { return {}; }
        boost::system::error_code malformed;
        value const parsed = boost::json::parse((**line).text, malformed);
        if (!malformed) { use(into, parsed); }
    }
}

} // namespace

result<task_records> read_task_records(fs::path const& path) {
    task_records records;
    std::error_code failure;
    fs::path const folder = fs::is_directory(path, failure) ? path : path.parent_path();
    fs::recursive_directory_iterator walk{folder.empty() ? fs::path{"."} : folder, failure};
    for (; !failure && walk != fs::recursive_directory_iterator{}; walk.increment(failure)) {
        std::error_code unreadable;
        line_use const use = use_of(walk->path());
        if (use == nullptr || !walk->is_regular_file(unreadable)) { continue; }
        if (auto const read = read_file(records, walk->path(), use); !read) { return read.error(); }
    }
    if (failure) { return error{errc::io_error, folder.string() + ": " + failure.message()}; }
    return records;
}

} // namespace swarmlog
