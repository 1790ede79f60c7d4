#include "projections/swarm_log.hpp"

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <map>
#include <set>
#include <thread>

using namespace swarmlog;
using namespace swarmlog::test;
using swarm::swarm_errc;

// Named, because data cases are templates, which may not hold what only this file knows.
namespace swarm_cases {

struct busy_swarm : swarm_log {
    using swarm_log::swarm_log;

    template <class Command>
    [[nodiscard]] bool fails(Command command, swarm_errc code) {
        auto const answer = desk.run(std::move(command));
        if (!answer && answer.error() == code && answer.error().is_rejected()) { return true; }
        BOOST_TEST_MESSAGE("answered " << (answer ? "success" : answer.error().message()));
        return false;
    }
    void agent(std::string id, std::vector<std::string> capabilities = {}) {
        must(desk.run(
            swarm::register_agent{.id = std::move(id), .capabilities = std::move(capabilities)}));
    }
    void task(std::string id, std::vector<std::string> dependencies = {}) {
        must(desk.run(
            swarm::create_task{.id = std::move(id), .dependencies = std::move(dependencies)}));
    }
    [[nodiscard]] swarm::task task_now(std::string_view id) { return *must(desk.find_task(id)); }
};

/// Brings a new task of this id into a state; "worker" holds it where somebody must.
void bring_to(busy_swarm& on, std::string const& id, swarm::task_status status) {
    using swarm::task_status;
    must(on.desk.run(swarm::create_task{.id = id, .max_retries = 0}));
    if (status == task_status::pending) { return; }
    if (status == task_status::cancelled) {
        must(on.desk.run(swarm::cancel_task{id}));
        return;
    }
    must(on.desk.run(swarm::claim_task{id, "worker"}));
    if (status == task_status::assigned) { return; }
    must(on.desk.run(swarm::start_task{id, "worker"}));
    if (status == task_status::completed) {
        must(on.desk.run(swarm::complete_task{id, "worker", {}}));
    } else if (status == task_status::failed) {
        must(on.desk.run(swarm::fail_task{id, "worker", "why"}));
    }
}

/// What the diagram says of a command in a state.
enum class outcome { ok, claimed, illegal, holder };

} // namespace swarm_cases

using namespace swarm_cases;

BOOST_AUTO_TEST_SUITE(the_swarm)

BOOST_DATA_TEST_CASE(a_task_goes_its_way, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("worker", {"cpp"});
    must(on.desk.run(swarm::create_task{.id = "42",
                                        .task_type = "build",
                                        .priority = swarm::task_priority::high,
                                        .payload = {{"target", "all"}},
                                        .required_capabilities = {"cpp"}}));
    auto const claimed = must(on.desk.claim_next("worker"));
    BOOST_TEST(claimed.id == "42");
    BOOST_TEST((claimed.status == swarm::task_status::assigned));
    BOOST_TEST(claimed.assigned_to.value() == "worker");
    must(on.desk.run(swarm::start_task{"42", "worker"}));
    BOOST_TEST(on.task_now("42").started_at.has_value());
    must(on.desk.run(swarm::complete_task{"42", "worker", {{"binary", "a.out"}}}));
    auto const done = on.task_now("42");
    BOOST_TEST((done.status == swarm::task_status::completed));
    BOOST_TEST((done.result == boost::json::value{{"binary", "a.out"}}));
    BOOST_TEST((done.completed_at.value() > done.started_at.value()));
    BOOST_TEST(must(on.desk.events_of_task("42", 10)).size() == 4U);
    BOOST_TEST(must(on.desk.events_of_agent("worker", 10)).size() == 4U);
    BOOST_TEST(must(on.desk.events_of_type("task.started", 10)).size() == 1U);
}

BOOST_DATA_TEST_CASE(every_command_in_every_state_does_what_the_diagram_says, all_backends,
                     backend) {
    using swarm::task_status;
    busy_swarm on{backend};
    on.agent("worker");
    on.agent("other");
    using enum swarm_cases::outcome;
    std::vector<task_status> const states{task_status::pending, task_status::assigned,
                                          task_status::running, task_status::completed,
                                          task_status::failed,  task_status::cancelled};
    struct row {
        char const* name;
        result<receipt> (*run)(swarm::desk& desk, std::string const& id);
        std::array<outcome, 6> expected; // in the order of the states
    };
    row const rows[] = {
        {"claim",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::claim_task{id, "other"});
         },
         {ok, claimed, claimed, illegal, illegal, illegal}},
        {"start",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::start_task{id, "worker"});
         },
         {illegal, ok, illegal, illegal, illegal, illegal}},
        {"start by another",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::start_task{id, "other"});
         },
         {illegal, holder, holder, illegal, illegal, illegal}},
        {"complete",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::complete_task{id, "worker", {}});
         },
         {illegal, illegal, ok, illegal, illegal, illegal}},
        {"fail",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::fail_task{id, "worker", "why"});
         },
         {illegal, ok, ok, illegal, illegal, illegal}},
        {"cancel",
         [](swarm::desk& desk, std::string const& id) { return desk.run(swarm::cancel_task{id}); },
         {ok, ok, ok, illegal, illegal, illegal}},
        {"release",
         [](swarm::desk& desk, std::string const& id) { return desk.run(swarm::release_task{id}); },
         {illegal, ok, ok, illegal, illegal, illegal}},
        {"update",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::update_task{
                 {.task_id = id, .priority = swarm::task_priority::low, .payload = {}}});
         },
         {ok, ok, ok, illegal, illegal, illegal}},
        {"reopen",
         [](swarm::desk& desk, std::string const& id) { return desk.run(swarm::reopen_task{id}); },
         {illegal, illegal, illegal, ok, ok, ok}},
        {"annotate",
         [](swarm::desk& desk, std::string const& id) {
             return desk.run(swarm::annotate_task{id, {{"seen", true}}});
         },
         {ok, ok, ok, ok, ok, ok}},
    };
    for (row const& each : rows) {
        for (std::size_t at = 0; at != states.size(); ++at) {
            BOOST_TEST_CONTEXT(each.name << " in state " << at) {
                std::string const id = std::string{each.name} + " " + std::to_string(at);
                bring_to(on, id, states[at]);
                auto const before = on.task_now(id);
                auto const answer = each.run(on.desk, id);
                switch (each.expected[at]) {
                case ok: BOOST_TEST(answer.has_value()); break;
                case claimed:
                    BOOST_REQUIRE(!answer.has_value());
                    BOOST_TEST((answer.error() == swarm_errc::task_already_claimed));
                    BOOST_TEST(answer.error().message().find("worker") != std::string::npos);
                    break;
                case illegal:
                    BOOST_REQUIRE(!answer.has_value());
                    BOOST_TEST((answer.error() == swarm_errc::illegal_step));
                    break;
                case holder:
                    BOOST_REQUIRE(!answer.has_value());
                    BOOST_TEST((answer.error() == swarm_errc::not_the_holder));
                    break;
                }
                if (!answer) { BOOST_TEST((on.task_now(id) == before)); }
            }
        }
    }
}

BOOST_DATA_TEST_CASE(what_is_not_there_is_named, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("worker");
    on.task("1");
    BOOST_TEST(on.fails(swarm::register_agent{.id = "worker"}, swarm_errc::agent_exists));
    BOOST_TEST(on.fails(swarm::register_agent{.id = ""}, swarm_errc::invalid_value));
    BOOST_TEST(on.fails(swarm::heartbeat{"nobody"}, swarm_errc::agent_not_found));
    BOOST_TEST(on.fails(swarm::remove_agent{"nobody"}, swarm_errc::agent_not_found));
    BOOST_TEST(on.fails(swarm::create_task{.id = "1"}, swarm_errc::task_exists));
    BOOST_TEST(on.fails(swarm::create_task{.id = "2", .dependencies = {"9"}},
                        swarm_errc::unknown_dependency));
    BOOST_TEST(on.fails(swarm::create_task{.id = "2", .dependencies = {"2"}},
                        swarm_errc::cyclic_dependency));
    BOOST_TEST(on.fails(swarm::claim_task{"9", "worker"}, swarm_errc::task_not_found));
    BOOST_TEST(on.fails(swarm::claim_task{"1", "nobody"}, swarm_errc::agent_not_found));
    BOOST_TEST(on.fails(swarm::mark_read{"9", "worker"}, swarm_errc::message_not_found));
    BOOST_TEST(on.fails(
        swarm::record_metric{{.metric_type = "cpu", .agent_id = "nobody", .unit = "%", .tags = {}}},
        swarm_errc::agent_not_found));
    must(on.desk.run(swarm::set_agent_status{"worker", swarm::agent_status::shutdown}));
    BOOST_TEST(on.fails(swarm::claim_task{"1", "worker"}, swarm_errc::illegal_step));
    must(on.desk.run(swarm::register_agent{.id = "worker"}));
}

BOOST_DATA_TEST_CASE(dependants_become_ready_and_capabilities_fit, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("a", {"cpp", "docs"});
    on.agent("b");
    on.task("base");
    on.task("top", {"base"});
    must(on.desk.run(swarm::create_task{.id = "special",
                                        .priority = swarm::task_priority::critical,
                                        .required_capabilities = {"cpp"}}));
    BOOST_TEST(on.fails(swarm::claim_task{"top", "a"}, swarm_errc::task_not_ready));
    BOOST_TEST(on.fails(swarm::claim_task{"special", "b"}, swarm_errc::capability_missing));
    BOOST_TEST(must(on.desk.ready_tasks()).size() == 2U);
    BOOST_TEST(must(on.desk.pending_tasks()).front().id == "special");
    BOOST_TEST(must(on.desk.claim_next("b")).id == "base");
    BOOST_TEST(on.fails(swarm::claim_next{"b"}, swarm_errc::no_task_ready));
    must(on.desk.run(swarm::start_task{"base", "b"}));
    must(on.desk.run(swarm::complete_task{"base", "b", {}}));
    BOOST_TEST(must(on.desk.claim_next("a")).id == "special");
    BOOST_TEST(must(on.desk.claim_next("b")).id == "top");
}

BOOST_DATA_TEST_CASE(a_reopened_task_begins_anew_and_keeps_its_notes, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("worker");
    bring_to(on, "1", swarm::task_status::failed);
    must(on.desk.run(swarm::annotate_task{"1", {{"title", "one"}, {"tries", 1}}}));
    must(on.desk.run(swarm::annotate_task{"1", {{"tries", 2}}}));
    must(on.desk.run(swarm::reopen_task{"1", "worker", "once more"}));
    auto const again = on.task_now("1");
    BOOST_TEST((again.status == swarm::task_status::pending));
    BOOST_TEST(!again.assigned_to.has_value());
    BOOST_TEST(!again.error.has_value());
    BOOST_TEST(!again.completed_at.has_value());
    BOOST_TEST(again.retry_count == 0U);
    BOOST_TEST(again.metadata.size() == 2U);
    BOOST_TEST((again.metadata.at("tries") == 2));
    BOOST_TEST(must(on.desk.claim_next("worker")).id == "1");
}

BOOST_DATA_TEST_CASE(a_task_fails_only_when_its_retries_are_gone, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("worker");
    must(on.desk.run(swarm::create_task{.id = "1", .max_retries = 2}));
    for (std::uint32_t attempt = 0; attempt != 3; ++attempt) {
        BOOST_TEST(on.task_now("1").retry_count == attempt);
        must(on.desk.run(swarm::claim_task{"1", "worker"}));
        must(on.desk.run(swarm::start_task{"1", "worker"}));
        must(on.desk.run(swarm::fail_task{"1", "worker", "no luck"}));
    }
    BOOST_TEST((on.task_now("1").status == swarm::task_status::failed));
    BOOST_TEST(on.task_now("1").error.value() == "no luck");
}

BOOST_DATA_TEST_CASE(each_of_many_tasks_is_claimed_once, all_backends, backend) {
    constexpr int tasks = 1'000;
    constexpr int claimers = 64;
    busy_swarm on{backend};
    for (int each = 0; each != claimers; ++each) { on.agent("w" + std::to_string(each)); }
    {
        std::vector<std::future<result<receipt>>> created;
        for (int each = 0; each != tasks; ++each) {
            created.push_back(on.desk.async_run(swarm::create_task{.id = std::to_string(each)},
                                                boost::asio::use_future));
        }
        for (auto& each : created) { must(each.get()); }
    }
    std::vector<std::vector<std::string>> won(claimers);
    std::atomic<int> unexpected{0};
    {
        std::vector<std::jthread> running;
        for (int each = 0; each != claimers; ++each) {
            running.emplace_back([&, each] {
                std::string const me = "w" + std::to_string(each);
                while (true) {
                    auto const claimed = on.desk.claim_next(me);
                    if (claimed) {
                        won[static_cast<std::size_t>(each)].push_back(claimed->id);
                    } else {
                        if (!(claimed.error() == swarm_errc::no_task_ready)) { ++unexpected; }
                        return;
                    }
                }
            });
        }
    }
    BOOST_TEST(unexpected.load() == 0);
    std::set<std::string> all;
    for (int each = 0; each != claimers; ++each) {
        for (auto const& id : won[static_cast<std::size_t>(each)]) {
            BOOST_TEST(all.insert(id).second);
            BOOST_TEST(on.task_now(id).assigned_to.value() == "w" + std::to_string(each));
        }
    }
    BOOST_TEST(all.size() == std::size_t{tasks});
    BOOST_TEST(must(on.log->read().type("task.assigned").count()) == std::uint64_t{tasks});
}

BOOST_DATA_TEST_CASE(removing_an_agent_keeps_its_history_and_frees_its_tasks, all_backends,
                     backend) {
    busy_swarm on{backend};
    on.agent("worker");
    on.task("1");
    on.task("2");
    must(on.desk.run(swarm::claim_task{"1", "worker"}));
    must(on.desk.run(swarm::claim_task{"2", "worker"}));
    must(on.desk.run(swarm::start_task{"2", "worker"}));
    auto const events_before = must(on.desk.events_of_agent("worker", 100)).size();
    must(on.desk.run(swarm::remove_agent{"worker"}));
    BOOST_TEST(must(on.desk.find_agent("worker")) == nullptr);
    BOOST_TEST(must(on.desk.events_of_agent("worker", 100)).size() == events_before + 3);
    for (char const* id : {"1", "2"}) {
        BOOST_TEST((on.task_now(id).status == swarm::task_status::pending));
        BOOST_TEST(!on.task_now(id).assigned_to.has_value());
    }
}

BOOST_DATA_TEST_CASE(messages_are_sent_and_read_once, all_backends, backend) {
    busy_swarm on{backend};
    for (char const* id : {"a", "b", "c"}) { on.agent(id); }
    must(on.desk.run(swarm::send_message{.id = "m1", .from_agent = "a", .to_agent = "b"}));
    must(on.desk.run(swarm::send_message{.id = "m2", .from_agent = "b", .to_agent = "a"}));
    must(on.desk.run(swarm::broadcast{.id = "all", .from_agent = "a", .content = "hello"}));
    BOOST_TEST(must(on.desk.messages_between("a", "b")).size() == 3U);
    BOOST_TEST(must(on.desk.messages_between("a", "b")).front().id == "m1");
    BOOST_TEST(must(on.desk.unread_messages("b")).size() == 2U);
    BOOST_TEST(must(on.desk.unread_messages("c")).size() == 1U);
    BOOST_TEST(on.fails(swarm::mark_read{"m1", "c"}, swarm_errc::not_the_recipient));
    must(on.desk.run(swarm::mark_read{"m1", "b"}));
    auto const head = on.log->head();
    must(on.desk.run(swarm::mark_read{"m1", "b"}));
    BOOST_TEST((on.log->head() == head)); // read is read
    auto const unread = must(on.desk.unread_messages("b"));
    BOOST_REQUIRE(unread.size() == 1U);
    BOOST_TEST(unread[0].id == "all/b");
    auto const read = must(on.log->table<swarm::message>().find("m1"));
    BOOST_TEST(read->read);
    BOOST_TEST(read->read_at.has_value());
    BOOST_TEST(on.fails(swarm::send_message{.id = "m1", .from_agent = "a", .to_agent = "b"},
                        swarm_errc::invalid_value));
}

BOOST_DATA_TEST_CASE(metrics_of_different_units_are_never_mixed, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("a");
    auto const record = [&](double value, char const* unit) {
        must(on.desk.run(swarm::record_metric{{.metric_type = "latency",
                                               .agent_id = "a",
                                               .value = value,
                                               .unit = unit,
                                               .tags = {}}}));
    };
    record(1, "s");
    record(3, "s");
    record(500, "ms");
    timestamp const end = must(on.log->read().backwards().first())->recorded_at;
    record(1'000, "ms");
    auto const sums = must(on.desk.aggregate_metrics({}, end + std::chrono::nanoseconds{1}));
    BOOST_REQUIRE(sums.size() == 2U);
    BOOST_TEST((sums[0] == swarm::metric_summary{"latency", "ms", 1, 500, 500, 500, 500}));
    BOOST_TEST((sums[1] == swarm::metric_summary{"latency", "s", 2, 4, 2, 1, 3}));
    BOOST_TEST(must(on.desk.metrics_of("a", "latency")).size() == 4U);
}

BOOST_DATA_TEST_CASE(fifty_concurrent_changes_are_all_kept, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("a");
    std::vector<std::jthread> running;
    std::atomic<int> failed{0};
    for (int each = 0; each != 50; ++each) {
        running.emplace_back([&, each] {
            // Reads and writes in one decision: no other change comes between.
            auto const done = on.log->decide([&](decision& now) -> result<void> {
                auto const row = now.table<swarm::agent>().find("a");
                if (!row) { return row.error(); }
                auto capabilities = (*row)->capabilities;
                capabilities.push_back("c" + std::to_string(each));
                return swarm::update_agent{{.agent_id = "a",
                                            .name = {},
                                            .agent_type = {},
                                            .capabilities = capabilities,
                                            .metadata = {}}}(now);
            });
            if (!done) { ++failed; }
        });
    }
    running.clear();
    BOOST_TEST(failed.load() == 0);
    BOOST_TEST(must(on.desk.find_agent("a"))->capabilities.size() == 50U);
}

BOOST_DATA_TEST_CASE(silent_agents_are_found, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("quiet");
    on.agent("loud");
    timestamp const since = must(on.log->read().backwards().first())->recorded_at;
    must(on.desk.run(swarm::heartbeat{"loud"}));
    auto const silent = must(on.desk.silent_agents(since));
    BOOST_REQUIRE(silent.size() == 1U);
    BOOST_TEST(silent[0].id == "quiet");
}

BOOST_AUTO_TEST_CASE(every_error_of_the_swarm_has_a_sentence_of_its_own) {
    struct sentence {
        swarm_errc code;
        std::string_view text;
    };
    for (auto const& [code, text] : std::vector<sentence>{
             {swarm_errc::agent_exists, "An agent of this id is registered."},
             {swarm_errc::agent_not_found, "There is no such agent."},
             {swarm_errc::task_exists, "There is a task of this id."},
             {swarm_errc::task_not_found, "There is no such task."},
             {swarm_errc::task_already_claimed, "Another agent holds the task."},
             {swarm_errc::task_not_ready, "A dependency of the task is not completed."},
             {swarm_errc::capability_missing, "The agent lacks a capability of the task."},
             {swarm_errc::not_the_holder, "The task is not held by this agent."},
             {swarm_errc::illegal_step, "The state does not allow this step."},
             {swarm_errc::unknown_dependency, "A dependency is no task."},
             {swarm_errc::cyclic_dependency, "The task would wait for itself."},
             {swarm_errc::no_task_ready, "No task is ready for this agent."},
             {swarm_errc::message_not_found, "There is no such message."},
             {swarm_errc::not_the_recipient, "The message is for somebody else."},
             {swarm_errc::invalid_value, "A value cannot be stored."},
             {swarm_errc{99}, "An unknown error of the swarm."}}) {
        boost::system::error_code const made = code;
        BOOST_TEST(made.message() == text);
        BOOST_TEST(made.category().name() == std::string_view{"swarmlog.swarm"});
        BOOST_TEST(swarm::swarm_error(code, "").is_rejected());
    }
}

BOOST_DATA_TEST_CASE(an_id_is_neither_empty_nor_endless, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("a");
    for (std::string const& id :
         {std::string{}, std::string(241, 'x'), std::string{"\xff"}, std::string("a\0b", 3)}) {
        BOOST_TEST(on.fails(swarm::register_agent{.id = id}, swarm_errc::invalid_value));
        BOOST_TEST(on.fails(swarm::create_task{.id = id}, swarm_errc::invalid_value));
        BOOST_TEST(on.fails(swarm::send_message{.id = id, .from_agent = "a", .to_agent = "a"},
                            swarm_errc::invalid_value));
    }
    on.agent(std::string(240, 'x'));
    on.task(std::string(240, 'x'));
}

BOOST_DATA_TEST_CASE(events_of_what_is_not_there_change_no_table, all_backends, backend) {
    busy_swarm on{backend};
    on.agent("a");
    on.task("1");
    must(on.desk.run(swarm::send_message{.id = "m", .from_agent = "a", .to_agent = "a"}));
    must(on.desk.run(swarm::mark_read{"m", "a"}));
    auto const read_at = must(on.log->table<swarm::message>().find("m"))->read_at;
    // As another program may append them, without asking a desk.
    auto to = on.log->make_producer();
    auto const append = [&](auto const& event) { must(to.append("s", expected::any{}, event)); };
    append(swarm::agent_updated{
        .agent_id = "no", .name = "x", .agent_type = {}, .capabilities = {}, .metadata = {}});
    append(swarm::agent_status_changed{"no", swarm::agent_status::busy});
    append(swarm::agent_heartbeat{"no"});
    append(swarm::agent_removed{"no"});
    append(swarm::task_updated{
        .task_id = "no", .priority = swarm::task_priority::high, .payload = {}});
    append(swarm::task_assigned{"no", "a"});
    append(swarm::task_started{"no", "a"});
    append(swarm::task_completed{"no", "a", {}});
    append(swarm::task_failed{"no", "a", "why", false});
    append(swarm::task_cancelled{"no", "why"});
    append(swarm::task_released{"no", "a", "why"});
    append(swarm::task_reopened{"no", "a", "why"});
    append(swarm::task_annotated{"no", {{"x", 1}}});
    append(swarm::message_read{"no", "a"});
    append(swarm::message_read{"m", "a"}); // read already
    BOOST_TEST(must(on.desk.agents()).size() == 1U);
    BOOST_TEST(must(on.log->table<swarm::task>().all()).size() == 1U);
    BOOST_TEST((on.task_now("1").status == swarm::task_status::pending));
    auto const messages = must(on.log->table<swarm::message>().all());
    BOOST_REQUIRE(messages.size() == 1U);
    BOOST_TEST((messages[0].read_at == read_at));
}

BOOST_DATA_TEST_CASE(a_dependency_that_is_no_task_keeps_a_task_from_being_ready, all_backends,
                     backend) {
    busy_swarm on{backend};
    on.agent("a");
    on.task("base");
    on.task("top", {"base"});
    // A desk refuses this one; another program may not.
    must(on.log->make_producer().append(
        "task-lost", expected::any{},
        swarm::task_created{"lost", {}, swarm::task_priority::critical, {}, {"no such"}, {}, 0}));
    BOOST_TEST(on.fails(swarm::claim_task{"lost", "a"}, swarm_errc::task_not_ready));
    BOOST_TEST(must(on.desk.ready_tasks()).size() == 1U);
    must(on.desk.run(swarm::claim_task{"base", "a"}));
    must(on.desk.run(swarm::start_task{"base", "a"}));
    must(on.desk.run(swarm::complete_task{"base", "a", {}}));
    auto const ready = must(on.desk.ready_tasks());
    BOOST_REQUIRE(ready.size() == 1U);
    BOOST_TEST(ready[0].id == "top");
    BOOST_TEST(must(on.desk.claim_next("a")).id == "top");
}

BOOST_DATA_TEST_CASE(a_broadcast_reaches_all_who_are_there_but_its_sender, all_backends, backend) {
    busy_swarm on{backend};
    for (char const* id : {"a", "b", "gone"}) { on.agent(id); }
    must(on.desk.run(swarm::set_agent_status{"gone", swarm::agent_status::shutdown}));
    must(on.desk.run(swarm::broadcast{.id = "all", .from_agent = "a", .content = "hello"}));
    auto const sent = must(on.log->table<swarm::message>().all());
    BOOST_REQUIRE(sent.size() == 1U);
    BOOST_TEST(sent[0].to_agent == "b");
    // The same once more is refused as a whole.
    BOOST_TEST(on.fails(swarm::broadcast{.id = "all", .from_agent = "a", .content = "hello"},
                        swarm_errc::invalid_value));
}

BOOST_DATA_TEST_CASE(a_metric_of_no_agent_is_the_swarms, all_backends, backend) {
    busy_swarm on{backend};
    must(on.desk.run(swarm::record_metric{
        {.metric_type = "queue", .agent_id = {}, .value = 3, .unit = "tasks", .tags = {}}}));
    BOOST_TEST(must(on.log->read().stream("metrics").count()) == 1U);
    auto const all = must(on.log->table<swarm::metric>().all());
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST(!all[0].agent_id.has_value());
}

BOOST_AUTO_TEST_CASE(rows_that_differ_are_not_equal) {
    swarm::agent agent;
    swarm::task task;
    swarm::message message;
    swarm::metric metric;
    swarm::metric_summary summary;
    auto const differ = [](auto row, auto change) {
        auto const before = row;
        BOOST_TEST((row == before));
        change(row);
        BOOST_TEST((row != before));
    };
    differ(agent, [](auto& row) { row.name = "x"; });
    differ(agent, [](auto& row) { row.metadata = 1; });
    differ(task, [](auto& row) { row.retry_count = 1; });
    differ(task, [](auto& row) { row.result = 1; });
    differ(message, [](auto& row) { row.content = "x"; });
    differ(message, [](auto& row) { row.read = true; });
    differ(metric, [](auto& row) { row.value = 1; });
    differ(summary, [](auto& row) { row.max = 1; });
}

BOOST_AUTO_TEST_SUITE_END()
