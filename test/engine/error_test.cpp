#include <swarmlog/engine/error.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <cctype>
#include <set>
#include <string>

using swarmlog::errc;
using swarmlog::error;
using swarmlog::result;

namespace {

constexpr int first_code = static_cast<int>(errc::empty_append);
constexpr int last_code = static_cast<int>(errc::unsupported);

errc code_at(int number) { return static_cast<errc>(number); }

result<int> failing_with(error failure) { return failure; }

} // namespace

BOOST_AUTO_TEST_SUITE(error_test)

BOOST_AUTO_TEST_CASE(every_code_has_one_sentence_of_its_own) {
    std::set<std::string> sentences;
    for (int number = first_code; number <= last_code; ++number) {
        std::string const sentence = error(code_at(number)).message();
        BOOST_TEST_CONTEXT("code " << number << ": " << sentence) {
            BOOST_TEST(sentence.size() > 10u);
            BOOST_TEST(std::isupper(static_cast<unsigned char>(sentence.front())) != 0);
            BOOST_TEST(sentence.back() == '.');
            BOOST_TEST(sentences.insert(sentence).second);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_code_still_has_a_message) {
    BOOST_TEST(!error(code_at(last_code + 1)).message().empty());
    BOOST_TEST(error(code_at(last_code + 1)).message() != error(code_at(last_code)).message());
}

BOOST_AUTO_TEST_CASE(every_code_is_of_at_most_one_kind) {
    for (int number = first_code; number <= last_code; ++number) {
        error const failure(code_at(number));
        int const kinds =
            int{failure.is_rejected()} + int{failure.is_refused()} + int{failure.is_in_doubt()};
        bool const is_of_an_append = number <= static_cast<int>(errc::in_doubt);
        BOOST_TEST_CONTEXT("code " << number) { BOOST_TEST(kinds == (is_of_an_append ? 1 : 0)); }
    }
}

BOOST_AUTO_TEST_CASE(kinds_end_where_the_header_says) {
    BOOST_TEST(error(errc::empty_append).is_rejected());
    BOOST_TEST(error(errc::invalid_argument).is_rejected());
    BOOST_TEST(error(errc::wrong_version).is_rejected());
    BOOST_TEST(error(errc::disk_full).is_rejected());
    BOOST_TEST(!error(errc::queue_full).is_rejected());
    BOOST_TEST(error(errc::queue_full).is_refused());
    BOOST_TEST(error(errc::cancelled).is_refused());
    BOOST_TEST(!error(errc::in_doubt).is_refused());
    BOOST_TEST(error(errc::in_doubt).is_in_doubt());
    BOOST_TEST(!error(errc::already_open).is_in_doubt());
}

BOOST_AUTO_TEST_CASE(no_error_is_of_no_kind_and_has_a_message) {
    error const none;
    BOOST_TEST(!none.code().failed());
    BOOST_TEST(!none.is_rejected());
    BOOST_TEST(!none.is_refused());
    BOOST_TEST(!none.is_in_doubt());
    BOOST_TEST(!none.message().empty());
}

BOOST_AUTO_TEST_CASE(a_detail_replaces_the_sentence) {
    error const failure(errc::queue_full, "The queue holds 8 of 8 appends.");
    BOOST_TEST(failure.message() == "The queue holds 8 of 8 appends.");
    BOOST_TEST((failure == errc::queue_full));
    BOOST_TEST(!(failure == errc::closed));
}

BOOST_AUTO_TEST_CASE(a_code_converts_to_boosts_error_code) {
    boost::system::error_code const code = errc::corrupt;
    BOOST_TEST((code == errc::corrupt));
    BOOST_TEST((code.category() == swarmlog::swarmlog_category()));
    BOOST_TEST(code.category().name() == std::string("swarmlog"));
    BOOST_TEST(code.failed());
    char buffer[8];
    BOOST_TEST(std::string(code.message(buffer, sizeof buffer)) == code.message());
}

BOOST_AUTO_TEST_CASE(a_code_of_another_category_is_never_equal) {
    boost::system::error_code const other(static_cast<int>(errc::corrupt),
                                          boost::system::generic_category());
    BOOST_TEST((other != swarmlog::make_error_code(errc::corrupt)));
}

BOOST_AUTO_TEST_CASE(value_throws_a_system_error_with_code_and_detail) {
    auto const has_code_and_detail = [](boost::system::system_error const& thrown) {
        return thrown.code() == swarmlog::make_error_code(errc::wrong_version) &&
               std::string(thrown.what()).find("expected 3, found 4") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(
        failing_with(error(errc::wrong_version, "task-42: expected 3, found 4")).value(),
        boost::system::system_error, has_code_and_detail);
}

BOOST_AUTO_TEST_CASE(value_throws_the_sentence_when_there_is_no_detail) {
    auto const has_sentence = [](boost::system::system_error const& thrown) {
        return std::string(thrown.what()).find("The log is closed.") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(failing_with(errc::closed).value(), boost::system::system_error,
                          has_sentence);
}

BOOST_AUTO_TEST_SUITE_END()
