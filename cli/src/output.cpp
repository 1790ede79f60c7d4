#include "output.hpp"

#include <unistd.h>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace swarmlog::cli {

output::output() noexcept : file_(stdout) {}

result<output> output::create(std::filesystem::path const& path) {
    std::FILE* const file = std::fopen(path.c_str(), "wbx");
    if (file != nullptr) return output(file);
    return error(errc::io_error, path.string() + ": " + std::generic_category().message(errno));
}

output::output(output&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)), owned_(other.owned_), good_(other.good_) {}

output::~output() {
    if (owned_ && file_ != nullptr) std::fclose(file_);
}

bool output::write(std::string_view text) noexcept {
    good_ = good_ && std::fwrite(text.data(), 1, text.size(), file_) == text.size();
    return good_;
}

bool output::flush() noexcept {
    good_ = good_ && std::fflush(file_) == 0;
    if (owned_) good_ = good_ && ::fsync(::fileno(file_)) == 0;
    return good_;
}

} // namespace swarmlog::cli
