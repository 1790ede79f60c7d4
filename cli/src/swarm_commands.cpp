/// `agents`, `tasks`, `messages` and `metrics`: rows of the swarm's tables, as they are now.

#include "command.hpp"
#include "format_option.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "row_printer.hpp"
#include "swarm_log.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::cli {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

struct row_options {
    std::string database;
    std::uint64_t limit = no_limit;
    format_option format;

    void add_to(CLI::App& command) {
        command.add_option("database", database, "The log's file")->required();
        command.add_option("--limit", limit, "At most so many rows");
        format.add_to(command);
    }
};

/// Asks for a row's rows, narrowed as the options say, and prints them.
template <class Row, class Narrow>
exit_code print_rows(row_options const& options, std::string_view table, Narrow const& narrow) {
    auto const opened = open_swarm_to_read(options.database);
    if (!opened) return exit_code::cannot_open;
    output to;
    row_printer printer(to, options.format.chosen(), swarm_columns(table));
    typed_query<Row> const asked =
        narrow(stored_or_folded<Row>(opened->log).query()).limit(options.limit);
    row_cells cells;
    result<void> converted;
    result<void> const read = asked.for_each([&](Row&& row) {
        converted = detail::to_cells(row, cells);
        return converted && printer.print(cells);
    });
    result<void> const& done = read ? converted : read;
    if (!done) {
        complain(done.error().message());
        return exit_code::failed;
    }
    return printer.finish() ? after_reading(opened->log) : exit_code::failed;
}

/// `--status` and the like: one of an enumeration's names.
template <class Enum>
class enum_option {
public:
    void add_to(CLI::App& command, std::string const& name, std::string const& description) {
        std::vector<std::string> names;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
            [&](auto each) { names.emplace_back(each.name); });
        command.add_option(name, text_, description)->check(CLI::IsMember(names));
    }
    [[nodiscard]] std::optional<Enum> value() const {
        Enum found{};
        bool const is_one = boost::describe::enum_from_string(text_.c_str(), found);
        return is_one ? std::optional(found) : std::nullopt;
    }

private:
    std::string text_;
};

/// Narrows a query where an option was given.
template <class Row, class Member, class Given>
typed_query<Row> where_given(typed_query<Row> rows, Member member, Given const& given) {
    if (!given) return rows;
    return std::move(rows).where(eq(member, *given));
}

std::optional<std::string> given(std::string const& option) {
    return option.empty() ? std::nullopt : std::optional(option);
}

struct agents_options : row_options {
    enum_option<swarm::agent_status> status;
};

struct tasks_options : row_options {
    enum_option<swarm::task_status> status;
    std::string agent;
    std::string task_type;
};

struct messages_options : row_options {
    std::string from;
    std::string to;
    bool unread = false;
};

struct metrics_options : row_options {
    std::string agent;
    std::string metric_type;
};

exit_code list_agents(agents_options const& options) {
    return print_rows<swarm::agent>(options, "agents", [&](auto rows) {
        return where_given(std::move(rows), &swarm::agent::status, options.status.value());
    });
}

exit_code list_tasks(tasks_options const& options) {
    using swarm::task;
    return print_rows<task>(options, "tasks", [&](auto rows) {
        rows = where_given(std::move(rows), &task::status, options.status.value());
        rows = where_given(std::move(rows), &task::assigned_to, given(options.agent));
        rows = where_given(std::move(rows), &task::task_type, given(options.task_type));
        return std::move(rows).order_by(&task::urgency).then_by(&task::created_in);
    });
}

exit_code list_messages(messages_options const& options) {
    using swarm::message;
    return print_rows<message>(options, "messages", [&](auto rows) {
        rows = where_given(std::move(rows), &message::from_agent, given(options.from));
        rows = where_given(std::move(rows), &message::to_agent, given(options.to));
        if (options.unread) rows = std::move(rows).where(eq(&message::read, false));
        return std::move(rows).order_by(&message::sent_in);
    });
}

exit_code list_metrics(metrics_options const& options) {
    using swarm::metric;
    return print_rows<metric>(options, "metrics", [&](auto rows) {
        rows = where_given(std::move(rows), &metric::agent_id, given(options.agent));
        return where_given(std::move(rows), &metric::metric_type, given(options.metric_type));
    });
}

} // namespace

command add_agents_command(CLI::App& app) {
    auto options = std::make_shared<agents_options>();
    CLI::App* const command = app.add_subcommand("agents", "List the swarm's agents");
    options->add_to(*command);
    options->status.add_to(*command, "--status", "Only agents of this status");
    return {command, [options] { return list_agents(*options); }};
}

command add_tasks_command(CLI::App& app) {
    auto options = std::make_shared<tasks_options>();
    CLI::App* const command =
        app.add_subcommand("tasks", "List the swarm's tasks, the most urgent and oldest first");
    options->add_to(*command);
    options->status.add_to(*command, "--status", "Only tasks of this status");
    command->add_option("--agent", options->agent, "Only tasks that this agent holds or held last");
    command->add_option("--task-type", options->task_type, "Only tasks of this type");
    return {command, [options] { return list_tasks(*options); }};
}

command add_messages_command(CLI::App& app) {
    auto options = std::make_shared<messages_options>();
    CLI::App* const command =
        app.add_subcommand("messages", "List the swarm's messages, oldest first");
    options->add_to(*command);
    command->add_option("--from", options->from, "Only messages of this agent");
    command->add_option("--to", options->to, "Only messages to this agent");
    command->add_flag("--unread", options->unread, "Only messages that nobody has read");
    return {command, [options] { return list_messages(*options); }};
}

command add_metrics_command(CLI::App& app) {
    auto options = std::make_shared<metrics_options>();
    CLI::App* const command =
        app.add_subcommand("metrics", "List the swarm's metrics, oldest first");
    options->add_to(*command);
    command->add_option("--agent", options->agent, "Only metrics of this agent");
    command->add_option("--type", options->metric_type, "Only metrics of this type");
    return {command, [options] { return list_metrics(*options); }};
}

} // namespace swarmlog::cli
