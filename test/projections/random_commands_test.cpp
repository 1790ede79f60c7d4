// Sequences of commands made at random get the same answers and leave the same rows on both
// backends; and those rows are what a reopened log has, what a rebuild makes, and what the log
// says of its head.
#include "support/effort.hpp"
#include "support/log_under_test.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

using command = std::function<result<void>(decision&)>;

/// Commands of a small swarm of their own: ids begin with the sequence's number.
class command_maker {
public:
    std::vector<command> sequence(std::size_t number) {
        prefix_ = std::to_string(number) + '-';
        std::vector<command> made;
        for (std::size_t left = 5 + below(16); left != 0; --left) { made.push_back(any()); }
        return made;
    }
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_);
    }

private:
    std::string agent() { return prefix_ + 'a' + std::to_string(below(3)); }
    std::string task() { return prefix_ + 't' + std::to_string(below(5)); }
    std::string message() { return prefix_ + 'm' + std::to_string(below(3)); }

    std::vector<std::string> some(char const* first, char const* second) {
        std::vector<std::string> made;
        if (below(3) == 0) { made.emplace_back(first); }
        if (below(3) == 0) { made.emplace_back(second); }
        return made;
    }

    command any() {
        switch (below(22)) {
        case 0:
        case 1:
        case 2: return swarm::register_agent{.id = agent(), .capabilities = some("cpp", "sql")};
        case 3: return swarm::remove_agent{agent()};
        case 4:
        case 5:
        case 6: return new_task();
        case 7: return swarm::claim_next{agent()};
        case 8: return swarm::claim_task{task(), agent()};
        case 9: return swarm::start_task{task(), agent()};
        case 10: return swarm::complete_task{task(), agent(), {{"by", prefix_}}};
        case 11: return swarm::fail_task{task(), agent(), "x"};
        case 12: return swarm::release_task{task()};
        case 13: return swarm::heartbeat{agent()};
        case 14: return swarm::reopen_task{task(), agent()};
        case 15: return swarm::annotate_task{task(), {{"note", static_cast<int>(below(9))}}};
        case 16: return swarm::cancel_task{task()};
        case 17:
            return swarm::set_agent_status{agent(), static_cast<swarm::agent_status>(below(5))};
        case 18: return swarm::send_message{message(), agent(), agent()};
        case 19: return swarm::broadcast{message(), agent()};
        case 20: return swarm::mark_read{message(), agent()};
        default: return new_metric();
        }
    }
    command new_task() {
        std::vector<std::string> dependencies;
        if (below(3) == 0) { dependencies.push_back(task()); }
        return swarm::create_task{.id = task(),
                                  .priority = static_cast<swarm::task_priority>(below(4)),
                                  .dependencies = std::move(dependencies),
                                  .required_capabilities = some("cpp", "gpu"),
                                  .max_retries = static_cast<std::uint32_t>(below(3))};
    }
    command new_metric() {
        swarm::metric_recorded metric;
        metric.metric_type = below(2) == 0 ? "latency" : "load";
        metric.agent_id = agent();
        metric.value = static_cast<double>(below(1'000)) / 8;
        metric.unit = below(2) == 0 ? "ms" : "s";
        return swarm::record_metric{metric};
    }

    std::string prefix_;
    std::mt19937_64 random_{random_seed()};
};

struct swarm_rows {
    std::vector<swarm::agent> agents;
    std::vector<swarm::task> tasks;
    std::vector<swarm::message> messages;
    std::vector<swarm::metric> metrics;
    friend bool operator==(swarm_rows const&, swarm_rows const&) = default;
};

/// Of a log, or of a moment of one.
template <class Tables>
swarm_rows rows_of(Tables const& tables) {
    return {must(tables.template table<swarm::agent>().all()),
            must(tables.template table<swarm::task>().all()),
            must(tables.template table<swarm::message>().all()),
            must(tables.template table<swarm::metric>().all())};
}

struct swarm_under_test {
    explicit swarm_under_test(std::string_view backend) : log(backend, options()) {}
    log_options options() {
        swarm::add_projections(projections);
        log_options made;
        made.state = projections;
        return made;
    }

    /// What each command answered, in words.
    std::vector<std::string> run(std::vector<command> const& sequence, bool in_one_decision) {
        std::vector<std::string> answers;
        if (in_one_decision) {
            must(log->decide([&](decision& now) {
                for (command const& each : sequence) { answers.push_back(word_of(each(now))); }
            }));
            return answers;
        }
        for (command const& each : sequence) { answers.push_back(word_of(log->decide(each))); }
        return answers;
    }

    projection_set projections;
    log_under_test log;

private:
    template <class T>
    static std::string word_of(result<T> const& answer) {
        return answer ? "done" : answer.error().message();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(random_commands)

BOOST_AUTO_TEST_CASE(sequences_leave_the_same_rows_everywhere) {
    constexpr std::size_t sequences_a_log = 50;
    command_maker maker;
    for (std::size_t number = 0; number != rounds(10'000);) {
        swarm_under_test in_file{"sqlite"};
        swarm_under_test in_memory{"memory"};
        for (std::size_t end = number + sequences_a_log; number != end; ++number) {
            auto const sequence = maker.sequence(number);
            bool const in_one_decision = maker.below(4) != 0;
            auto const answers = in_file.run(sequence, in_one_decision);
            BOOST_TEST_REQUIRE(in_memory.run(sequence, in_one_decision) == answers,
                               boost::test_tools::per_element());
        }
        swarm_rows const rows = rows_of(*in_file.log);
        BOOST_TEST(rows.tasks.size() > sequences_a_log / 4);
        for (swarm_under_test* const on : {&in_file, &in_memory}) {
            BOOST_TEST_REQUIRE((rows_of(*on->log) == rows));
            BOOST_TEST((rows_of(must(on->log->as_of(on->log->head()))) == rows));
            for (char const* const table : {"agents", "tasks", "messages", "metrics"}) {
                BOOST_TEST(must(on->projections.rebuild(table)).is_identical);
            }
            on->log.reopen();
            BOOST_TEST((rows_of(*on->log) == rows));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
