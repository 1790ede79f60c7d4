#include "history/line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace swarmlog {

namespace {

constexpr std::size_t read_bytes = std::size_t{256} * 1024;

error system_failure(std::string const& name, int code) {
    errc kind = errc::io_error;
    if (code == ENOENT || code == ENOTDIR) kind = errc::not_found;
    if (code == EACCES || code == EPERM) kind = errc::permission_denied;
    return {kind, name + ": " + std::generic_category().message(code)};
}

result<int> open_file(std::filesystem::path const& path) {
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return system_failure(path.string(), errno);
    return file;
}

result<std::size_t> read_some(int file, char* into, std::size_t bytes, std::string const& name) {
    for (;;) {
        ssize_t const count = ::read(file, into, bytes);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return system_failure(name, errno);
    }
}

} // namespace

result<line_reader> line_reader::open(std::filesystem::path const& path) {
    result<int> const file = open_file(path);
    if (!file) return file.error();
    return line_reader(*file, true, path.string());
}

line_reader line_reader::standard_input() { return {STDIN_FILENO, false, "standard input"}; }

line_reader::line_reader(int file, bool owned, std::string name)
    : file_(file), owned_(owned), name_(std::move(name)) {}

line_reader::line_reader(line_reader&& other) noexcept { *this = std::move(other); }

line_reader& line_reader::operator=(line_reader&& other) noexcept {
    if (this == &other) return *this;
    close_file();
    file_ = std::exchange(other.file_, -1);
    owned_ = other.owned_;
    at_end_ = other.at_end_;
    skipping_ = other.skipping_;
    name_ = std::move(other.name_);
    buffer_ = std::move(other.buffer_);
    begin_ = other.begin_;
    scanned_ = other.scanned_;
    lines_ = other.lines_;
    bytes_used_ = other.bytes_used_;
    return *this;
}

line_reader::~line_reader() { close_file(); }

bool line_reader::has_line() const noexcept {
    return at_end_ || buffer_.find('\n', scanned_) != std::string::npos;
}

result<std::optional<text_line>> line_reader::next() {
    for (;;) {
        std::size_t const end = buffer_.find('\n', scanned_);
        if (end != std::string::npos) return take(end - begin_, end + 1 - begin_);
        scanned_ = buffer_.size();
        if (scanned_ - begin_ > line_bytes_max) {
            skipping_ = true;
            bytes_used_ += scanned_ - begin_;
            begin_ = scanned_;
        }
        if (at_end_) {
            std::size_t const rest = buffer_.size() - begin_;
            if (rest == 0 && !skipping_) return std::optional<text_line>{};
            return take(rest, rest);
        }
        result<bool> const filled = fill();
        if (!filled) return filled.error();
    }
}

result<bool> line_reader::fill() {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    std::size_t const kept = buffer_.size();
    buffer_.resize(kept + read_bytes);
    result<std::size_t> const count = read_some(file_, buffer_.data() + kept, read_bytes, name_);
    buffer_.resize(kept + (count ? *count : 0));
    if (!count) return count.error();
    at_end_ = *count == 0;
    return true;
}

text_line line_reader::take(std::size_t length, std::size_t with_end) {
    text_line line{std::string_view(buffer_).substr(begin_, length), ++lines_,
                   std::exchange(skipping_, false) || length > line_bytes_max};
    if (line.too_long) line.text = {};
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (lines_ == 1 && line.text.starts_with(byte_order_mark)) {
        line.text.remove_prefix(byte_order_mark.size());
    }
    begin_ += with_end;
    scanned_ = begin_;
    bytes_used_ += with_end;
    return line;
}

void line_reader::close_file() noexcept {
    if (owned_ && file_ >= 0) ::close(file_);
    file_ = -1;
}

result<std::string> read_beginning(std::filesystem::path const& path, std::size_t bytes_max) {
    result<int> const file = open_file(path);
    if (!file) return file.error();
    std::string text;
    for (;;) {
        std::size_t const kept = text.size();
        std::size_t const wanted = std::min(read_bytes, bytes_max - kept);
        text.resize(kept + wanted);
        result<std::size_t> const count =
            wanted == 0 ? result<std::size_t>(0)
                        : read_some(*file, text.data() + kept, wanted, path.string());
        text.resize(kept + (count ? *count : 0));
        if (!count || *count == 0) {
            ::close(*file);
            if (!count) return count.error();
            return text;
        }
    }
}

} // namespace swarmlog
