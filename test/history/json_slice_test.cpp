#include "history/json_slice.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace swarmlog;

BOOST_AUTO_TEST_SUITE(json_slice)

BOOST_AUTO_TEST_CASE(a_member_is_the_bytes_as_they_are_written) {
    std::string const text = R"( { "a" : 1.50e+2 , "b":{"x":[1, {"y":"}]"}]} ,"c":"\"q\\"} )";
    BOOST_REQUIRE(!check_json(text));
    std::string_view const object = trim_json(text);
    BOOST_TEST(*find_json_member(object, "a") == "1.50e+2");
    BOOST_TEST(*find_json_member(object, "b") == R"({"x":[1, {"y":"}]"}]})");
    BOOST_TEST(*find_json_member(object, "c") == R"("\"q\\")");
    BOOST_TEST(!find_json_member(object, "d"));
    BOOST_TEST(!find_json_member(object, "x"));
}

BOOST_AUTO_TEST_CASE(an_escaped_key_is_found_by_what_it_says) {
    BOOST_TEST(*find_json_member(R"({"d\u0061ta":true})", "data") == "true");
    BOOST_TEST(!find_json_member(R"({"d\u0061ta":true})", "d\\u0061ta"));
}

BOOST_AUTO_TEST_CASE(the_first_of_two_members_of_a_name_is_found) {
    BOOST_TEST(*find_json_member(R"({"a":1,"a":2})", "a") == "1");
}

BOOST_AUTO_TEST_CASE(elements_are_walked_in_order) {
    std::string const text = R"([ 1, "a,b" ,[2,[3]], {"k":[]},null ])";
    json_array_walk elements(text);
    std::vector<std::string> found;
    while (auto const element = elements.next()) found.emplace_back(*element);
    std::vector<std::string> const expected{"1", "\"a,b\"", "[2,[3]]", "{\"k\":[]}", "null"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_is_walked_in_what_is_empty_or_of_another_kind) {
    BOOST_TEST(!json_array_walk("[]").next());
    BOOST_TEST(!json_array_walk("[ ]").next());
    BOOST_TEST(!json_array_walk("{}").next());
    BOOST_TEST(!json_object_walk("{ }").next());
    BOOST_TEST(!json_object_walk("[1]").next());
    BOOST_TEST(!json_object_walk("").next());
}

BOOST_AUTO_TEST_CASE(text_of_a_string_has_its_escapes_resolved) {
    BOOST_TEST(json_string_text(R"("plain")") == "plain");
    BOOST_TEST(json_string_text(R"("a\tb\u00e9\ud83d\ude00\"")") == "a\tb\u00e9\U0001f600\"");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_its_place) {
    BOOST_TEST(check_json("{\"a\":1,}").has_value());
    BOOST_TEST(check_json("").has_value());
    BOOST_TEST(check_json("{\"a\":1} x")->offset == 8U);
    BOOST_TEST(check_json("{\"a\":\"\xff\"}").has_value());
    BOOST_TEST(check_json("[[[[1]]]]", 3).has_value());
    BOOST_TEST(!check_json("[[[1]]]", 3).has_value());
}

BOOST_AUTO_TEST_CASE(walking_over_text_that_is_not_json_stays_inside_of_it) {
    for (std::string const text : {"{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":{",
                                   "{\"a\":[\"\\", "[", "[1", "[1,", "[\"", "[\"\\", "[{", "[]]"}) {
        std::vector<char> const exact(text.begin(), text.end());
        std::string_view const view(exact.data(), exact.size());
        json_object_walk members(view);
        while (members.next()) {}
        json_array_walk elements(view);
        while (elements.next()) {}
        BOOST_TEST(!find_json_member(view, "b"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
