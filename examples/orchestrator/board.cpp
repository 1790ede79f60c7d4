#include "board.hpp"

#include "terminal/number_text.hpp"
#include "terminal/progress_bar.hpp"
#include "terminal/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <map>
#include <mutex>
#include <stop_token>

namespace {

using namespace swarmlog;
using swarm::task_status;

constexpr std::chrono::milliseconds frame_time{125};
constexpr std::size_t workers_shown = 8;

struct task_counts {
    std::map<task_status, std::uint64_t> of;
    std::uint64_t all = 0;
};

result<task_counts> count_tasks(event_log& log) {
    auto const groups =
        log.query<swarm::task>().group_by(&swarm::task::status).aggregate(count_of_rows());
    if (!groups) return groups.error();
    task_counts counts;
    for (auto const& group : *groups) {
        auto const count = static_cast<std::uint64_t>(std::get<0>(group.values));
        counts.of[std::get<0>(group.by)] = count;
        counts.all += count;
    }
    return counts;
}

} // namespace

board::board(shop const& of, std::FILE* screen) : shop_(of), screen_(screen) {
    if (is_terminal(screen)) {
        thread_ = std::jthread([this](std::stop_token const&) { show_until_over(); });
    }
}

board::~board() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    if (lines_ != 0) fmt::print(screen_, "\033[{}A\033[J", lines_);
}

void board::show_until_over() {
    std::mutex mutex;
    std::condition_variable_any frame;
    std::stop_token const stop = thread_.get_stop_token();
    std::uint64_t completed = 0;
    auto drawn_at = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        auto const counts = count_tasks(shop_.log());
        if (!counts) return;
        auto const now = std::chrono::steady_clock::now();
        auto const known = counts->of.find(task_status::completed);
        std::uint64_t const done = known == counts->of.end() ? 0 : known->second;
        double const seconds = std::chrono::duration<double>(now - drawn_at).count();
        auto const text =
            drawn(static_cast<double>(done - std::min(done, completed)) / std::max(seconds, 0.001));
        if (!text) return;
        if (lines_ != 0) fmt::print(screen_, "\033[{}A\033[J", lines_);
        fmt::print(screen_, "{}", *text);
        std::fflush(screen_);
        lines_ = static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n'));
        completed = done;
        drawn_at = now;
        std::unique_lock lock(mutex);
        frame.wait_for(lock, stop, frame_time, [] { return false; });
    }
}

result<std::string> board::drawn(double tasks_a_second) const {
    event_log& log = shop_.log();
    std::size_t const columns = screen_columns(screen_) - 1;
    auto const counts = count_tasks(log);
    if (!counts) return counts.error();
    auto const working =
        log.query<swarm::task>()
            .where(in(&swarm::task::status, {task_status::assigned, task_status::running}))
            .order_by(&swarm::task::assigned_to)
            .limit(workers_shown)
            .all();
    if (!working) return working.error();
    auto const workers = log.query<swarm::agent>()
                             .where(ne(&swarm::agent::status, swarm::agent_status::shutdown))
                             .count();
    if (!workers) return workers.error();

    std::string text;
    auto const line = [&](std::string const& content) {
        text += limit_text(content, columns) + "\n";
    };
    std::string states;
    for (auto const& [status, count] : counts->of) {
        fmt::format_to(std::back_inserter(states), "  {} {}", grouped(count),
                       boost::describe::enum_to_string(status, "?"));
    }
    line(fmt::format("tasks    {}:{}", grouped(counts->all), states));
    line(fmt::format("rate     {} tasks a second, {} events in the log", rate_text(tasks_a_second),
                     grouped(log.head().value)));
    line(fmt::format("workers  {}", *workers));
    for (swarm::task const& each : *working) {
        line(fmt::format("  {:<12}{:<10}{}", each.assigned_to.value_or(""),
                         boost::describe::enum_to_string(each.status, "?"), each.id));
    }
    return text;
}
