#include "history/recorded_history.hpp"

#include "history/event_line.hpp"
#include "history/json_slice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace swarmlog {

recorded_history::recorded_history(std::vector<file> files, std::uint64_t skipped,
                                   history_observer observer)
    : files_(std::move(files)), skipped_(skipped), observer_(std::move(observer)) {
    for (file const& each : files_) bytes_total_ += each.bytes;
}

result<std::optional<history_event>> recorded_history::next() {
    for (;;) {
        if (lines_) {
            result<std::optional<history_event>> event = next_of_lines();
            if (!event || *event) return event;
        }
        if (document_) {
            if (std::optional<history_event> event = next_of_document()) return event;
        }
        close_file();
        if (opened_ == files_.size()) return std::optional<history_event>{};
        if (result<void> const opened = open_file(files_[opened_++]); !opened) {
            return opened.error();
        }
    }
}

std::uint64_t recorded_history::done() const {
    std::uint64_t bytes = bytes_finished_;
    if (lines_) bytes += lines_->bytes_used();
    if (document_) bytes += document_->bytes_used();
    return std::min(bytes, bytes_total_);
}

std::string recorded_history::description() const {
    constexpr std::array layouts{history_layout::needle, history_layout::gastown,
                                 history_layout::temporal};
    std::string text;
    for (history_layout const layout : layouts) {
        auto const count = std::count_if(files_.begin(), files_.end(),
                                         [&](file const& each) { return each.layout == layout; });
        if (count == 0) continue;
        if (!text.empty()) text += ", ";
        text += std::string(to_string(layout)) + " (" + std::to_string(count) +
                (count == 1 ? " file)" : " files)");
    }
    return text;
}

result<void> recorded_history::open_file(file const& next_file) {
    name_ = std::make_shared<std::string const>(next_file.path.string());
    if (next_file.layout != history_layout::temporal) {
        result<line_reader> lines = line_reader::open(next_file.path);
        if (!lines) return lines.error();
        lines_ = std::move(*lines);
        return {};
    }
    if (next_file.bytes > document_bytes_max) {
        reject(0, "the document has " + std::to_string(next_file.bytes) + " bytes, more than the " +
                      std::to_string(document_bytes_max) + " that are read");
        return {};
    }
    result<std::string> text = read_beginning(next_file.path, document_bytes_max);
    if (!text) return text.error();
    std::uint64_t failed_line = 0;
    result<temporal_document> document =
        temporal_document::read(std::move(*text), next_file.path.stem().string(), failed_line);
    if (document) {
        document_ = std::move(*document);
    } else {
        reject(failed_line, document.error().message());
    }
    return {};
}

void recorded_history::close_file() {
    if (opened_ > 0 && name_) bytes_finished_ += files_[opened_ - 1].bytes;
    name_.reset();
    lines_.reset();
    document_.reset();
}

result<std::optional<history_event>> recorded_history::next_of_lines() {
    for (;;) {
        result<std::optional<text_line>> const line = lines_->next();
        if (!line) return line.error();
        if (!*line) return std::optional<history_event>{};
        text_line const& found = **line;
        if (found.too_long) {
            reject(found.number, "the line is longer than " +
                                     std::to_string(line_reader::line_bytes_max) + " bytes");
            continue;
        }
        if (trim_json(found.text).empty()) continue;
        if (std::optional<history_event> event =
                placed(read_event_line(files_[opened_ - 1].layout, found.text), found.number)) {
            return event;
        }
    }
}

std::optional<history_event> recorded_history::next_of_document() {
    while (std::optional<temporal_document::element> element = document_->next()) {
        if (std::optional<history_event> event = placed(std::move(element->event), element->line)) {
            return event;
        }
    }
    return std::nullopt;
}

std::optional<history_event> recorded_history::placed(result<history_event> event,
                                                      std::uint64_t line) {
    if (!event) {
        reject(line, event.error().message());
        return std::nullopt;
    }
    event->place = {name_, line};
    return std::move(*event);
}

void recorded_history::reject(std::uint64_t line, std::string const& reason) {
    ++rejected_;
    if (observer_.rejected) observer_.rejected({name_, line}, reason);
}

} // namespace swarmlog
