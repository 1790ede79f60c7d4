#pragma once

#include "support/temporary_folder.hpp"

#include <filesystem>

namespace swarmlog::test {

/// Snippets name their files as a reader would: so each runs in an empty folder of its own.
struct in_a_folder {
    in_a_folder() { std::filesystem::current_path(folder.path()); }
    ~in_a_folder() { std::filesystem::current_path(before); }
    in_a_folder(in_a_folder const&) = delete;
    in_a_folder& operator=(in_a_folder const&) = delete;

    std::filesystem::path before = std::filesystem::current_path();
    temporary_folder folder;
};

} // namespace swarmlog::test
