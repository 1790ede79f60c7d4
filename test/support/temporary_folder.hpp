#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace swarmlog::test {

/// A new, empty folder that is removed with all that is in it. It lies in TMPDIR if that is set,
/// else in memory if there is such a place, because flushing costs tests most of their time.
class temporary_folder {
public:
    temporary_folder() {
        std::string pattern = (parent() / "swarmlog-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error{"cannot make a folder " + pattern};
        }
        path_ = pattern;
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string const& name) const {
        return path_ / name;
    }

private:
    [[nodiscard]] static std::filesystem::path parent() {
        std::error_code ignored;
        bool const is_set = std::getenv("TMPDIR") != nullptr;
        if (!is_set && std::filesystem::is_directory("/dev/shm", ignored)) return "/dev/shm";
        return std::filesystem::temp_directory_path();
    }

    std::filesystem::path path_;
};

} // namespace swarmlog::test
