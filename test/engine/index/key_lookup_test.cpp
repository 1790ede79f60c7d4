#include "index/key_lookup.hpp"

#include "indexed_log.hpp"
#include "support/random_seed.hpp"

#include "index/key_enumeration.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::detail;
using test::indexed_log;
using test::small_index;

namespace {

/// The model's answer: the positions of a key up to a bound.
std::vector<std::uint64_t> known(indexed_log const& log, key_kind kind, std::string const& name,
                                 position bound) {
    auto const found = log.postings().find({kind, name});
    if (found == log.postings().end()) { return {}; }
    auto positions = found->second;
    positions.erase(std::upper_bound(positions.begin(), positions.end(), bound.value),
                    positions.end());
    return positions;
}

} // namespace

BOOST_AUTO_TEST_SUITE(index_key_lookup)

BOOST_AUTO_TEST_CASE(versions_counts_and_last_positions_are_those_of_the_model) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 15'000; ++i) {
        log.append_random(random, 60, 10);
        log.maybe_flush();
        if (i % 15 != 0) { continue; }
        position const bound{random() % 4 == 0 ? random() % (log.head().value + 1)
                                               : log.head().value};
        auto const snapshot = log.index().snapshot();
        auto view = log.store().read().value();

        std::string const stream = "stream-" + std::to_string(random() % 65);
        auto const key = key_ref::of(key_kind::stream, stream);
        auto const positions = known(log, key_kind::stream, stream, bound);
        auto const summary = newest(*snapshot, *view, key, bound).value();
        BOOST_REQUIRE(summary.has_value() == !positions.empty());
        if (summary) {
            BOOST_TEST(summary->count == positions.size());
            BOOST_TEST(summary->last.value == positions.back());
        }
        BOOST_TEST(count_of(*snapshot, *view, key, bound).value() == positions.size());

        std::uint64_t const version_wanted = random() % (positions.size() + 3);
        auto const at =
            position_of_version(*snapshot, *view, key, version{version_wanted}, bound).value();
        bool const exists = version_wanted >= 1 && version_wanted <= positions.size();
        BOOST_REQUIRE(at.has_value() == exists);
        if (exists) { BOOST_TEST(at->value == positions[version_wanted - 1]); }

        std::string const tag = "tag-" + std::to_string(random() % 11);
        auto const tag_key = key_ref::of(key_kind::tag, tag);
        auto const tagged = known(log, key_kind::tag, tag, bound);
        BOOST_TEST(count_of(*snapshot, *view, tag_key, bound).value() == tagged.size());
        auto const last = last_position(*snapshot, *view, tag_key, bound).value();
        BOOST_TEST((last ? last->value : 0) == (tagged.empty() ? 0 : tagged.back()));
    }
}

BOOST_AUTO_TEST_CASE(all_keys_of_a_kind_are_enumerated_once_with_their_figures) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 4'030; ++i) {
        log.append_random(random, 800, 300);
        log.maybe_flush();
    }
    auto const snapshot = log.index().snapshot();
    auto view = log.store().read().value();
    for (key_kind const kind : {key_kind::stream, key_kind::type, key_kind::tag}) {
        for (position const bound : {log.head(), position{1'234}, position{4'010}}) {
            std::map<std::string, std::vector<std::uint64_t>> found;
            bool twice = false;
            for_each_key(
                *snapshot, *view, kind,
                [&](std::string_view name, std::uint64_t count, position first, position last) {
                    twice |= !found
                                  .try_emplace(std::string{name},
                                               std::vector{count, first.value, last.value})
                                  .second;
                    return true;
                },
                bound)
                .value();
            BOOST_TEST(!twice);
            std::map<std::string, std::vector<std::uint64_t>> expected;
            for (auto const& [key, all] : log.postings()) {
                auto const positions = known(log, key.first, key.second, bound);
                if (key.first == kind && !positions.empty()) {
                    expected[key.second] = {positions.size(), positions.front(), positions.back()};
                }
            }
            BOOST_TEST((found == expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_visitor_that_says_stop_is_not_called_again) {
    indexed_log log{small_index()};
    for (int i = 0; i < 10; ++i) { log.append({"s" + std::to_string(i), "t", {}}); }
    auto view = log.store().read().value();
    int calls = 0;
    for_each_key(*log.index().snapshot(), *view, key_kind::stream,
                 [&](std::string_view, std::uint64_t, position, position) { return ++calls < 3; })
        .value();
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_SUITE_END()
