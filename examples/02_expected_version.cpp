/// Conditions: an append that is taken only if the log is as its author thinks.

#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <string>
#include <string_view>

struct task_created {
    static constexpr std::string_view type = "task.created";
    std::string title;
};
BOOST_DESCRIBE_STRUCT(task_created, (), (title))

struct task_started {
    static constexpr std::string_view type = "task.started";
    std::string agent;
};
BOOST_DESCRIBE_STRUCT(task_started, (), (agent))

namespace {

int failures = 0;

/// An answer that must be this error; its message names what was found.
template <class Answer>
void expect_error(Answer const& answer, swarmlog::errc code) {
    bool const is_expected = answer.has_error() && answer.error() == code;
    failures += is_expected ? 0 : 1;
    std::cout << (answer.has_error() ? answer.error().message() : "taken") << '\n';
}

} // namespace

int main() {
    using namespace swarmlog;
    auto log = open_memory().value();
    auto writer = log.make_producer();

    // A stream begins once.
    auto const made = writer.append("task-1", expected::no_stream{}, task_created{"paint"}).value();
    expect_error(writer.append("task-1", expected::no_stream{}, task_created{"paint"}),
                 errc::stream_already_exists);

    // Optimistic concurrency on one stream: at the version that was read, or not at all.
    writer.append("task-1", expected::version{1}, task_started{"worker-1"}).value();
    expect_error(writer.append("task-1", expected::version{1}, task_started{"worker-2"}),
                 errc::wrong_version);

    // Across streams: taken unless something that matters happened since what was read.
    auto request = writer.new_append();
    request.expect(expected::none_since{made.last, query{}.type("task.started")});
    request.add("task-2", task_created{"sand"});
    expect_error(writer.append(std::move(request)), errc::condition_failed);

    // Several events for several streams are one append: all of them, or none.
    auto both = writer.new_append();
    both.expect("task-2", expected::no_stream{}).expect("task-3", expected::no_stream{});
    both.add("task-2", task_created{"sand"}).add("task-3", task_created{"prime"});
    failures += writer.append(std::move(both)).value().event_count() == 2 ? 0 : 1;
    return failures == 0 && log.head() == position{4} ? 0 : 1;
}
