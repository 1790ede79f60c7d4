#include <swarmlog/engine/rows.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

using swarmlog::is_like;

BOOST_AUTO_TEST_SUITE(rows_like)

BOOST_AUTO_TEST_CASE(patterns_match_as_sql_says) {
    struct row {
        std::string_view text, pattern;
        bool expected;
    };
    row const rows[] = {
        {"", "", true},
        {"", "%", true},
        {"", "_", false},
        {"abc", "abc", true},
        {"aBc", "AbC", true},
        {"abc", "ab", false},
        {"abc", "a%", true},
        {"abc", "%c", true},
        {"abc", "%b%", true},
        {"abc", "a_c", true},
        {"abc", "a__c", false},
        {"abc", "%%%", true},
        {"aab", "%ab", true},
        {"abab", "%ab", true},
        {"ababx", "%ab", false},
        {"über", "_ber", true},
        {"über", "ÜBER", false},
        {"a%b", "a%b", true},
        {"mississippi", "%iss%pi", true},
        {"mississippi", "%iss%pp", false},
    };
    for (auto const& [text, pattern, expected] : rows) {
        BOOST_TEST_CONTEXT("\"" << text << "\" like \"" << pattern << "\"") {
            BOOST_TEST(is_like(text, pattern) == expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
