#pragma once

#include <swarmlog/engine/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// One thing of a tree to be digested: a file or a symbolic link (`file`), or a folder.
struct tree_entry {
    std::string path; ///< from the tree's root, with `/`; "." is the root itself
    bool is_folder = false;
    std::vector<std::string> children; ///< paths of a folder's entries, sorted
};

/// The entries of a tree, each after what is in it, so that the root comes last. Sockets, pipes
/// and devices are left out, and folders named in `excluded`. Links are not followed.
///
/// Fails when a folder cannot be read, and on a name that is no UTF-8, which an event could not
/// hold.
[[nodiscard]] swarmlog::result<std::vector<tree_entry>>
list_tree(std::filesystem::path const& root, std::vector<std::string> const& excluded);

/// The name of an entry in its folder.
[[nodiscard]] std::string_view name_in_folder(std::string_view path);
