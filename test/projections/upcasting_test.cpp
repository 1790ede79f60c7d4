#include "support/log_under_test.hpp"

#include <swarmlog/projections/projection_set.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <string>

using namespace swarmlog;
using namespace swarmlog::test;

namespace upcast {

/// An event whose layout has changed twice: version 1 had a `failed`, version 2 an `outcome`.
struct job_ended_2 {
    static constexpr std::string_view type = "job.ended";
    static constexpr std::uint32_t schema_version = 2;
    std::string job;
    std::string outcome;
};
BOOST_DESCRIBE_STRUCT(job_ended_2, (), (job, outcome))

struct job_ended {
    static constexpr std::string_view type = "job.ended";
    static constexpr std::uint32_t schema_version = 3;
    std::string job;
    std::string outcome;
    std::uint32_t attempts = 0;
};
BOOST_DESCRIBE_STRUCT(job_ended, (), (job, outcome, attempts))

struct job {
    std::string id;
    std::string outcome;
    std::uint32_t attempts = 0;
    friend bool operator==(job const&, job const&) = default;
};
BOOST_DESCRIBE_STRUCT(job, (), (id, outcome, attempts))

struct jobs {
    static constexpr std::string_view name = "jobs";
    static constexpr std::uint32_t version = 1;
    using row_type = job;
    static constexpr auto key = &job::id;
    using handles = event_types<job_ended>;
    void apply(job_ended const& event, event_view const&, rows<job>& into) const {
        into.put({event.job, event.outcome, event.attempts});
    }
};

void add_first_step(projection_set& projections) {
    projections.upcasting().add("job.ended", 1, [](boost::json::object& data) {
        data["outcome"] = data.at("failed").as_bool() ? "failed" : "done";
        data.erase("failed");
    });
}
void add_second_step(projection_set& projections) {
    projections.upcasting().add<job_ended_2, job_ended>([](job_ended_2 const& old) {
        return job_ended{old.job, old.outcome, 1};
    });
}

raw_event old_event(std::string_view data, std::uint32_t schema_version) {
    raw_event event{.type = "job.ended", .data = data};
    event.schema_version = schema_version;
    return event;
}

constexpr std::string_view first_layout = R"({"job":"a","failed":true})";
constexpr std::string_view second_layout = R"({"job":"b","outcome":"done"})";

} // namespace upcast

using namespace upcast;

BOOST_AUTO_TEST_SUITE(upcasting)

BOOST_DATA_TEST_CASE(old_events_are_folded_in_their_newest_form, all_backends, backend) {
    projection_set projections;
    projections.add(jobs{});
    add_first_step(projections);
    add_second_step(projections);
    log_under_test log{backend, {.state = projections}};
    auto producer = log->make_producer();
    must(producer.append("job-a", expected::any{}, old_event(first_layout, 1)));
    must(producer.append("job-b", expected::any{}, old_event(second_layout, 2)));
    must(producer.append("job-c", expected::any{}, job_ended{"c", "done", 4}));
    BOOST_TEST((must(log->table<job>().all()) ==
                std::vector<job>{{"a", "failed", 1}, {"b", "done", 1}, {"c", "done", 4}}));
    BOOST_TEST(must(projections.rebuild("jobs")).is_identical);

    // What is stored are the bytes that came in.
    auto const events = all_events(*log);
    BOOST_TEST(events[0].data == first_layout);
    BOOST_TEST(events[0].schema_version == 1U);
    BOOST_TEST(events[1].data == second_layout);
    auto const newest = must(projections.upcasting().decode<job_ended>(events[0]));
    BOOST_TEST(newest.outcome == "failed");
}

BOOST_DATA_TEST_CASE(a_missing_step_is_named_and_rejects_the_append, all_backends, backend) {
    projection_set projections;
    projections.add(jobs{});
    add_second_step(projections);
    log_under_test log{backend, {.state = projections}};
    auto producer = log->make_producer();
    must(producer.append("job-b", expected::any{}, old_event(second_layout, 2)));
    auto const refused = producer.append("job-a", expected::any{}, old_event(first_layout, 1));
    BOOST_TEST(failed_with(refused, errc::projection_failed,
                           {"job.ended", "schema version 1", "no upcasting step"}));
    BOOST_TEST(log->head().value == 1U);
    BOOST_TEST(must(log->table<job>().count()) == 1U);
}

BOOST_DATA_TEST_CASE(a_step_that_does_not_fit_the_data_rejects_the_append, all_backends, backend) {
    projection_set projections;
    projections.add(jobs{});
    projections.upcasting().add("job.ended", 2, [](boost::json::object&) -> result<void> {
        return error{errc::invalid_json, "the outcome is unknown"};
    });
    log_under_test log{backend, {.state = projections}};
    auto producer = log->make_producer();
    auto const refused = producer.append("job-b", expected::any{}, old_event(second_layout, 2));
    BOOST_TEST(failed_with(refused, errc::projection_failed, {"the outcome is unknown"}));
    BOOST_TEST(log->head().value == 0U);
}

BOOST_DATA_TEST_CASE(what_a_step_cannot_work_on_rejects_the_append, all_backends, backend) {
    projection_set projections;
    projections.add(jobs{});
    projections.upcasting().add("job.ended", 1, [](boost::json::object& data) {
        data["outcome"] = "\xff"; // no UTF-8
    });
    add_second_step(projections);
    log_under_test log{backend, {.state = projections}};
    auto producer = log->make_producer();
    auto const refused = [&](std::string_view data, std::uint32_t version,
                             std::string_view reason) {
        return failed_with(producer.append("job-a", expected::any{}, old_event(data, version)),
                           errc::projection_failed, {reason});
    };
    BOOST_TEST(refused(first_layout, 1, "UTF-8"));
    BOOST_TEST(refused("[1]", 1, "is not an object"));
    BOOST_TEST(refused(R"({"job":"b"})", 2, "\"outcome\" is missing"));
    BOOST_TEST(refused(R"({"job":"b"})", 3, "\"outcome\" is missing"));
    BOOST_TEST(log->head().value == 0U);
}

BOOST_AUTO_TEST_CASE(an_event_of_another_type_is_not_decoded) {
    projection_set projections;
    add_first_step(projections);
    log_under_test log{"memory"};
    auto producer = log->make_producer();
    must(producer.append("s", expected::any{}, raw("noted")));
    must(producer.append("job-a", expected::any{}, old_event(first_layout, 1)));
    auto const events = all_events(*log);
    upcasters const& steps = projections.upcasting();
    BOOST_TEST(failed_with(steps.decode<job_ended>(events[0]), errc::invalid_argument, {"noted"}));
    BOOST_TEST(
        failed_with(steps.decode<job_ended>(events[1]), errc::unsupported, {"schema version 2"}));
}

BOOST_DATA_TEST_CASE(a_step_that_throws_rejects_that_append_alone, all_backends, backend) {
    projection_set projections;
    projections.add(jobs{});
    add_first_step(projections);
    add_second_step(projections);
    log_under_test log{backend, {.state = projections}};
    auto to = log->make_producer();
    must(to.append("s", expected::any{}, old_event(first_layout, 1)));
    // `failed` is not there, so the step throws.
    BOOST_TEST(failed_with(to.append("s", expected::any{}, old_event(R"({"job":"c"})", 1)),
                           errc::projection_failed, {"jobs"}));
    BOOST_TEST(must(to.append("s", expected::any{}, old_event(second_layout, 2))).first.value ==
               2U);
    BOOST_TEST(must(log->version_of("s")).value == 2U);
    BOOST_TEST(must(log->table<job>().count()) == 2U);
    BOOST_TEST(must(projections.rebuild("jobs")).is_identical);
    BOOST_TEST(must(log->verify()).sound());
}

BOOST_AUTO_TEST_CASE(a_step_that_throws_stops_its_asynchronous_projection_alone) {
    projection_set projections;
    projections.add_async(jobs{});
    add_first_step(projections);
    add_second_step(projections);
    log_under_test log{"sqlite", {.state = projections}};
    auto to = log->make_producer();
    must(to.append("s", expected::any{}, old_event(R"({"job":"c"})", 1)));
    BOOST_TEST(failed_with(projections.wait_until("jobs", log->head(), std::chrono::seconds{60}),
                           errc::projection_failed, {"jobs"}));
    must(to.append("s", expected::any{}, old_event(second_layout, 2)));
}

BOOST_AUTO_TEST_SUITE_END()
