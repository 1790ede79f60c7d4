#include "help_text.hpp"

#include <array>
#include <string>

namespace swarmlog::cli {

namespace {

struct example {
    char const* command;
    char const* lines;
};

constexpr std::array examples{
    example{"append",
            R"(  echo '{"stream":"task-1","type":"noted","data":{"n":1}}' | swarmlog append swarm.db
  echo '{"stream":"task-1","type":"noted","data":{},"expected_version":1}' |
    swarmlog append --receipts swarm.db)"},
    example{"cat", R"(  swarmlog cat swarm.db --stream task-1
  swarmlog cat swarm.db --after 2026-01-31T12:00:00Z --backwards --limit 10
  swarmlog cat swarm.db --type noted --output json)"},
    example{"tail", "  swarmlog tail swarm.db -n 5 --type noted"},
    example{"streams", "  swarmlog streams swarm.db --sort events"},
    example{"stats", "  swarmlog stats swarm.db --output json"},
    example{"agents", "  swarmlog agents swarm.db --status idle"},
    example{"tasks", "  swarmlog tasks swarm.db --status pending --agent worker-1"},
    example{"messages", "  swarmlog messages swarm.db --to worker-1 --unread"},
    example{"metrics", "  swarmlog metrics swarm.db --type load --output json"},
    example{"select",
            R"(  swarmlog select swarm.db 'SELECT type, count(*) FROM events GROUP BY type'
  swarmlog select swarm.db 'SELECT data FROM events WHERE stream = ?' task-1)"},
    example{"as-of", "  swarmlog as-of swarm.db tasks 1"},
    example{"diff", "  swarmlog diff swarm.db tasks 1 2"},
    example{"projections", "  swarmlog projections swarm.db"},
    example{"rebuild", "  swarmlog rebuild swarm.db"},
    example{"verify", "  swarmlog verify swarm.db"},
    example{"backup", "  swarmlog backup swarm.db copy.db"},
    example{"export", R"(  swarmlog export swarm.db events.jsonl
  swarmlog export swarm.db --after 1 | gzip > new.jsonl.gz)"},
    example{"import", R"(  swarmlog import again.db events.jsonl
  zcat new.jsonl.gz | swarmlog import new.db)"},
    example{"completion", R"(  swarmlog completion bash > swarmlog.bash
  . ./swarmlog.bash)"},
    example{"manual", "  swarmlog manual > swarmlog.1"},
};

} // namespace

void add_examples(CLI::App& app) {
    for (example const& each : examples) {
        CLI::App* const command = app.get_subcommand(each.command);
        // A command without a footer shows its parent's.
        std::string const own = command->get_footer() == app.get_footer()
                                    ? std::string{}
                                    : command->get_footer() + "\n\n";
        command->footer(own + "Examples:\n" + each.lines);
    }
}

} // namespace swarmlog::cli
