#pragma once

#include "history/history_event.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace swarmlog {

/// Is told what a source leaves out, while it is read. Either may be empty.
struct history_observer {
    /// A line, an event or a whole document that is malformed; the rest goes in.
    std::function<void(history_place const&, std::string const& reason)> rejected;
    /// A file of a folder that is not an event log in a layout we know.
    std::function<void(std::string const& file, std::string const& reason)> skipped;
};

/// A history, pulled event by event in the order of the source, in bounded memory.
/// Used by one thread at a time.
class history_source {
public:
    virtual ~history_source() = default;

    /// The next event that is well formed; nothing at the end. Fails when reading does
    /// (`io_error`, `permission_denied`, `not_found`), not on malformed input.
    [[nodiscard]] virtual result<std::optional<history_event>> next() = 0;

    /// How far the source has got, for a progress bar: in bytes or events, as it suits it.
    [[nodiscard]] virtual std::uint64_t done() const = 0;
    [[nodiscard]] virtual std::uint64_t total() const = 0;

    /// What it is, for a person: "gastown, 1 file".
    [[nodiscard]] virtual std::string description() const = 0;

    /// What was left out so far.
    [[nodiscard]] virtual std::uint64_t rejected() const = 0;
    [[nodiscard]] virtual std::uint64_t skipped_files() const = 0;
};

/// Reads recorded histories: a file, or a folder walked recursively in sorted order, in the
/// layouts of `history_layout`, told apart by content.
///
/// Answers `not_found` when there is nothing at `path`, and `invalid_argument` when the file, or
/// every file of the folder, is something else.
[[nodiscard]] result<std::unique_ptr<history_source>>
open_history(std::filesystem::path const& path, history_observer observer = {});

} // namespace swarmlog
