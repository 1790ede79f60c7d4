#include "history/history_layout.hpp"

#include "history/json_slice.hpp"
#include "history/line_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace swarmlog {

namespace {

bool has_text(std::string_view object, std::string_view name) {
    std::optional<std::string_view> const value = find_json_member(object, name);
    return value && is_json_string(*value);
}

bool has_array(std::string_view object, std::string_view name) {
    std::optional<std::string_view> const value = find_json_member(object, name);
    return value && is_json_array(*value);
}

bool is_temporal_event(std::string_view value) {
    return find_json_member(value, "eventType") && find_json_member(value, "eventId");
}

/// What one complete JSON value is, when it stands on a line of its own.
history_layout layout_of(std::string_view value) {
    if (has_text(value, "bead") && has_text(value, "event")) return history_layout::needle;
    if (has_text(value, "issue_id") && has_text(value, "event_type")) {
        return history_layout::gastown;
    }
    std::optional<std::string_view> const history = find_json_member(value, "history");
    if (has_array(value, "events") || (history && has_array(*history, "events"))) {
        return history_layout::temporal;
    }
    std::optional<std::string_view> const first = json_array_walk(value).next();
    if (first && is_temporal_event(*first)) return history_layout::temporal;
    return history_layout::unknown;
}

/// A document over many lines, perhaps cut off or damaged. Quotes inside of text are escaped, so
/// this does not find what some text only talks about.
bool looks_like_temporal(std::string_view beginning) {
    return beginning.find("\"eventType\"") != std::string_view::npos ||
           beginning.find("\"eventId\"") != std::string_view::npos;
}

/// What the lines of a file are, one by one.
struct line_census {
    std::uint64_t all = 0;
    std::uint64_t told = 0;
    history_layout first_told = history_layout::unknown;
    bool begins_with_record = false; ///< the first line is a JSON object of another kind

    void count(std::string_view line) {
        if (line.empty()) return;
        ++all;
        // Lines with a single bracket are what a document over many lines consists of.
        bool const may_be_value = is_json_object(line) || is_json_array(line);
        if (!may_be_value || line.size() < 2 || check_json(line)) return;
        history_layout const layout = layout_of(line);
        if (layout == history_layout::unknown) {
            begins_with_record = begins_with_record || (all == 1 && line.size() > 2);
            return;
        }
        ++told;
        if (first_told == history_layout::unknown) first_told = layout;
    }
};

} // namespace

std::string_view to_string(history_layout layout) noexcept {
    switch (layout) {
    case history_layout::needle: return "needle-beads";
    case history_layout::gastown: return "gastown";
    case history_layout::temporal: return "temporal";
    case history_layout::unknown: break;
    }
    return "unknown";
}

recognised_layout recognise_history(std::string_view beginning, bool whole) {
    if (beginning.starts_with(byte_order_mark)) beginning.remove_prefix(byte_order_mark.size());
    line_census lines;
    std::string_view rest = beginning;
    while (!rest.empty()) {
        std::size_t const end = rest.find('\n');
        if (end == std::string_view::npos && !whole) break;
        lines.count(trim_json(rest.substr(0, end)));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    std::string_view const text = trim_json(beginning);
    bool const is_json = is_json_object(text) || is_json_array(text);
    if (lines.first_told != history_layout::unknown) {
        return {lines.first_told, is_json || lines.told * 2 >= lines.all};
    }
    if (is_json && !lines.begins_with_record && looks_like_temporal(beginning)) {
        return {history_layout::temporal, true};
    }
    return {};
}

} // namespace swarmlog
