#include "described_command.hpp"

#include <cstddef>
#include <string_view>

namespace swarmlog::cli {

namespace {

/// CLI11 appends them to the type: `TEXT:{json,table}`.
std::vector<std::string> choices_in(std::string_view type) {
    std::size_t const begin = type.find('{');
    std::size_t const end = type.rfind('}');
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    std::vector<std::string> choices;
    std::string_view rest = type.substr(begin + 1, end - begin - 1);
    while (!rest.empty()) {
        std::size_t const comma = rest.find(',');
        choices.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    return choices;
}

described_option describe(CLI::Option const& option) {
    described_option described;
    described.description = option.get_description();
    described.is_required = option.get_required();
    described.choices = choices_in(option.get_type_name());
    for (std::string const& name : option.get_snames()) described.names.push_back("-" + name);
    for (std::string const& name : option.get_lnames()) described.names.push_back("--" + name);
    if (option.get_positional()) {
        described.value = option.get_name(true);
    } else if (option.get_items_expected_max() > 0) {
        std::string const type = option.get_type_name();
        described.value = type.substr(0, type.find(':'));
    }
    return described;
}

} // namespace

std::vector<described_command> describe_commands(CLI::App const& app) {
    std::vector<described_command> described;
    for (CLI::App const* const command :
         app.get_subcommands([](CLI::App const*) { return true; })) {
        described_command& each = described.emplace_back();
        each.name = command->get_name();
        each.description = command->get_description();
        each.footer = command->get_footer();
        for (CLI::Option const* const option : command->get_options()) {
            each.options.push_back(describe(*option));
        }
    }
    return described;
}

} // namespace swarmlog::cli
