#include <swarmlog/engine/detail/printable_text.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace std::string_view_literals;
using namespace swarmlog;
using detail::printable;
using detail::printable_size;
using detail::unprintable_size;

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(a_text_is_quoted_so_that_it_ends_where_it_seems_to) {
    struct row {
        std::string_view text;
        std::string_view wanted;
    };
    for (auto const& [text, wanted] : {
             row{"", R"("")"},
             row{"plain text", R"("plain text")"},
             row{R"(say "no")", R"("say \"no\"")"},
             row{R"(a\b)", R"("a\\b")"},
             row{"a\x1b[31m\n\0"sv, R"("a\x1b[31m\x0a\x00")"},
             row{"\xff\xc3\xbc", R"("\xff\xc3\xbc")"},
         }) {
        BOOST_TEST(detail::quoted(text) == wanted);
    }
    BOOST_TEST(detail::quoted(std::string(64, 'x')) == '"' + std::string(64, 'x') + '"');
    BOOST_TEST(detail::quoted(std::string(65, 'x')) == '"' + std::string(64, 'x') + "\"...");
}

BOOST_AUTO_TEST_CASE(a_text_is_shown_but_for_what_would_move_a_terminal) {
    struct row {
        std::string_view text;
        std::string_view wanted;
    };
    for (auto const& [text, wanted] : {
             row{"", ""}, row{"plain \"text\" with \\", "plain \"text\" with \\"},
             row{"t\xc3\xbcr\xe2\x82\xac", "t\xc3\xbcr\xe2\x82\xac"},
             row{"\x1b]0;title\x07", R"(\x1b]0;title\x07)"},
             row{"\xc2\x9b", R"(\xc2\x9b)"},         // a control character of two bytes
             row{"\xe2\x80\xae", R"(\xe2\x80\xae)"}, // turns the direction of writing
             row{"\xe2\x82", R"(\xe2\x82)"},         // cut short
         }) {
        BOOST_TEST(printable(std::string{text}) == wanted);
    }
    BOOST_TEST(unprintable_size("") == 0U);
    BOOST_TEST(unprintable_size("a\n") == 0U);
    BOOST_TEST(unprintable_size("\na") == 1U);
    BOOST_TEST(unprintable_size("\xe2\x80\xae...") == 3U);
    BOOST_TEST(printable_size("") == 0U);
    BOOST_TEST(printable_size("\n") == 0U);
    BOOST_TEST(printable_size("\xe2\x82\xac...") == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
