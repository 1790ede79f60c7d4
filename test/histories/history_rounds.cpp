#include "histories/history_rounds.hpp"

#include "histories/recording.hpp"
#include "histories/rules.hpp"
#include "support/log_under_test.hpp"

#include <boost/test/unit_test.hpp>

namespace swarmlog::test {

namespace {

/// Every other log goes through many records, index runs and merges, and turns appends away.
log_options options_for(std::uint64_t seed) {
    log_options options;
    if (seed % 2 == 0) { return options; }
    options.record_bytes = 512;
    options.index_tail_events = 2'048;
    options.record_cache_bytes = 64 * 1024;
    options.stream_heads_max = 64;
    options.group_events_max = 512;
    options.queue_appends_max = 2'048;
    options.page_events = 16;
    return options;
}

judged_histories judge(history const& recorded) {
    timeline const times{recorded};
    judged_histories judged{recorded.operation_count(), 0};
    for (rule const& each : all_rules()) {
        findings found;
        each.check(recorded, times, found);
        judged.violations += found.count();
        for (std::string const& text : found.texts()) { BOOST_ERROR(each.name << ": " << text); }
    }
    return judged;
}

judged_histories judge_one(std::string_view backend, std::uint64_t seed, std::uint64_t operations) {
    log_under_test log{backend, options_for(seed)};
    auto made = record_history(*log, seed, {.operations = operations});
    for (std::string const& failure : made.failures) { BOOST_ERROR(failure); }
    check_sound(*log);
    log.reopen();
    std::string const unread = read_log(*log, made.recorded);
    BOOST_REQUIRE_MESSAGE(unread.empty(), unread);
    return judge(made.recorded);
}

} // namespace

judged_histories judge_histories(std::string_view backend, std::uint64_t seed, unsigned seeds,
                                 std::uint64_t operations) {
    judged_histories all;
    for (std::uint64_t each = seed; each != seed + seeds; ++each) {
        BOOST_TEST_CONTEXT("seed " << each) { all += judge_one(backend, each, operations); }
    }
    return all;
}

} // namespace swarmlog::test
