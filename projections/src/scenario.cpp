#include <swarmlog/projections/scenario.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <atomic>
#include <cstddef>
#include <type_traits>
#include <variant>

namespace swarmlog {

namespace {

class standing_clock final : public clock {
public:
    [[nodiscard]] timestamp now() noexcept override {
        return timestamp{std::chrono::nanoseconds{now_.load()}};
    }
    void set(timestamp time) noexcept { now_.store(time.time_since_epoch().count()); }

private:
    std::atomic<std::int64_t> now_{scenario::begin.time_since_epoch().count()};
};

std::string text_of(std::string_view stream, std::string_view type, std::string_view data) {
    return std::string{type} + " in " + std::string{stream} + ": " + std::string{data};
}

bool is_same(scenario_event const& expected, event_view const& found) {
    return expected.stream == found.stream && expected.type == found.type &&
           expected.schema_version == found.schema_version &&
           boost::json::parse(expected.data) ==
               boost::json::parse({found.data.data(), found.data.size()});
}

std::string lines_of(std::vector<event> const& events) {
    std::string lines;
    for (event const& each : events) {
        lines += "\n  " + text_of(each.stream, each.type, each.data);
    }
    return lines.empty() ? "\n  nothing" : lines;
}

std::string lines_of(std::vector<scenario_event> const& events) {
    std::string lines;
    for (scenario_event const& each : events) {
        lines += "\n  " + text_of(each.stream, each.type, each.data);
    }
    return lines.empty() ? "\n  nothing" : lines;
}

std::string text_of(cell const& value) {
    return std::visit(
        [](auto const& held) -> std::string {
            using held_type = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<held_type, std::monostate>) {
                return "null";
            } else if constexpr (std::is_same_v<held_type, std::string>) {
                return '"' + held + '"';
            } else {
                return std::to_string(held);
            }
        },
        value);
}

} // namespace

struct scenario::state {
    std::shared_ptr<standing_clock> clock = std::make_shared<standing_clock>();
    projection_set projections;
    std::optional<event_log> log;
    position before; ///< the last command
    std::optional<result<receipt>> answer;
};

scenario::scenario(projection_set projections, opener const& with)
    : state_(std::make_unique<state>()) {
    state_->projections = std::move(projections);
    log_options options;
    options.state = state_->projections;
    options.clock = state_->clock;
    auto opened = with(std::move(options));
    if (!opened) { throw_error(opened.error()); }
    state_->log.emplace(std::move(*opened));
}

scenario::~scenario() = default;

event_log& scenario::log() noexcept { return *state_->log; }

scenario& scenario::at(timestamp time) {
    state_->clock->set(time);
    return *this;
}

void scenario::append(scenario_event const& event) {
    auto const appended = log().decide([&](decision& now) -> result<void> {
        return now.append(event.stream, raw_event{.type = event.type,
                                                  .data = event.data,
                                                  .schema_version = event.schema_version});
    });
    if (!appended) {
        throw scenario_failed{
            "what is given was refused: " + text_of(event.stream, event.type, event.data) + ": " +
            appended.error().message()};
    }
}

void scenario::begin_command() { state_->before = log().head(); }

scenario& scenario::note_answer(result<receipt> answer) {
    state_->answer.emplace(std::move(answer));
    return *this;
}

result<receipt> const& scenario::answer() const {
    if (!state_->answer) { throw scenario_failed{"`then` comes before any `when`"}; }
    return *state_->answer;
}

scenario& scenario::expect_events(std::vector<scenario_event> const& expected) {
    if (!answer()) {
        throw scenario_failed{"the command was refused: " + answer().error().message()};
    }
    auto const found = log().read().after(state_->before).collect();
    if (!found) { throw_error(found.error()); }
    bool is_as_expected = found->size() == expected.size();
    for (std::size_t at = 0; is_as_expected && at != expected.size(); ++at) {
        is_as_expected = is_same(expected[at], (*found)[at]);
    }
    if (is_as_expected) { return *this; }
    throw scenario_failed{"the command appended" + lines_of(*found) + "\nand should have appended" +
                          lines_of(expected)};
}

scenario& scenario::fail_rejection() const {
    if (answer()) { throw scenario_failed{"the command was not refused"}; }
    throw scenario_failed{"the command was refused for another reason: " +
                          answer().error().message()};
}

scenario& scenario::fail_condition(std::vector<column_spec> const& columns,
                                   row_cells const& row) const {
    std::string text = "a row does not meet the condition:";
    for (std::size_t at = 0; at != columns.size(); ++at) {
        text += "\n  " + columns[at].name + ": " + text_of(row[at]);
    }
    throw scenario_failed{text};
}

void scenario::compare_rows(std::vector<column_spec> const& columns, row_cells const& expected,
                            row_cells const& found) {
    std::string differences;
    for (std::size_t at = 0; at != columns.size(); ++at) {
        if (expected[at] == found[at]) { continue; }
        differences += "\n  " + columns[at].name + " is " + text_of(found[at]) + ", not " +
                       text_of(expected[at]);
    }
    if (!differences.empty()) { throw scenario_failed{"a row is another one:" + differences}; }
}

void scenario::throw_error(error const& failure) { throw scenario_failed{failure.message()}; }

} // namespace swarmlog
