#pragma once

#include "event_table.hpp"
#include "output.hpp"

#include <swarmlog/engine/event.hpp>

#include <string>

namespace swarmlog::cli {

/// Writes events in the chosen format. `print` is false once nothing more can be written.
class event_printer {
public:
    event_printer(output& to, output_format format);
    bool print(event_view const& event);

private:
    output& to_;
    output_format format_;
    event_table table_;
    bool headings_written_ = false;
    std::string line_;
};

} // namespace swarmlog::cli
