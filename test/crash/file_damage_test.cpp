#include "crash/damaged_log.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <random>
#include <string>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(file_damage)

BOOST_AUTO_TEST_CASE(a_flipped_byte_anywhere_in_the_main_file_never_changes_what_is_read) {
    std::mt19937_64 random{random_seed()};
    damaged_log file;
    std::string const whole = bytes_of_file(file.path);
    std::string const lock = bytes_of_file(file.path.string() + ".lock");
    unsigned noticed = 0;
    for (unsigned round = 0; round != 120; ++round) {
        std::string damaged = whole;
        // Headers of pages are few bytes and much depends on them.
        std::size_t const page = random() % (whole.size() / 4096);
        std::size_t const at = page * 4096 + (round % 3 == 0 ? random() % 64 : random() % 4096);
        auto const flipped = static_cast<char>(1U << random() % 8);
        damaged[at] = static_cast<char>(damaged[at] ^ flipped);
        write_file(file.path, damaged);
        write_file(file.path.string() + ".lock", lock);
        BOOST_TEST_CONTEXT("byte " << at << " of page " << page + 1 << ", bit " << int{flipped}) {
            if (file.check_damage()) { ++noticed; }
        }
    }
    BOOST_TEST_MESSAGE(noticed << " of 120 flips were noticed");
    BOOST_TEST(noticed > 20U);
}

BOOST_AUTO_TEST_CASE(a_main_file_cut_short_is_corrupt) {
    damaged_log file;
    std::string const whole = bytes_of_file(file.path);
    std::string const lock = bytes_of_file(file.path.string() + ".lock");
    for (std::size_t const size :
         {whole.size() - 1, whole.size() - 4096, whole.size() / 2, std::size_t{4096 * 3},
          std::size_t{4096}, std::size_t{5000}, std::size_t{100}, std::size_t{50}}) {
        write_file(file.path, whole.substr(0, size));
        write_file(file.path.string() + ".lock", lock);
        BOOST_TEST_CONTEXT("cut to " << size << " of " << whole.size()) {
            BOOST_TEST(file.check_damage());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
