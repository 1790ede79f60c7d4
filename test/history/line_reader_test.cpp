#include "history/line_reader.hpp"

#include "history/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <vector>

using namespace swarmlog;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
    scratch_folder const scratch;
    line_reader reader = line_reader::open(scratch.write("text", text)).value();
    std::vector<std::string> lines;
    std::uint64_t number = 0;
    for (;;) {
        auto const line = reader.next().value();
        if (!line) break;
        BOOST_TEST(line->number == ++number);
        lines.emplace_back(line->too_long ? "too long" : line->text);
    }
    BOOST_TEST(reader.bytes_used() == text.size());
    return lines;
}

void check_lines(std::string_view text, std::vector<std::string> const& expected) {
    BOOST_TEST(lines_of(text) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(reading_lines)

BOOST_AUTO_TEST_CASE(lines_end_in_either_way_and_the_last_need_not) {
    check_lines("", {});
    check_lines("\n", {""});
    check_lines("a\nb\r\n\nc", {"a", "b", "", "c"});
    check_lines("a\n", {"a"});
    check_lines("a\rb\r", {"a\rb"});
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_left_out_at_the_start_only) {
    check_lines("\xef\xbb\xbf{}\n\xef\xbb\xbf{}", {"{}", "\xef\xbb\xbf{}"});
}

BOOST_AUTO_TEST_CASE(lines_longer_than_a_read_are_whole) {
    std::string const longer(700'000, 'x');
    check_lines(longer + "\nshort\n" + longer, {longer, "short", longer});
}

BOOST_AUTO_TEST_CASE(a_line_over_the_limit_is_said_to_be_and_skipped) {
    std::string const over(line_reader::line_bytes_max + 1'000'000, 'x');
    check_lines("a\n" + over + "\nb\n" + over, {"a", "too long", "b", "too long"});
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_not_found) {
    scratch_folder const scratch;
    auto const missing = line_reader::open(scratch / "missing");
    BOOST_REQUIRE(!missing);
    BOOST_TEST((missing.error() == errc::not_found));
    BOOST_TEST(missing.error().message().find("missing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_beginning_has_at_most_the_bytes_asked_for) {
    scratch_folder const scratch;
    std::string const text(600'000, 'x');
    auto const file = scratch.write("text", text);
    BOOST_TEST(read_beginning(file, 10).value().size() == 10U);
    BOOST_TEST(read_beginning(file, 500'000).value().size() == 500'000U);
    BOOST_TEST(read_beginning(file, 1'000'000).value().size() == text.size());
}

BOOST_AUTO_TEST_SUITE_END()
