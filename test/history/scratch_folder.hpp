#pragma once

#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

/// A folder of a test case's own, below the working folder; gone when the case is over.
class scratch_folder {
public:
    scratch_folder() {
        static std::atomic<unsigned> made{0};
        path_ = std::filesystem::absolute("scratch-" + std::to_string(::getpid()) + "-" +
                                          std::to_string(++made));
        std::filesystem::create_directories(path_);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

    /// Makes a file, and the folders above it.
    std::filesystem::path write(std::string_view name, std::string_view text) const {
        std::filesystem::path const file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary)
            .write(text.data(), static_cast<std::streamsize>(text.size()));
        return file;
    }

private:
    std::filesystem::path path_;
};
