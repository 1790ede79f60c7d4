#include "file_tree.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <system_error>

namespace {

using namespace swarmlog;
namespace fs = std::filesystem;

bool is_utf8(std::string const& text) {
    boost::system::error_code failure;
    boost::json::parse(boost::json::serialize(boost::json::string_view(text)), failure);
    return !failure;
}

class tree_walk {
public:
    tree_walk(fs::path root, std::vector<std::string> const& excluded)
        : root_(std::move(root)), excluded_(excluded) {}

    result<void> add_folder(std::string const& path) {
        tree_entry folder{path, true, {}};
        std::error_code failure;
        fs::directory_iterator entries(root_ / path, failure);
        for (; !failure && entries != fs::directory_iterator(); entries.increment(failure)) {
            std::string const name = entries->path().filename().string();
            std::string const below = path == "." ? name : path + "/" + name;
            if (!is_utf8(name)) {
                return error(errc::invalid_utf8,
                             (root_ / path).string() + " has an entry whose name is no UTF-8");
            }
            fs::file_type const type = entries->symlink_status(failure).type();
            if (failure) break;
            bool const is_excluded =
                std::find(excluded_.begin(), excluded_.end(), name) != excluded_.end();
            if (type == fs::file_type::directory) {
                if (is_excluded) continue;
                if (auto added = add_folder(below); !added) return added;
            } else if (type == fs::file_type::regular || type == fs::file_type::symlink) {
                if (is_excluded) continue;
                entries_.push_back({below, false, {}});
            } else {
                continue;
            }
            folder.children.push_back(below);
        }
        if (failure) {
            return error(errc::io_error, (root_ / path).string() + ": " + failure.message());
        }
        std::sort(folder.children.begin(), folder.children.end());
        entries_.push_back(std::move(folder));
        return {};
    }

    std::vector<tree_entry> take() { return std::move(entries_); }

private:
    fs::path root_;
    std::vector<std::string> const& excluded_;
    std::vector<tree_entry> entries_;
};

} // namespace

result<std::vector<tree_entry>> list_tree(fs::path const& root,
                                          std::vector<std::string> const& excluded) {
    if (!fs::is_directory(root)) {
        return error(errc::not_found, root.string() + " is not a folder");
    }
    tree_walk walk(root, excluded);
    if (auto walked = walk.add_folder("."); !walked) return walked.error();
    return walk.take();
}

std::string_view name_in_folder(std::string_view path) {
    return path.substr(path.find_last_of('/') + 1);
}
