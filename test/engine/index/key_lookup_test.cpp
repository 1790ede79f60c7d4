#include "index/key_lookup.hpp"

#include "indexed_log.hpp"
#include "support/failing_store.hpp"
#include "support/random_seed.hpp"

#include "index/key_enumeration.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
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

BOOST_AUTO_TEST_CASE(a_block_that_cannot_be_read_is_told_and_is_read_when_it_can) {
    std::mt19937_64 random{test::random_seed()};
    index_options options = small_index();
    options.tail_events = 4'000; // so that lists go over many blocks, and runs over several guides
    options.cache_bytes_max = 0;
    options.filter_bytes_max = 0;
    options.heads_max = 1;
    indexed_log log{options};
    for (int i = 0; i < 8'500; ++i) {
        log.append_random(random, 3, i < 4'000 ? 3'000 : 4);
        log.maybe_flush();
    }
    auto const snapshot = log.index().snapshot();
    BOOST_REQUIRE(snapshot->runs().size() > 1);
    auto const faults = std::make_shared<test::store_faults>();
    test::failing_view view{log.store().read().value(), faults};
    auto const stream = key_ref::of(key_kind::stream, "stream-1");
    auto const tag = key_ref::of(key_kind::tag, "tag-3");
    auto const at_of = [](result<std::optional<position>> const& got) -> result<std::uint64_t> {
        if (!got) { return got.error(); }
        return *got ? (*got)->value : 0;
    };
    auto const walked = [&](query const& wanted, direction towards) -> result<std::uint64_t> {
        bool const is_forwards = towards == direction::forwards;
        auto cursor = position_cursor::open(snapshot, view, wanted, towards,
                                            is_forwards ? position{1} : log.head(),
                                            is_forwards ? log.head() : position{1});
        if (!cursor) { return cursor.error(); }
        for (std::uint64_t sum = 0;;) {
            auto const next = cursor->next();
            if (!next) { return next.error(); }
            if (!*next) { return sum; }
            sum = sum * 31 + (*next)->value;
        }
    };
    std::function<result<std::uint64_t>()> const calls[] = {
        [&]() -> result<std::uint64_t> {
            auto const found = newest(*snapshot, view, stream, position{6'000});
            if (!found) { return found.error(); }
            return (*found)->count;
        },
        [&] { return at_of(last_position(*snapshot, view, tag, position{6'000})); },
        [&] { return count_of(*snapshot, view, tag, position{6'000}); },
        [&] { return at_of(position_of_version(*snapshot, view, stream, version{700})); },
        [&] { return at_of(position_of_version(*snapshot, view, stream, version{2'000})); },
        [&] { return walked(query{}.stream("stream-1"), direction::forwards); },
        [&] { return walked(query{}.stream("stream-1").tag("tag-3"), direction::backwards); },
        [&]() -> result<std::uint64_t> {
            std::uint64_t sum = 0;
            auto const all = for_each_key(
                *snapshot, view, key_kind::tag,
                [&](std::string_view, std::uint64_t count, position, position last) {
                    sum += count * last.value;
                    return true;
                },
                position{7'000});
            if (!all) { return all.error(); }
            return sum;
        },
        [&]() -> result<std::uint64_t> {
            std::uint64_t sum = 0;
            auto const all = for_each_posting(
                *snapshot, view,
                [&](key_kind, std::string_view, std::uint64_t ordinal, position at) {
                    sum += (ordinal + 1) * at.value;
                    return true;
                });
            if (!all) { return all.error(); }
            return sum;
        },
    };
    for (auto const& call : calls) {
        auto const wanted = call().value();
        std::uint64_t failures = 0;
        for (std::uint64_t nth = 1;; nth += 1 + nth / 4) {
            faults->fail_at(nth);
            auto const answer = call();
            bool const has_failed = faults->has_failed();
            faults->heal();
            if (!has_failed) { break; }
            ++failures;
            BOOST_REQUIRE(!answer);
            BOOST_TEST(answer.error().message().find(test::store_faults::words) !=
                       std::string::npos);
        }
        BOOST_TEST(failures > 0U);
        BOOST_TEST(call().value() == wanted);
    }
}

BOOST_AUTO_TEST_SUITE_END()
