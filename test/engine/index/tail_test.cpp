#include "index/tail.hpp"

#include "stream_key.hpp"

#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::detail;
using test::stream_key;

BOOST_AUTO_TEST_SUITE(index_tail)

BOOST_AUTO_TEST_CASE(a_key_is_found_once_it_is_inserted_and_kinds_are_apart) {
    tail recent{position{10}, 100};
    BOOST_TEST(recent.find(stream_key("a")) == nullptr);
    tail_key& key = recent.find_or_insert(stream_key("a"));
    BOOST_TEST(recent.find(stream_key("a")) == &key);
    BOOST_TEST(&recent.find_or_insert(stream_key("a")) == &key);
    BOOST_TEST(recent.find(key_ref::of(key_kind::tag, "a")) == nullptr);
    BOOST_TEST(recent.key_count() == 1);
}

BOOST_AUTO_TEST_CASE(keys_of_one_hash_are_told_apart_by_kind_and_name) {
    tail recent{position{0}, 100};
    key_ref const keys[] = {
        {key_kind::stream, "a", 7}, {key_kind::stream, "b", 7}, {key_kind::tag, "a", 7}};
    for (auto const& key : keys) { recent.append(recent.find_or_insert(key), position{1}); }
    for (auto const& key : keys) { BOOST_TEST((recent.find(key)->ref() == key)); }
    auto const sorted = recent.sorted_keys();
    BOOST_TEST(sorted.size() == 3U);
    BOOST_TEST((sorted[2].key->kind == key_kind::tag));
}

BOOST_AUTO_TEST_CASE(names_of_every_length_are_kept_beside_their_key) {
    tail recent{position{0}, 100};
    for (std::size_t size = 0; size <= 300; ++size) {
        recent.append(recent.find_or_insert(stream_key(std::string(size, 'x'))),
                      position{size + 1});
    }
    for (std::size_t size = 0; size <= 300; ++size) {
        std::string const name(size, 'x');
        tail_key const* const key = recent.find(stream_key(name));
        BOOST_REQUIRE(key != nullptr);
        BOOST_TEST(key->name == name);
        BOOST_TEST(recent.posting_at(*key, 0).value == size + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_key_without_postings_is_no_part_of_a_result) {
    tail recent{position{0}, 100};
    tail_key const& key = recent.find_or_insert(stream_key("a"));
    std::vector<std::uint64_t> found;
    recent.collect(key, position{0}, position::max(), found);
    BOOST_TEST(found.empty());
    BOOST_TEST(recent.last_at_most(key, position::max()).value == 0U);
    recent.for_each([](tail_key const&) { BOOST_ERROR("a key without postings was visited"); });
}

BOOST_AUTO_TEST_CASE(ranges_of_postings_are_those_of_a_plain_list) {
    std::mt19937_64 random{test::random_seed()};
    tail recent{position{1'000}, 100};
    tail_key& key = recent.find_or_insert(stream_key("a"));
    std::vector<std::uint64_t> all;
    std::uint64_t at = 1'000;
    for (int i = 0; i < 40'000; ++i) {
        at += 1 + random() % 3;
        recent.append(key, position{at});
        all.push_back(at);
        if (i > 40 && i % 400 != 0) { continue; }
        std::uint64_t const from = 990 + random() % (at - 980);
        std::uint64_t const upto = from + random() % (at - 980);
        auto const begin = std::lower_bound(all.begin(), all.end(), from);
        auto const end = std::upper_bound(all.begin(), all.end(), upto);
        std::vector<std::uint64_t> const expected(begin, end);
        std::vector<std::uint64_t> found;
        recent.collect(key, position{from}, position{upto}, found);
        BOOST_TEST((found == expected));

        std::size_t const limit = std::min<std::size_t>(10, expected.size());
        found.clear();
        recent.collect(key, position{from}, position{upto}, found, 10);
        BOOST_TEST(std::equal(found.begin(), found.end(), begin,
                              begin + static_cast<std::ptrdiff_t>(limit)));
        found.clear();
        recent.collect_last(key, position{from}, position{upto}, found, 10);
        BOOST_TEST(
            std::equal(found.begin(), found.end(), end - static_cast<std::ptrdiff_t>(limit), end));

        auto const past = std::upper_bound(all.begin(), all.end(), upto);
        BOOST_TEST(recent.count_at_most(key, position{upto}) ==
                   static_cast<std::size_t>(past - all.begin()));
        BOOST_TEST(recent.last_at_most(key, position{upto}).value ==
                   (past == all.begin() ? 0 : *(past - 1)));
    }
    BOOST_TEST(recent.posting_count() == all.size());
    BOOST_TEST(recent.last().value == at);
}

BOOST_AUTO_TEST_CASE(many_keys_come_out_sorted_by_hash) {
    std::mt19937_64 random{test::random_seed()};
    tail recent{position{0}, 100};
    for (std::uint64_t i = 1; i <= 20'000; ++i) {
        std::string const name = std::to_string(random());
        recent.append(recent.find_or_insert(stream_key(name)), position{i});
    }
    auto const keys = recent.sorted_keys();
    BOOST_TEST(keys.size() == 20'000U);
    BOOST_TEST(std::is_sorted(keys.begin(), keys.end(), [](auto const& left, auto const& right) {
        return left.hash < right.hash;
    }));
    std::size_t visited = 0;
    recent.for_each([&](tail_key const&) { ++visited; });
    BOOST_TEST(visited == 20'000U);
}

BOOST_AUTO_TEST_CASE(hashes_made_to_crowd_together_are_sorted_all_the_same) {
    tail recent{position{0}, 100};
    std::vector<std::string> names;
    for (int i = 0; i < 3'000; ++i) { names.push_back(std::to_string(i)); }
    for (std::size_t i = 0; i < names.size(); ++i) {
        // All but the first few start at the table's last slot and wrap around.
        std::uint64_t const hash = ~std::uint64_t{0} - 2 * i;
        recent.append(recent.find_or_insert({key_kind::stream, names[i], hash}), position{i + 1});
    }
    auto const keys = recent.sorted_keys();
    BOOST_TEST(keys.size() == names.size());
    BOOST_TEST(std::is_sorted(keys.begin(), keys.end(), [](auto const& left, auto const& right) {
        return left.hash < right.hash;
    }));
}

BOOST_AUTO_TEST_CASE(memory_of_a_retired_tail_serves_the_next) {
    auto const pool = std::make_shared<chunk_pool>(std::size_t{64} << 20);
    void const* first = nullptr;
    {
        tail old{position{0}, 100, pool};
        first = &old.find_or_insert(stream_key("a"));
    }
    tail fresh{position{0}, 100, pool};
    BOOST_TEST(&fresh.find_or_insert(stream_key("a")) == first);
}

BOOST_AUTO_TEST_CASE(readers_see_every_posting_up_to_the_published_head) {
    constexpr std::uint64_t events = 60'000;
    tail recent{position{0}, 100};
    std::atomic<std::uint64_t> head{0};
    std::atomic<bool> wrong{false};
    // Event p is of stream p % 977 and of the one type.
    auto const read = [&] {
        while (head.load(std::memory_order_acquire) < events) {
            std::uint64_t const bound = head.load(std::memory_order_acquire);
            if (bound == 0) { continue; }
            std::vector<std::uint64_t> found;
            tail_key const* const type = recent.find(key_ref::of(key_kind::type, "t"));
            recent.collect(*type, position{bound / 2 + 1}, position{bound}, found);
            bool fits = found.size() == bound - bound / 2 && found.back() == bound;
            std::string const name = std::to_string(bound % 977);
            tail_key const* const last = recent.find(stream_key(name));
            fits = fits && last != nullptr &&
                   recent.last_at_most(*last, position{bound}).value == bound;
            if (!fits) { wrong.store(true); }
        }
    };
    std::thread first{read};
    std::thread second{read};
    for (std::uint64_t at = 1; at <= events; ++at) {
        std::string const name = std::to_string(at % 977);
        recent.append(recent.find_or_insert(stream_key(name)), position{at});
        recent.append(recent.find_or_insert(key_ref::of(key_kind::type, "t")), position{at});
        head.store(at, std::memory_order_release);
    }
    first.join();
    second.join();
    BOOST_TEST(!wrong.load());
}

BOOST_AUTO_TEST_SUITE_END()
