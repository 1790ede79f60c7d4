#include "output.hpp"

#include "open_log.hpp"
#include "terminal/progress_bar.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace swarmlog::cli {

namespace {

/// Blanks between values are not escaped: JSON has no escapes there.
bool is_blank(char byte) noexcept { return byte == '\n' || byte == '\t' || byte == '\r'; }

/// The code point of what `unprintable_size` has found to be a control, as JSON escapes it.
std::string json_escape(std::string_view control) {
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(control[at]); };
    unsigned code = byte(0);
    if (control.size() == 1 && code >= 0x80) code = 0xfffd; // no UTF-8: the replacement character
    if (control.size() == 2) code = (byte(0) & 0x1fU) << 6U | (byte(1) & 0x3fU);
    if (control.size() == 3) {
        code = (byte(0) & 0xfU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU);
    }
    return fmt::format("\\u{:04x}", code);
}

std::string escaped_for_terminal(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        std::size_t const bad = is_blank(text.front()) ? 0 : detail::unprintable_size(text);
        if (bad != 0) shown += json_escape(text.substr(0, bad));
        std::size_t const good =
            bad != 0 ? 0 : std::max<std::size_t>(detail::printable_size(text), 1);
        shown += text.substr(0, good);
        text.remove_prefix(bad + good);
    }
    return shown;
}

} // namespace

output::output() noexcept : file_(stdout), is_terminal_(is_terminal(stdout)) {}

result<output> output::create(std::filesystem::path const& path) {
    constexpr mode_t owner_alone = 0600;
    constexpr int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int const descriptor = ::open(path.c_str(), how, owner_alone);
    std::FILE* const file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
    if (file != nullptr) return output(file);
    return error(errc::io_error, path.string() + ": " + std::generic_category().message(errno));
}

output::output(output&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)),
      owned_(other.owned_),
      is_terminal_(other.is_terminal_),
      good_(other.good_) {}

output::~output() {
    if (owned_ && file_ != nullptr) std::fclose(file_);
}

bool output::write(std::string_view text) {
    if (is_terminal_) {
        write_bytes(escaped_for_terminal(text));
    } else {
        write_bytes(text);
    }
    return good_;
}

void output::write_bytes(std::string_view text) noexcept {
    good_ = good_ && std::fwrite(text.data(), 1, text.size(), file_) == text.size();
}

bool output::flush() noexcept {
    good_ = good_ && std::fflush(file_) == 0;
    if (owned_) good_ = good_ && ::fsync(::fileno(file_)) == 0;
    return good_;
}

std::size_t table_columns() noexcept { return is_terminal(stdout) ? screen_columns(stdout) : 0; }

exit_code print_text(std::string_view text) {
    output to;
    to.write(text);
    if (to.flush()) return exit_code::ok;
    complain("standard output cannot be written");
    return exit_code::failed;
}

} // namespace swarmlog::cli
