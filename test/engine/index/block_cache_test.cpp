#include "index/block_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using swarmlog::detail::block_cache;

namespace {

block_cache::shared_block block_of(std::uint64_t run, std::uint32_t block) {
    return std::make_shared<std::string const>(std::to_string(run) + "/" + std::to_string(block));
}

} // namespace

BOOST_AUTO_TEST_SUITE(index_block_cache)

BOOST_AUTO_TEST_CASE(a_block_is_found_as_it_was_kept_or_not_at_all) {
    block_cache blocks{256 * block_cache::slot_bytes};
    std::size_t found = 0;
    for (std::uint64_t run = 1; run <= 4; ++run) {
        for (std::uint32_t block = 0; block != 200; ++block) {
            BOOST_TEST(blocks.find(run, block) == nullptr);
            blocks.keep(run, block, block_of(run, block));
        }
    }
    std::size_t bytes = 0;
    for (std::uint64_t run = 1; run <= 4; ++run) {
        for (std::uint32_t block = 0; block != 200; ++block) {
            auto const here = blocks.find(run, block);
            if (here == nullptr) { continue; }
            ++found;
            bytes += here->size();
            BOOST_TEST(*here == *block_of(run, block));
        }
    }
    BOOST_TEST(found <= 256U);
    BOOST_TEST(found > 200U);
    BOOST_TEST(blocks.bytes() == bytes);
}

BOOST_AUTO_TEST_CASE(what_is_used_stays_and_what_is_not_makes_room) {
    block_cache blocks{4 * block_cache::slot_bytes}; // one set: each block competes with each
    for (std::uint32_t block = 0; block != 4; ++block) {
        blocks.keep(1, block, block_of(1, block));
    }
    for (std::uint32_t block = 4; block != 100; ++block) {
        BOOST_TEST(blocks.find(1, 0) != nullptr);
        blocks.keep(1, block, block_of(1, block));
        BOOST_TEST(blocks.find(1, block) != nullptr);
    }
    BOOST_TEST(blocks.find(1, 0) != nullptr);
    BOOST_TEST(blocks.find(1, 1) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_block_that_is_kept_twice_is_here_once) {
    block_cache blocks{4 * block_cache::slot_bytes};
    auto const first = block_of(3, 1);
    blocks.keep(3, 1, first);
    blocks.keep(3, 1, block_of(3, 1));
    BOOST_TEST(blocks.find(3, 1) == first);
    BOOST_TEST(blocks.bytes() == first->size());
}

BOOST_AUTO_TEST_CASE(blocks_that_do_not_fit_are_not_kept) {
    block_cache blocks{4 * block_cache::slot_bytes};
    blocks.keep(1, 1, std::make_shared<std::string const>(block_cache::slot_bytes + 1, 'x'));
    BOOST_TEST(blocks.find(1, 1) == nullptr);
    block_cache none{block_cache::slot_bytes - 1};
    none.keep(1, 1, block_of(1, 1));
    BOOST_TEST(none.find(1, 1) == nullptr);
    BOOST_TEST(none.bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
