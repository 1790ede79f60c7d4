#pragma once

#include <swarmlog/engine/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace swarmlog {

/// What some programs of Windows put before UTF-8; it is no part of the text.
inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// One line of text, without its end (`\n` or `\r\n`). Lives until the next call of the reader.
struct text_line {
    std::string_view text;
    std::uint64_t number = 0; ///< from 1
    bool too_long = false;    ///< over the reader's limit: `text` is empty, the rest was skipped
};

/// Reads a file or a pipe line by line in bounded memory. Not thread-safe.
class line_reader {
public:
    /// Longer lines are skipped and said to be too long.
    static constexpr std::size_t line_bytes_max = std::size_t{16} * 1024 * 1024;

    /// Answers `not_found`, `permission_denied` or `io_error`.
    [[nodiscard]] static result<line_reader> open(std::filesystem::path const& path);
    /// Reads standard input, which stays open.
    [[nodiscard]] static line_reader standard_input();

    line_reader(line_reader&& other) noexcept;
    line_reader& operator=(line_reader&& other) noexcept;
    ~line_reader();

    /// Nothing at the end. A last line need not end. A byte order mark at the start is left out.
    [[nodiscard]] result<std::optional<text_line>> next();

    /// True when `next` would answer without reading, so without waiting for who writes a pipe.
    [[nodiscard]] bool has_line() const noexcept;

    /// Bytes of all lines that were answered.
    [[nodiscard]] std::uint64_t bytes_used() const noexcept { return bytes_used_; }

private:
    line_reader(int file, bool owned, std::string name);
    [[nodiscard]] result<bool> fill();
    [[nodiscard]] text_line take(std::size_t length, std::size_t with_end);
    void close_file() noexcept;

    int file_ = -1;
    bool owned_ = false;
    bool at_end_ = false;
    bool skipping_ = false; ///< inside a line that is too long
    std::string name_;
    std::string buffer_;
    std::size_t begin_ = 0;   ///< of what was not answered yet
    std::size_t scanned_ = 0; ///< no line ends between `begin_` and here
    std::uint64_t lines_ = 0;
    std::uint64_t bytes_used_ = 0;
};

/// The first bytes of a file, at most `bytes_max`.
[[nodiscard]] result<std::string> read_beginning(std::filesystem::path const& path,
                                                 std::size_t bytes_max);

} // namespace swarmlog
