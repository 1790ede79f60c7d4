#include "event_printer.hpp"

#include "event_json.hpp"
#include "terminal/progress_bar.hpp"

namespace swarmlog::cli {

event_printer::event_printer(output& to, output_format format)
    : to_(to), format_(format), table_(screen_columns(stdout)) {}

bool event_printer::print(event_view const& event) {
    line_.clear();
    if (format_ == output_format::json) {
        append_event_json(line_, event);
        return to_.write(line_);
    }
    if (!headings_written_) {
        headings_written_ = true;
        line_ = table_.headings();
    }
    line_ += table_.line(event);
    return to_.write(line_);
}

} // namespace swarmlog::cli
