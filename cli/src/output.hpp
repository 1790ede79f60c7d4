#pragma once

#include "exit_code.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace swarmlog::cli {

/// How results are written.
enum class output_format { json, table };

/// Where results are written: standard output, or a new file. Remembers the first failure, so
/// that a full disk is not taken for the end of the log.
class output {
public:
    /// Standard output, which stays open.
    output() noexcept;
    /// A file that must not exist yet.
    [[nodiscard]] static result<output> create(std::filesystem::path const& path);
    output(output&& other) noexcept;
    output& operator=(output&& other) = delete;
    ~output();

    /// False once something could not be written; going on is then useless. On a terminal, what
    /// could move its cursor or turn the direction is written as JSON's escape of it: rows of
    /// JSON say the same, and tables have none of it.
    bool write(std::string_view text);
    /// Hands everything to the operating system; for a file, to the device too.
    bool flush() noexcept;

private:
    explicit output(std::FILE* file) noexcept : file_(file), owned_(true) {}
    void write_bytes(std::string_view text) noexcept;

    std::FILE* file_;
    bool owned_ = false;
    bool is_terminal_ = false;
    bool good_ = true;
};

/// How wide a table may be on standard output, for `text_table`: 0 when no person sees it.
[[nodiscard]] std::size_t table_columns() noexcept;

/// Writes a text to standard output, and says on standard error when it could not.
[[nodiscard]] exit_code print_text(std::string_view text);

} // namespace swarmlog::cli
