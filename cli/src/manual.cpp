#include "manual.hpp"

#include "described_command.hpp"
#include "help_text.hpp"

#include <swarmlog/version.hpp>

#include <fmt/format.h>

#include <string_view>

namespace swarmlog::cli {

namespace {

/// Text that roff shows as it is: no hyphen for a minus, no request at the start of a line.
std::string roff(std::string_view text) {
    std::string shown;
    bool starts_line = true;
    for (char const each : text) {
        if (starts_line && each == '.') shown += "\\&";
        starts_line = each == '\n';
        if (each == '\\') {
            shown += "\\e";
        } else if (each == '-') {
            shown += "\\-";
        } else if (each == '\'') {
            shown += "\\(aq";
        } else {
            shown += each;
        }
    }
    return shown;
}

std::string as_it_stands(std::string_view text) {
    return fmt::format(".PP\n.nf\n{}\n.fi\n", roff(text));
}

std::string synopsis(described_command const& command) {
    std::string line = fmt::format(".B swarmlog {}\n[\\fIoptions\\fR]", roff(command.name));
    for (described_option const& each : command.options) {
        if (!each.is_positional()) continue;
        std::string const name = "\\fI" + roff(each.value) + "\\fR";
        line += each.is_required ? " " + name : " [" + name + "]";
    }
    return line + "\n";
}

std::string entry(described_option const& option) {
    std::string heading;
    for (std::string const& name : option.names) {
        heading += fmt::format("{}\\fB{}\\fR", heading.empty() ? "" : ", ", roff(name));
    }
    if (!option.value.empty()) {
        heading += fmt::format("{}\\fI{}\\fR", heading.empty() ? "" : " ", roff(option.value));
    }
    std::string text = fmt::format(".TP\n{}\n{}", heading, roff(option.description));
    if (!option.choices.empty()) {
        text += roff(fmt::format(" ({})", fmt::join(option.choices, ", ")));
    }
    return text + "\n";
}

} // namespace

std::string manual(CLI::App const& app) {
    std::string page = fmt::format(".TH SWARMLOG 1 \"\" \"swarmlog {}\"\n", library_version());
    page += fmt::format(".SH NAME\nswarmlog \\- {}\n", roff(app.get_description()));
    page += ".SH SYNOPSIS\n.B swarmlog\n\\fIcommand\\fR [\\fIoptions\\fR] \\fIdatabase\\fR ...\n";
    page += ".SH COMMANDS\n";
    for (described_command const& command : describe_commands(app)) {
        page += fmt::format(".SS {}\n{}.PP\n{}.\n", roff(command.name), synopsis(command),
                            roff(command.description));
        for (described_option const& option : command.options) page += entry(option);
        if (!command.footer.empty()) page += as_it_stands(command.footer);
    }
    page += ".SH EXIT STATUS\n" + as_it_stands(exit_code_list);
    page += ".SH NOTES\n" + as_it_stands(general_remarks);
    return page;
}

} // namespace swarmlog::cli
