#include "index/heads_cache.hpp"

#include "stream_key.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace swarmlog::detail;
using swarmlog::test::stream_key;

BOOST_AUTO_TEST_SUITE(index_heads_cache)

BOOST_AUTO_TEST_CASE(what_was_put_last_is_found_or_forgotten_but_never_wrong) {
    heads_cache heads{1'000};
    for (std::uint64_t round = 1; round <= 3; ++round) {
        for (std::uint64_t i = 0; i < 5'000; ++i) {
            heads.put(stream_key("s" + std::to_string(i)), {round, round * 10'000 + i});
        }
        std::size_t found = 0;
        for (std::uint64_t i = 0; i < 5'000; ++i) {
            auto const head = heads.find(stream_key("s" + std::to_string(i)));
            if (!head) { continue; }
            ++found;
            BOOST_TEST(head->last_position == head->count * 10'000 + i);
            BOOST_TEST(head->count == round);
        }
        BOOST_TEST(found == heads.size());
        BOOST_TEST(found <= 1'000U);
        BOOST_TEST(found > 500U);
    }
}

BOOST_AUTO_TEST_CASE(few_streams_are_all_kept) {
    heads_cache heads{262'144};
    for (std::uint64_t i = 0; i < 500; ++i) {
        heads.put(stream_key(std::to_string(i)), {1, i + 1});
    }
    std::size_t found = 0;
    for (std::uint64_t i = 0; i < 500; ++i) {
        found += heads.find(stream_key(std::to_string(i))) ? 1U : 0U;
    }
    BOOST_TEST(found == 500U);
}

BOOST_AUTO_TEST_CASE(names_of_one_hash_are_told_apart) {
    heads_cache heads{1'000};
    heads.put({key_kind::stream, "a", 7}, {1, 1});
    BOOST_TEST(!heads.find({key_kind::stream, "b", 7}));
    heads.put({key_kind::stream, "b", 7}, {2, 2});
    BOOST_TEST(heads.find({key_kind::stream, "a", 7})->count == 1U);
    BOOST_TEST(heads.find({key_kind::stream, "b", 7})->count == 2U);
}

BOOST_AUTO_TEST_CASE(a_cache_for_hardly_any_heads_keeps_to_its_bound) {
    for (std::size_t const bound : {0U, 1U, 4U, 7U}) {
        heads_cache heads{bound};
        for (std::uint64_t i = 0; i < 100; ++i) {
            heads.put(stream_key(std::to_string(i)), {1, i + 1});
        }
        BOOST_TEST(heads.size() <= bound);
    }
}

BOOST_AUTO_TEST_SUITE_END()
