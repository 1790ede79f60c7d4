#include <swarmlog/version.hpp>

#include <boost/test/unit_test.hpp>

#include <charconv>
#include <string_view>

BOOST_AUTO_TEST_SUITE(version_of_the_library)

BOOST_AUTO_TEST_CASE(the_library_is_of_its_headers_version) {
    BOOST_TEST(swarmlog::library_version() == swarmlog::header_version);
}

BOOST_AUTO_TEST_CASE(the_number_says_what_the_text_says) {
    int number = 0;
    std::string_view rest = swarmlog::header_version;
    for (int const weight : {10'000, 100, 1}) {
        int part = -1;
        auto const read = std::from_chars(rest.data(), rest.data() + rest.size(), part);
        BOOST_TEST_REQUIRE(part >= 0);
        number += weight * part;
        rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
        if (weight != 1) {
            BOOST_TEST_REQUIRE(rest.starts_with('.'));
            rest.remove_prefix(1);
        }
    }
    BOOST_TEST(rest.empty());
    BOOST_TEST(number == SWARMLOG_VERSION);
}

BOOST_AUTO_TEST_SUITE_END()
