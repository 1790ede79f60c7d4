#pragma once

#include "history/history_layout.hpp"
#include "history/history_source.hpp"
#include "history/line_reader.hpp"
#include "history/temporal_document.hpp"

#include <cstddef>
#include <vector>

namespace swarmlog {

/// The events of one or more files, each in a layout of its own, one file after the other.
class recorded_history final : public history_source {
public:
    /// A file that was found, and what was seen in it.
    struct file {
        std::filesystem::path path;
        std::uint64_t bytes = 0;
        history_layout layout = history_layout::unknown;
    };

    /// A document has to be read as a whole, so its size has a limit.
    static constexpr std::size_t document_bytes_max = std::size_t{256} * 1024 * 1024;

    recorded_history(std::vector<file> files, std::uint64_t skipped, history_observer observer);

    [[nodiscard]] result<std::optional<history_event>> next() override;
    [[nodiscard]] std::uint64_t done() const override;
    [[nodiscard]] std::uint64_t total() const override { return bytes_total_; }
    [[nodiscard]] std::string description() const override;
    [[nodiscard]] std::uint64_t rejected() const override { return rejected_; }
    [[nodiscard]] std::uint64_t skipped_files() const override { return skipped_; }

private:
    [[nodiscard]] result<void> open_file(file const& next_file);
    void close_file();
    [[nodiscard]] result<std::optional<history_event>> next_of_lines();
    [[nodiscard]] std::optional<history_event> next_of_document();
    /// The event with its place, or nothing once it is reported as rejected.
    [[nodiscard]] std::optional<history_event> placed(result<history_event> event,
                                                      std::uint64_t line);
    void reject(std::uint64_t line, std::string const& reason);

    std::vector<file> files_;
    std::uint64_t skipped_;
    history_observer observer_;
    std::uint64_t bytes_total_ = 0;
    std::uint64_t rejected_ = 0;

    std::size_t opened_ = 0;           ///< files that were begun
    std::uint64_t bytes_finished_ = 0; ///< of files that were read to their end
    std::shared_ptr<std::string const> name_;
    std::optional<line_reader> lines_;
    std::optional<temporal_document> document_;
};

} // namespace swarmlog
