/// An orchestrator: agents digest a whole tree, task by task, through the log.
///
/// Each file is a task, and each folder one that waits for what is in it; the root comes last.
/// Workers, which are coroutines, claim, start and complete tasks; a supervisor hands back those
/// of workers that fell silent. All state is in the log: killed at any moment and started again,
/// the program goes on where it was and does no completed task twice.
///
/// The last line on standard output is one JSON object.

#include "board.hpp"
#include "report.hpp"
#include "shop.hpp"
#include "supervisor.hpp"
#include "tree_run.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/core.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace swarmlog;
namespace asio = boost::asio;

enum exit_code : int { done = 0, not_verified = 1, usage = 2, failed = 3 };

struct program_options {
    std::string folder = ".";
    std::string database = "orchestrator.db";
    std::vector<std::string> excluded{".git", "build"};
    std::uint32_t workers = 8;
    std::uint32_t threads = 2;
    std::int64_t lease_ms = 3'000;
    std::uint64_t tasks_until_silent = 0;
    bool is_telling = false;
};

result<event_log> open_log(program_options const& options) {
    projection_set projections;
    swarm::add_projections(projections);
    sqlite_log_options log_options;
    log_options.state = projections;
    return open_sqlite(options.database, std::move(log_options));
}

/// Says each task that is completed, for those who watch without a terminal.
asio::awaitable<void> tell(shop& in, position after) {
    auto news = in.log().subscribe(query{}.type(swarm::task_completed::type), after);
    if (!news) co_return;
    shop::alarm const alarm(in, [&] { news->cancel(); });
    for (;;) {
        auto const came = co_await news->async_next(asio::use_awaitable);
        if (!came) co_return;
        event_view const view = *came;
        fmt::print("completed {}\n", view.stream.substr(std::string_view("task-").size()));
        std::fflush(stdout);
    }
}

/// The names to leave out of the tree; the log's own files, which change all the while, too.
std::vector<std::string> left_out(program_options const& options) {
    std::vector<std::string> names = options.excluded;
    std::string const own = std::filesystem::path(options.database).filename().string();
    for (char const* suffix : {"", "-wal", "-shm", ".lock"}) names.push_back(own + suffix);
    return names;
}

/// Puts everybody to work and returns when the run is completed.
result<void> work_through(shop& in, program_options const& options) {
    asio::io_context context;
    asio::co_spawn(asio::make_strand(context), supervise(in, context.get_executor()),
                   asio::detached);
    if (options.is_telling) { asio::co_spawn(context, tell(in, in.log().head()), asio::detached); }
    for (std::uint32_t each = 0; each != options.workers; ++each) {
        hire_worker(in, context.get_executor());
    }
    board const shown(in);
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t each = 1; each < options.threads; ++each) {
            threads.emplace_back([&] { context.run(); });
        }
        context.run();
    }
    if (auto const failure = in.failure()) return *failure;
    return {};
}

result<report> run(program_options const& options) {
    result<event_log> log = open_log(options);
    if (!log) return log.error();
    report found;
    found.database = options.database;
    std::uint64_t const before = log->head().value;

    auto const folder = std::filesystem::weakly_canonical(options.folder);
    auto const begun = find_run(*log, folder);
    if (!begun) return begun.error();
    auto const entries = list_tree(folder, left_out(options));
    if (!entries) return entries.error();
    auto const began = std::chrono::steady_clock::now();
    if (auto planned = plan_run(*log, *begun, *entries); !planned) return planned.error();

    shop in(*log, *begun,
            {std::chrono::milliseconds(options.lease_ms), options.tasks_until_silent});
    if (auto taken = take_over(in); !taken) return taken.error();
    if (auto worked = work_through(in, options); !worked) return worked.error();
    found.seconds = std::chrono::steady_clock::now() - began;
    found.appended = log->head().value - before;
    found.run = *begun;

    auto const digest = outcome_of(*log, *begun);
    if (!digest) return digest.error();
    found.digest = digest->value_or("");
    if (auto inspected = inspect(*log, found); !inspected) return inspected.error();
    if (auto closed = log->close(); !closed) return closed.error();
    return found;
}

int parse_and_run(int argc, char** argv) {
    program_options options;
    CLI::App app("Digests a whole tree by a swarm of workers, whose state is in an event log.",
                 "example_orchestrator");
    app.add_option("folder", options.folder, "The tree")->capture_default_str();
    app.add_option("--database", options.database,
                   "The log; an unfinished run in it is gone on with")
        ->capture_default_str();
    app.add_option("--exclude", options.excluded, "Names of files and folders to leave out")
        ->capture_default_str();
    app.add_option("--workers", options.workers, "How many at once")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    app.add_option("--threads", options.threads, "How many threads they share")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option("--lease", options.lease_ms,
                   "Milliseconds of silence after which a worker loses its tasks")
        ->check(CLI::Range(10, 3'600'000))
        ->capture_default_str();
    app.add_option("--silent-after", options.tasks_until_silent,
                   "For trying it out: each worker falls silent after so many tasks");
    app.add_flag("--tell", options.is_telling, "Say each completed task on standard output");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& problem) { return app.exit(problem) == 0 ? done : usage; }
    result<report> const found = run(options);
    if (!found) {
        fmt::print(stderr, "example_orchestrator: {}\n", found.error().message());
        return failed;
    }
    fmt::print("\n{}\n{}\n", found->text(), found->json());
    return found->is_sound() ? done : not_verified;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (std::exception const& problem) {
        fmt::print(stderr, "example_orchestrator: {}\n", problem.what());
        return failed;
    }
}
