#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/clock.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/log_tables.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// \file
/// A test kit for commands and projections, for any test framework: what does not come as it
/// should is thrown as `scenario_failed`, which says what came instead.
///
///     projection_set projections;
///     swarm::add_projections(projections);
///     scenario{projections, open_memory}
///         .given(in("agent-ann", agent_registered{"ann"}), in("task-7", task_created{"7"}))
///         .at(noon)
///         .when(swarm::claim_task{"7", "ann"})
///         .then(in("task-7", task_assigned{"7", "ann"}))
///         .when(swarm::claim_task{"8", "ann"})
///         .then_rejected(swarm_errc::task_not_found)
///         .then_row<task>("7", [](task const& row) { return row.assigned_to == "ann"; });
namespace swarmlog {

/// A scenario that went another way than it says.
class SWARMLOG_EXPORT scenario_failed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// An event that a scenario is given or expects, with its stream.
struct scenario_event {
    std::string stream;               ///< which it belongs to
    std::string type;                 ///< as `event_view::type`
    std::uint32_t schema_version = 1; ///< of the data's layout
    /// JSON.
    std::string data;
};

/// An event in its stream. Throws `scenario_failed` when it does not encode.
template <event_type Event>
[[nodiscard]] scenario_event in(std::string stream, Event const& event) {
    scenario_event made{std::move(stream),
                        std::string{std::string_view{Event::type}},
                        schema_version_of<Event>(),
                        {}};
    if (auto const encoded = encode_event(event, made.data); !encoded) {
        throw scenario_failed{"an event does not encode: " + encoded.error().message()};
    }
    return made;
}

/// A log in memory under a clock of its own, and what is asked of it. One thread at a time.
class SWARMLOG_EXPORT scenario {
public:
    /// 2000-01-01T00:00:00Z, where the clock stands until `at` moves it.
    static constexpr timestamp begin{std::chrono::seconds{946'684'800}};
    /// What opens a log with the scenario's own clock and projections.
    using opener = std::function<result<event_log>(log_options)>;

    /// `with` opens the log: `open_memory`, which projections/ does not know.
    scenario(projection_set projections, opener const& with);
    scenario(scenario const&) = delete;
    scenario& operator=(scenario const&) = delete;
    ~scenario();

    /// What has happened before: one append for each event.
    template <class... Events>
    scenario& given(Events const&... events) {
        (append(events), ...);
        return *this;
    }
    /// What follows is recorded at this time, or soon after: times rise with each event.
    scenario& at(timestamp time);

    /// Decides a command: anything that `event_log::decide` takes.
    template <class Command>
    scenario& when(Command command) {
        begin_command();
        return note_answer(log().decide(std::move(command)));
    }

    /// The command appended these events and no other, in this order. JSON is compared by value.
    template <class... Events>
    scenario& then(Events const&... events) {
        return expect_events({events...});
    }
    /// The command was decided, and appended nothing.
    scenario& then_nothing() { return expect_events({}); }
    /// The command was refused with this code: of `errc`, `swarm_errc`, or a program's own.
    template <class Code>
    scenario& then_rejected(Code code) {
        if (!answer().has_value() && answer().error() == code) { return *this; }
        return fail_rejection();
    }
    /// There is such a row, and it is this one.
    template <class Key, row_type Row>
    scenario& then_row(Key const& key, Row const& expected) {
        row_cells cells;
        if (auto made = detail::to_cells(expected, cells); !made) { throw_error(made.error()); }
        row_cells found;
        if (auto made = detail::to_cells(*row<Row>(key), found); !made) {
            throw_error(made.error());
        }
        compare_rows(detail::columns_of<Row>(), cells, found);
        return *this;
    }
    /// There is such a row, and it meets a condition.
    template <row_type Row, class Key, std::predicate<Row const&> Condition>
    scenario& then_row(Key const& key, Condition const& condition) {
        auto const found = row<Row>(key);
        if (condition(*found)) { return *this; }
        row_cells cells;
        if (auto made = detail::to_cells(*found, cells); !made) { throw_error(made.error()); }
        return fail_condition(detail::columns_of<Row>(), cells);
    }
    /// There is no row of this type with this key.
    template <row_type Row, class Key>
    scenario& then_no_row(Key const& key) {
        auto const found = log().table<Row>().find(key);
        if (!found) { throw_error(found.error()); }
        if (*found != nullptr) { throw scenario_failed{"there is a row, and should be none"}; }
        return *this;
    }

    /// For whatever else a test asks.
    [[nodiscard]] event_log& log() noexcept;

private:
    template <row_type Row, class Key>
    [[nodiscard]] std::shared_ptr<Row const> row(Key const& key) {
        auto found = log().table<Row>().find(key);
        if (!found) { throw_error(found.error()); }
        if (*found == nullptr) { throw scenario_failed{"there is no such row"}; }
        return std::move(*found);
    }

    void append(scenario_event const& event);
    void begin_command();
    scenario& note_answer(result<receipt> answer);
    [[nodiscard]] result<receipt> const& answer() const;
    scenario& expect_events(std::vector<scenario_event> const& expected);
    [[noreturn]] scenario& fail_rejection() const;
    [[noreturn]] scenario& fail_condition(std::vector<column_spec> const& columns,
                                          row_cells const& row) const;
    static void compare_rows(std::vector<column_spec> const& columns, row_cells const& expected,
                             row_cells const& found);
    [[noreturn]] static void throw_error(error const& failure);

    struct SWARMLOG_HIDDEN state;
    std::unique_ptr<state> state_;
};

} // namespace swarmlog
