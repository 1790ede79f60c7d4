#include "history/generated_history.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog {

namespace {

constexpr std::uint32_t attempts_max = 3;
/// 2026-01-01T00:00:00Z.
constexpr timestamp first_time{std::chrono::seconds{1'767'225'600}};

enum class step { create, assign, start, finish, none };

struct task {
    std::uint64_t id = 0;
    step next = step::create;
    std::uint32_t agent = 0;
    std::uint32_t attempt = 1;
    timestamp started_at{};
};

/// JSON whose text needs no escapes.
class plain_object {
public:
    plain_object() { text_.reserve(160); }
    plain_object& text(std::string_view name, std::string_view value) {
        begin(name).append("\"").append(value).append("\"");
        return *this;
    }
    plain_object& number(std::string_view name, std::uint64_t value) {
        begin(name).append(std::to_string(value));
        return *this;
    }
    std::string take() {
        text_ += '}';
        return std::move(text_);
    }

private:
    std::string& begin(std::string_view name) {
        text_ += text_.empty() ? "{\"" : ",\"";
        return text_.append(name).append("\":");
    }
    std::string text_;
};

class generated_history final : public history_source {
public:
    explicit generated_history(generated_history_options const& options)
        : options_(options),
          random_(options.seed),
          active_(std::max(options.tasks_at_once, 1U)),
          file_(std::make_shared<std::string const>("generated history")) {
        for (task& each : active_) each.id = ++tasks_;
    }

    result<std::optional<history_event>> next() override {
        if (made_ == options_.events) return std::optional<history_event>{};
        ++made_;
        now_ += std::chrono::nanoseconds(1'000 + below(4'000'000));
        task& chosen = active_[below(active_.size())];
        history_event event = advance(chosen);
        if (chosen.next == step::none) chosen = task{.id = ++tasks_};
        return event;
    }

    std::uint64_t done() const override { return made_; }
    std::uint64_t total() const override { return options_.events; }
    std::uint64_t rejected() const override { return 0; }
    std::uint64_t skipped_files() const override { return 0; }
    std::string description() const override {
        return "generated from seed " + std::to_string(options_.seed);
    }

private:
    /// The slight bias of a remainder does no harm here; std's distributions differ by library.
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

    template <std::size_t Size>
    std::string_view one_of(std::array<std::string_view, Size> const& choices) {
        return choices[below(Size)];
    }

    history_event advance(task& of) {
        switch (of.next) {
        case step::assign: return assign(of);
        case step::start: return start(of);
        case step::finish: return finish(of);
        case step::create:
        case step::none: break;
        }
        return create(of);
    }

    history_event create(task& of) {
        static constexpr std::array<std::string_view, 5> kinds{"review", "implement", "research",
                                                               "document", "deploy"};
        static constexpr std::array<std::string_view, 4> priorities{"low", "medium", "high",
                                                                    "critical"};
        of.next = step::assign;
        plain_object data;
        data.text("task_id", std::to_string(of.id))
            .text("task_type", one_of(kinds))
            .text("priority", one_of(priorities))
            .text("repository", "service-" + std::to_string(below(200)))
            .number("max_retries", attempts_max)
            .number("estimate_ms", 1'000 + below(900'000));
        return make(of, "task.created", data, false);
    }

    history_event assign(task& of) {
        of.agent = 1 + static_cast<std::uint32_t>(below(std::max(options_.agents, 1U)));
        of.next = step::start;
        plain_object data;
        data.text("task_id", std::to_string(of.id))
            .text("agent_id", agent_of(of))
            .number("attempt", of.attempt)
            .text("reason", "capabilities match")
            .number("queue_depth", below(500))
            .number("lease_ms", 30'000 + 1'000 * below(270));
        return make(of, "task.assigned", data, true);
    }

    history_event start(task& of) {
        static constexpr std::array<std::string_view, 4> models{"opus", "sonnet", "haiku", "local"};
        of.next = step::finish;
        of.started_at = now_;
        plain_object data;
        data.text("task_id", std::to_string(of.id))
            .text("agent_id", agent_of(of))
            .number("attempt", of.attempt)
            .text("model", one_of(models));
        // One statement each: compilers differ in which operand of a sum they draw first.
        std::uint64_t const slot = below(64);
        std::uint64_t const node = below(12);
        data.text("workspace", "node-" + std::to_string(node) + "/slot-" + std::to_string(slot))
            .text("trace_id", trace_id());
        return make(of, "task.started", data, true);
    }

    history_event finish(task& of) {
        std::uint64_t const dice = below(100);
        bool const failed = dice >= 84 && dice < 94;
        bool const timed_out = dice >= 94;
        auto const duration =
            std::chrono::duration_cast<std::chrono::microseconds>(now_ - of.started_at);
        plain_object data;
        data.text("task_id", std::to_string(of.id))
            .text("agent_id", agent_of(of))
            .number("attempt", of.attempt)
            .text("trace_id", trace_id())
            .number("duration_us", static_cast<std::uint64_t>(duration.count()));
        if (failed) {
            data.text("error", "tests failed").number("exit_code", 1 + below(3));
        } else if (timed_out) {
            data.text("error", "no heartbeat").number("exit_code", 124);
        } else {
            data.number("tokens_in", below(90'000)).number("tokens_out", below(9'000));
        }
        std::string_view const type = failed      ? "task.failed"
                                      : timed_out ? "task.timeout"
                                                  : "task.completed";
        history_event event = make(of, type, data, true);
        bool const again = (failed || timed_out) && of.attempt < attempts_max;
        of.next = again ? step::assign : step::none;
        if (again) ++of.attempt;
        return event;
    }

    std::string trace_id() {
        static constexpr std::string_view digits = "0123456789abcdef";
        std::string id(16, '0');
        std::uint64_t bits = random_();
        for (char& digit : id) {
            digit = digits[bits & 15];
            bits >>= 4;
        }
        return id;
    }

    static std::string agent_of(task const& of) { return "worker-" + std::to_string(of.agent); }

    history_event make(task const& of, std::string_view type, plain_object& data, bool by_agent) {
        history_event event;
        event.stream = "task-" + std::to_string(of.id);
        event.type = type;
        event.data = data.take();
        if (by_agent) event.tags.push_back("agent:" + agent_of(of));
        event.tags.push_back("task:" + std::to_string(of.id));
        event.occurred_at = now_;
        event.place = {file_, made_};
        return event;
    }

    generated_history_options options_;
    std::mt19937_64 random_;
    std::vector<task> active_;
    std::uint64_t tasks_ = 0;
    std::uint64_t made_ = 0;
    timestamp now_ = first_time;
    std::shared_ptr<std::string const> file_;
};

} // namespace

std::unique_ptr<history_source> generate_history(generated_history_options const& options) {
    return std::make_unique<generated_history>(options);
}

} // namespace swarmlog
