// Real histories, folded into tables: the state that follows from each task's last event.

#include "history/recorded_set.hpp"
#include "history/scratch_folder.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Named, because data cases are templates, which may not hold what only this file knows.
namespace folding {

using namespace swarmlog;

enum class task_state { open, assigned, running, completed, failed };
BOOST_DESCRIBE_ENUM(task_state, open, assigned, running, completed, failed)

/// The types of both layouts whose meaning for a task is in the type alone, and the rest.
constexpr std::pair<std::string_view, task_state> meanings[] = {
    {"claim", task_state::assigned},     {"dispatch", task_state::running},
    {"complete", task_state::completed}, {"fail", task_state::failed},
    {"timeout", task_state::failed},     {"crash", task_state::failed},
    {"claimed", task_state::assigned},   {"closed", task_state::completed},
    {"created", task_state::open},       {"reopened", task_state::open},
};

/// An event of which the fold needs the envelope only.
template <std::size_t Meaning>
struct seen {
    static constexpr std::string_view type = meanings[Meaning].first;
    BOOST_DESCRIBE_CLASS(seen, (), (), (), ())
};

struct task {
    std::string id;
    task_state state = task_state::open;
    std::string last_event;
    std::uint64_t events = 0;
    friend bool operator==(task const&, task const&) = default;
};
BOOST_DESCRIBE_STRUCT(task, (), (id, state, last_event, events))

struct worker {
    std::string id;
    std::uint64_t events = 0;
    friend bool operator==(worker const&, worker const&) = default;
};
BOOST_DESCRIBE_STRUCT(worker, (), (id, events))

using known_events = event_types<seen<0>, seen<1>, seen<2>, seen<3>, seen<4>, seen<5>, seen<6>,
                                 seen<7>, seen<8>, seen<9>>;

struct tasks {
    static constexpr std::string_view name = "tasks";
    static constexpr std::uint32_t version = 1;
    using row_type = task;
    static constexpr auto key = &task::id;
    using handles = known_events;
    static std::vector<index_spec> indexes() { return {index_on(&task::state)}; }
    static std::string stream_of(std::string_view id) { return "task-" + std::string{id}; }

    template <std::size_t Meaning>
    void apply(seen<Meaning> const&, event_view const& from, rows<task>& table) const {
        std::string_view const id = from.stream.substr(std::string_view{"task-"}.size());
        if (table.find(id) == nullptr) { table.put({std::string{id}, {}, {}, 0}); }
        task* const row = table.modify(id);
        row->state = meanings[Meaning].second;
        row->last_event = from.type;
        ++row->events;
    }
};

struct workers {
    static constexpr std::string_view name = "workers";
    static constexpr std::uint32_t version = 1;
    using row_type = worker;
    static constexpr auto key = &worker::id;
    using handles = known_events;

    template <std::size_t Meaning>
    void apply(seen<Meaning> const&, event_view const& from, rows<worker>& table) const {
        for (std::string_view const tag : from.tags) {
            if (!tag.starts_with("agent:")) { continue; }
            std::string_view const id = tag.substr(std::string_view{"agent:"}.size());
            if (worker* const row = table.modify(id)) {
                ++row->events;
            } else {
                table.put({std::string{id}, 1});
            }
        }
    }
};

struct folded_log {
    explicit folded_log(event_log (*open)(log_options, std::filesystem::path const&))
        : log(open(options(), folder / "log.db")) {}
    log_options options() {
        projections.add(tasks{}).add(workers{});
        log_options made;
        made.state = projections;
        return made;
    }

    scratch_folder folder;
    projection_set projections;
    event_log log;
};

void append_all(event_log& log, std::string const& name) {
    auto const source = open_history(recorded_set::file_of(name)).value();
    producer into = log.make_producer();
    while (auto const event = source->next().value()) {
        into.submit(event->stream, expected::any{}, raw_event{event->type, event->data},
                    details_of(*event))
            .value();
    }
    BOOST_REQUIRE(into.flush().rejected == 0U);
}

event_log open_file(log_options options, std::filesystem::path const& path) {
    sqlite_log_options both;
    static_cast<log_options&>(both) = std::move(options);
    return open_sqlite(path, both).value();
}

event_log open_in_memory(log_options options, std::filesystem::path const&) {
    return open_memory(std::move(options)).value();
}

} // namespace folding

using namespace folding;

BOOST_AUTO_TEST_SUITE(folded_histories, *boost::unit_test::precondition(recorded_set::is_there))

BOOST_DATA_TEST_CASE(rows_are_what_others_counted_and_the_same_everywhere,
                     boost::unit_test::data::make(recorded_set::event_logs()), name) {
    folded_log file{&open_file};
    append_all(file.log, name);
    folded_log memory{&open_in_memory};
    append_all(memory.log, name);

    std::vector<task> const all = file.log.table<task>().all().value();
    std::vector<worker> const known = file.log.table<worker>().all().value();
    boost::json::value const counts = recorded_set::expected_counts();
    boost::json::object const& expected = counts.at(name).as_object();
    if (!name.starts_with("gastown")) {
        // Every event of this layout says where a task stands.
        BOOST_TEST(all.size() == expected.at("streams(beads)").to_number<std::uint64_t>());
        BOOST_TEST(known.size() == expected.at("workers").to_number<std::uint64_t>());
        std::map<std::string, std::uint64_t> last;
        for (task const& each : all) { ++last[each.last_event]; }
        for (boost::json::key_value_pair const& each :
             expected.at("last_event_per_bead").as_object()) {
            std::uint64_t const count = each.value().to_number<std::uint64_t>();
            BOOST_TEST(last[std::string{each.key()}] == count, each.key());
        }
    } else {
        std::uint64_t closed = 0;
        for (task const& each : all) { closed += each.last_event == "closed" ? 1U : 0U; }
        typed_query<task> const done =
            file.log.query<task>().where(eq(&task::state, task_state::completed));
        BOOST_TEST(closed == done.count().value());
    }

    BOOST_TEST((memory.log.table<task>().all().value() == all));
    BOOST_TEST((memory.log.table<worker>().all().value() == known));
    BOOST_TEST(file.projections.rebuild("tasks").value().is_identical);
    BOOST_TEST(file.projections.rebuild("workers").value().is_identical);
    as_of_view const now = memory.log.as_of(memory.log.head()).value();
    BOOST_TEST((now.table<task>().all().value() == all));
    position const middle{file.log.head().value / 2};
    as_of_view const then = file.log.as_of(middle).value();
    as_of_view const then_in_memory = memory.log.as_of(middle).value();
    BOOST_TEST((then.table<task>().all().value() == then_in_memory.table<task>().all().value()));
}

BOOST_AUTO_TEST_SUITE_END()
