/// Typed queries: columns are named by members, values are bound, and the answer is the same on
/// every backend.

#include <swarmlog/projections/repository.hpp>
#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <string>
#include <string_view>

using namespace swarmlog;

enum class job_state { waiting, done };
BOOST_DESCRIBE_ENUM(job_state, waiting, done)

struct job {
    std::string id, owner;
    job_state state = job_state::waiting;
    std::int64_t minutes = 0;
};
BOOST_DESCRIBE_STRUCT(job, (), (id, owner, state, minutes))

struct jobs {
    static constexpr std::string_view name = "jobs";
    static constexpr std::uint32_t version = 1;
    using row_type = job;
    static constexpr auto key = &job::id;
    // A query by owner and state reads only what it asks for.
    static std::vector<index_spec> indexes() { return {index_on(&job::owner, &job::state)}; }
};

int main() {
    projection_set projections;
    projections.add(repository_table<jobs>{});
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();
    repository<jobs> all{log};
    all.save({"1", "ann", job_state::waiting, 30}).value();
    all.save({"2", "bob", job_state::done, 5}).value();
    all.save({"3", "ann", job_state::waiting, 90}).value();
    all.save({"4", "ann", job_state::done, 10}).value();

    // The longest first.
    auto const waiting = log.query<job>()
                             .where(eq(&job::owner, "ann") && eq(&job::state, job_state::waiting))
                             .order_by(&job::minutes, descending)
                             .limit(10)
                             .all()
                             .value();
    for (job const& each : waiting) { std::cout << each.id << ' ' << each.minutes << '\n'; }

    // Counted and added up for each owner.
    auto const by_owner =
        log.query<job>().group_by(&job::owner).aggregate(count_of_rows(), sum(&job::minutes));
    for (auto const& group : by_owner.value()) {
        auto const& [rows, minutes] = group.values;
        std::cout << std::get<0>(group.by) << ": " << rows << " jobs, " << minutes.value_or(0)
                  << " minutes\n";
    }

    // Text from outside stays text: it cannot become a part of the query.
    std::string const from_outside = "ann' OR '1' = '1";
    auto const none = log.query<job>().where(eq(&job::owner, from_outside)).count().value();
    return waiting.size() == 2 && waiting[0].id == "3" && by_owner.value().size() == 2 && none == 0
               ? 0
               : 1;
}
