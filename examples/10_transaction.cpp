/// An optimistic transaction: it reads at leisure, and commits only if what it read still holds.

#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <string>
#include <string_view>

struct task_queued {
    static constexpr std::string_view type = "task.queued";
    std::string task;
};
BOOST_DESCRIBE_STRUCT(task_queued, (), (task))

struct task_taken {
    static constexpr std::string_view type = "task.taken";
    std::string task;
};
BOOST_DESCRIBE_STRUCT(task_taken, (), (task))

namespace {

using namespace swarmlog;

/// How many tasks a queue holds, as the transaction sees it: its own appends included.
std::size_t length_of(transaction& tx, std::string_view queue) {
    auto const queued = tx.read(query{}.stream(queue).type(task_queued::type)).value();
    auto const taken = tx.read(query{}.stream(queue).type(task_taken::type)).value();
    return queued.size() - taken.size();
}

} // namespace

int main() {
    auto log = open_memory().value();
    auto writer = log.make_producer();
    writer.append("queue-1", expected::any{}, task_queued{"42"}).value();

    // Moves a task from one queue to another: both events, or neither.
    auto move = log.begin();
    if (length_of(move, "queue-1") == 1 && length_of(move, "queue-2") == 0) {
        move.append("queue-1", task_taken{"42"}).value();
        move.append("queue-2", task_queued{"42"}).value();
    }
    bool const sees_its_own = length_of(move, "queue-2") == 1;
    bool const keeps_it = log.version_of("queue-2").value() == version{0};
    bool const committed = move.commit().has_value();

    // Somebody else writes to a stream that a transaction has read: it is told, and tries again.
    int tries = 0;
    result<receipt> answer = error{errc::conflict};
    while (!answer && answer.error() == errc::conflict) {
        auto tx = log.begin();
        std::string const next = std::to_string(length_of(tx, "queue-2"));
        if (++tries == 1) { writer.append("queue-2", expected::any{}, task_queued{"43"}).value(); }
        tx.append("queue-2", task_queued{next}).value();
        answer = tx.commit();
        if (!answer) std::cout << answer.error().message() << '\n';
    }

    // Dropped without a commit, by an exception too, a transaction leaves no trace.
    {
        auto dropped = log.begin();
        dropped.append("queue-3", task_queued{"44"}).value();
    }
    bool const no_trace = log.version_of("queue-3").value() == version{0};
    return sees_its_own && keeps_it && committed && tries == 2 && no_trace ? 0 : 1;
}
