#include "history/history_layout.hpp"
#include "history/history_source.hpp"
#include "history/line_reader.hpp"
#include "history/recorded_history.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace swarmlog {

namespace {

namespace fs = std::filesystem;

error failure_of(fs::path const& path, std::error_code const& failure) {
    errc kind = errc::io_error;
    if (failure == std::errc::no_such_file_or_directory) kind = errc::not_found;
    if (failure == std::errc::permission_denied) kind = errc::permission_denied;
    return {kind, path.string() + ": " + failure.message()};
}

/// All regular files below a folder, sorted by their path's components.
result<std::vector<fs::path>> files_below(fs::path const& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    fs::recursive_directory_iterator walk(folder, failure);
    while (!failure && walk != fs::recursive_directory_iterator()) {
        std::error_code unreadable;
        if (walk->is_regular_file(unreadable)) files.push_back(walk->path());
        walk.increment(failure);
    }
    if (failure) return failure_of(folder, failure);
    std::sort(files.begin(), files.end());
    return files;
}

/// A folder holds texts of all kinds, so there a layout that is not sure is none.
result<recorded_history::file> look_at(fs::path const& path, bool in_folder) {
    std::error_code failure;
    std::uintmax_t const bytes = fs::file_size(path, failure);
    if (failure) return failure_of(path, failure);
    result<std::string> const beginning = read_beginning(path, recognised_bytes);
    if (!beginning) return beginning.error();
    bool const whole = beginning->size() < recognised_bytes;
    recognised_layout const found = recognise_history(*beginning, whole);
    bool const taken = found.sure || !in_folder;
    return recorded_history::file{path, bytes, taken ? found.layout : history_layout::unknown};
}

constexpr char const* known_layouts =
    "no event log in a known layout "
    "(needle-beads, gastown or temporal)";

result<std::unique_ptr<history_source>> open_folder(fs::path const& folder,
                                                    history_observer observer) {
    result<std::vector<fs::path>> const paths = files_below(folder);
    if (!paths) return paths.error();
    std::vector<recorded_history::file> files;
    std::uint64_t skipped = 0;
    for (fs::path const& path : *paths) {
        result<recorded_history::file> file = look_at(path, true);
        if (file && file->layout != history_layout::unknown) {
            files.push_back(std::move(*file));
            continue;
        }
        ++skipped;
        if (observer.skipped) {
            observer.skipped(path.string(), file ? known_layouts : file.error().message());
        }
    }
    if (files.empty()) {
        return error(
            errc::invalid_argument,
            folder.string() + ": among " + std::to_string(skipped) + " files is " + known_layouts);
    }
    return std::make_unique<recorded_history>(std::move(files), skipped, std::move(observer));
}

} // namespace

result<std::unique_ptr<history_source>> open_history(fs::path const& path,
                                                     history_observer observer) {
    std::error_code failure;
    fs::file_status const status = fs::status(path, failure);
    if (!fs::exists(status)) {
        return failure_of(
            path, failure ? failure : std::make_error_code(std::errc::no_such_file_or_directory));
    }
    if (fs::is_directory(status)) return open_folder(path, std::move(observer));
    result<recorded_history::file> file = look_at(path, false);
    if (!file) return file.error();
    if (file->layout == history_layout::unknown) {
        return error(errc::invalid_argument, path.string() + ": " + known_layouts);
    }
    std::vector<recorded_history::file> files;
    files.push_back(std::move(*file));
    return std::make_unique<recorded_history>(std::move(files), 0, std::move(observer));
}

} // namespace swarmlog
