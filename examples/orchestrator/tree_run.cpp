#include "tree_run.hpp"

#include "digest.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace {

using namespace swarmlog;
namespace fs = std::filesystem;

constexpr std::size_t tasks_a_decision = 256;
constexpr std::size_t slice_bytes = std::size_t{1} << 20U;
/// Longer paths are digested to fit into an id.
constexpr std::size_t path_bytes_max = 160;

std::string task_id(std::uint64_t run, bool is_folder, std::string const& path) {
    std::string named = path;
    if (path.size() > path_bytes_max) {
        digest of_path;
        of_path.add(path);
        named = of_path.hex();
    }
    return std::to_string(run) + (is_folder ? "/folder/" : "/file/") + named;
}

std::string text_at(boost::json::value const& object, std::string_view name) {
    boost::json::object const* const members = object.if_object();
    boost::json::value const* const found =
        members != nullptr ? members->if_contains(name) : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

result<std::string> digest_of_file(fs::path const& path, std::function<void()> const& on_slice) {
    digest whole;
    std::error_code failure;
    if (fs::is_symlink(fs::symlink_status(path, failure))) {
        whole.add("link " + fs::read_symlink(path, failure).string());
        if (failure) return error(errc::io_error, path.string() + ": " + failure.message());
        return whole.hex();
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) return error(errc::io_error, path.string() + " cannot be opened");
    std::string slice(slice_bytes, '\0');
    do {
        file.read(slice.data(), static_cast<std::streamsize>(slice.size()));
        whole.add(std::string_view(slice).substr(0, static_cast<std::size_t>(file.gcount())));
        if (file) on_slice();
    } while (file);
    if (file.bad()) return error(errc::io_error, path.string() + " cannot be read");
    return whole.hex();
}

result<std::string> digest_of_folder(event_log& log, swarm::task const& task) {
    digest whole;
    for (std::string const& each : task.dependencies) {
        auto const child = log.table<swarm::task>().find(each);
        if (!child) return child.error();
        std::string const name(name_in_folder(text_at((*child)->payload, "path")));
        whole.add((*child)->task_type + " " + text_at((*child)->result, "digest") + " " + name +
                  "\n");
    }
    return whole.hex();
}

} // namespace

result<tree_run> find_run(event_log& log, fs::path const& folder) {
    auto const last = log.query<swarm::task>()
                          .where(eq(&swarm::task::task_type, std::string("root")))
                          .order_by(&swarm::task::created_in, descending)
                          .first();
    if (!last) return last.error();
    // The root is created last, so a run may also have begun of which only other tasks are there.
    auto const newest =
        log.query<swarm::task>().order_by(&swarm::task::created_in, descending).first();
    if (!newest) return newest.error();
    tree_run run;
    run.folder = folder;
    run.number = *newest ? std::stoull((**newest).id) : 1;
    if (*last && std::stoull((**last).id) == run.number) {
        if ((**last).status == swarm::task_status::completed) {
            ++run.number;
        } else if (text_at((**last).payload, "folder") != folder.string()) {
            return error(errc::invalid_argument,
                         "the log has an unfinished run over " +
                             text_at((**last).payload, "folder") +
                             ": finish that first, or choose another file with --database");
        }
    }
    run.is_resumed = *newest && std::stoull((**newest).id) == run.number;
    run.root_task = task_id(run.number, true, ".");
    return run;
}

result<void> plan_run(event_log& log, tree_run const& run, std::vector<tree_entry> const& entries) {
    auto const root = log.table<swarm::task>().find(run.root_task);
    if (!root) return root.error();
    if (*root != nullptr) return {}; // as planned before, whatever the folder is like by now
    for (std::size_t begin = 0; begin < entries.size(); begin += tasks_a_decision) {
        std::size_t const end = std::min(begin + tasks_a_decision, entries.size());
        auto const planned = log.decide([&](decision& now) -> result<void> {
            for (std::size_t at = begin; at != end; ++at) {
                tree_entry const& entry = entries[at];
                bool const is_root = at + 1 == entries.size();
                swarm::create_task create;
                create.id = task_id(run.number, entry.is_folder, entry.path);
                create.task_type = is_root ? "root" : entry.is_folder ? "folder" : "file";
                create.payload = {{"path", entry.path}, {"folder", run.folder.string()}};
                for (std::string const& child : entry.children) {
                    // A child precedes its folder, so its kind is known by its task.
                    std::string file = task_id(run.number, false, child);
                    auto const known = now.table<swarm::task>().find(file);
                    if (!known) return known.error();
                    create.dependencies.push_back(
                        *known != nullptr ? std::move(file) : task_id(run.number, true, child));
                }
                auto const created = create(now);
                bool const is_there = !created && created.error() == swarm::swarm_errc::task_exists;
                if (!created && !is_there) return created;
            }
            return {};
        });
        if (!planned) return planned.error();
    }
    return {};
}

result<std::string> digest_of(event_log& log, tree_run const& run, swarm::task const& task,
                              std::function<void()> const& on_slice) {
    if (task.task_type != "file") return digest_of_folder(log, task);
    return digest_of_file(run.folder / text_at(task.payload, "path"), on_slice);
}

result<std::optional<std::string>> outcome_of(event_log& log, tree_run const& run) {
    auto const root = log.table<swarm::task>().find(run.root_task);
    if (!root) return root.error();
    if (*root == nullptr || (*root)->status != swarm::task_status::completed) {
        return std::optional<std::string>();
    }
    return std::optional(text_at((*root)->result, "digest"));
}
