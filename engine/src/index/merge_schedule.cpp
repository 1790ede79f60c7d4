#include "index/merge_schedule.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::detail {

namespace {

using run_list = std::vector<std::shared_ptr<run const>>;

/// A merge is spread over half of the flushes until its level is due again. That makes each
/// flush pay for about two flushes' entries a level, whatever the runs' size.
constexpr std::uint64_t steps_at_level_0 = merge_schedule::fan_in / 2;
/// Below this a step is not worth its trouble; it takes about half a millisecond.
constexpr std::uint64_t step_entries_min = 4'096;
/// A flush adds one run and merges leave 1/7 of a run more: two a flush keep up.
constexpr std::size_t runs_erased_max = 2;

std::uint64_t share_of(run_merge const& job) {
    std::uint64_t steps = steps_at_level_0;
    for (std::uint32_t level = 0; level < std::min(job.level(), 12U); ++level) {
        steps *= merge_schedule::fan_in;
    }
    return std::max(job.input_entries() / steps + 1, step_entries_min);
}

void replace_inputs(run_list& runs, run_merge const& job) {
    std::uint64_t const first_id = job.inputs().front()->meta().id;
    auto const begin = std::find_if(runs.begin(), runs.end(),
                                    [&](auto const& each) { return each->meta().id == first_id; });
    auto const end = begin + static_cast<std::ptrdiff_t>(job.inputs().size());
    *begin = job.output();
    runs.erase(begin + 1, end);
}

} // namespace

void merge_schedule::start(run_list const& runs) {
    for (auto const& each : runs) { next_run_id_ = std::max(next_run_id_, each->meta().id + 1); }
}

result<void> merge_schedule::advance(write_transaction& transaction, run_list& runs) {
    if (auto erased = erase_garbage(transaction); !erased) { return erased; }
    start_due_jobs(runs);
    for (auto& job : jobs_) {
        auto const finished = job->step(transaction, share_of(*job));
        if (finished) {
            if (*finished) { replace_inputs(runs, *job); }
        } else if (finished.error() == errc::corrupt) {
            give_up(job, finished.error());
        } else {
            return finished.error();
        }
    }
    std::erase(jobs_, nullptr);
    return {};
}

void merge_schedule::give_up(std::unique_ptr<run_merge>& job, error why) {
    levels_given_up_.push_back(job->level());
    garbage_.push_back({job->output_id(), {}});
    failure_ = std::move(why);
    job.reset();
}

void merge_schedule::start_due_jobs(run_list const& runs) {
    for (auto begin = runs.begin(); begin != runs.end();) {
        std::uint32_t const level = (*begin)->meta().level;
        auto const end = std::find_if(
            begin, runs.end(), [level](auto const& each) { return each->meta().level != level; });
        bool const given_up = std::find(levels_given_up_.begin(), levels_given_up_.end(), level) !=
                              levels_given_up_.end();
        bool const busy = std::any_of(jobs_.begin(), jobs_.end(),
                                      [level](auto const& job) { return job->level() == level; });
        if (!given_up && !busy && static_cast<std::size_t>(end - begin) >= fan_in) {
            jobs_.push_back(std::make_unique<run_merge>(
                run_list(begin, begin + static_cast<std::ptrdiff_t>(fan_in)), take_run_id()));
        }
        begin = end;
    }
}

result<void> merge_schedule::erase_garbage(write_transaction& transaction) {
    for (auto each = garbage_.begin();
         each != garbage_.end() && erased_in_hand_.size() < runs_erased_max;) {
        if (!each->lease.expired()) {
            ++each;
            continue;
        }
        erased_in_hand_.push_back(*each);
        each = garbage_.erase(each);
        auto erased = transaction.erase_run_blocks(erased_in_hand_.back().run);
        if (!erased) { return erased; }
    }
    return {};
}

void merge_schedule::committed() {
    erased_in_hand_.clear();
    for (auto const& job : jobs_) {
        if (!job->output()) { continue; }
        for (auto const& each : job->inputs()) {
            garbage_.push_back({each->meta().id, each->lease()});
        }
    }
    std::erase_if(jobs_, [](auto const& job) { return job->output() != nullptr; });
}

void merge_schedule::failed() {
    garbage_.insert(garbage_.end(), erased_in_hand_.begin(), erased_in_hand_.end());
    erased_in_hand_.clear();
    for (auto const& job : jobs_) { garbage_.push_back({job->output_id(), {}}); }
    jobs_.clear();
}

} // namespace swarmlog::detail
