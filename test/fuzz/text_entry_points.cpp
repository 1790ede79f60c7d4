#include "fuzz/entry_points.hpp"

#include "fuzz/exact_copy.hpp"

#include "history/event_line.hpp"
#include "history/history_layout.hpp"
#include "history/temporal_document.hpp"
#include "input_event.hpp"
#include "moment.hpp"

#include <swarmlog/engine/rows.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

namespace swarmlog::test {

namespace {

bool equal_but_for_case(std::string_view one, std::string_view other) {
    auto const lower = [](char each) {
        return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
    };
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [&](char left, char right) { return lower(left) == lower(right); });
}

template <class T>
void require_reason(result<T> const& got) {
    require(got.has_value() || !got.error().message().empty());
}

} // namespace

int fuzz_import_line(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    for (cli::line_use const use : {cli::line_use::append, cli::line_use::import}) {
        require_reason(cli::read_input_event(bytes.view(), use));
    }
    return 0;
}

int fuzz_history_line(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    static_cast<void>(recognise_history(bytes.view(), true));
    static_cast<void>(recognise_history(bytes.view(), false));
    for (history_layout const layout : {history_layout::needle, history_layout::gastown}) {
        auto const got = read_event_line(layout, bytes.view());
        require_reason(got);
        require(!got || got->data == bytes.view());
    }
    return 0;
}

int fuzz_history_document(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    std::uint64_t failed_line = 0;
    auto document = temporal_document::read(std::string{bytes.view()}, "flow", failed_line);
    require_reason(document);
    if (!document) { return 0; }
    std::uint64_t line = 1;
    while (auto const element = document->next()) {
        require_reason(element->event);
        require(element->line >= line && document->bytes_used() <= size);
        line = element->line;
        // What an event keeps are the very bytes of the document.
        require(!element->event ||
                bytes.view().find(element->event->data) != std::string_view::npos);
    }
    return 0;
}

int fuzz_filter(std::uint8_t const* data, std::size_t size) {
    exact_copy const bytes{data, size};
    std::size_t const end = std::min(bytes.view().find('\n'), size);
    std::string_view const pattern = bytes.view().substr(0, end);
    std::string_view const text = bytes.view().substr(std::min(end + 1, size));
    bool const found = is_like(text, pattern);
    require(is_like(text, "%"));
    if (pattern.find_first_of("%_") == std::string_view::npos) {
        require(found == equal_but_for_case(text, pattern));
    }
    auto const at = cli::parse_moment(pattern);
    require(at.has_value() == cli::check_moment(std::string{pattern}).empty());
    if (at && std::holds_alternative<timestamp>(*at)) {
        require(cli::parse_moment(to_string(std::get<timestamp>(*at))) == at);
    }
    return 0;
}

} // namespace swarmlog::test
