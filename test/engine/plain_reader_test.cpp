#include <swarmlog/engine/event_codec.hpp>

#include <boost/describe/class.hpp>
#include <boost/json/value.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plain_events {

struct step {
    static constexpr std::string_view type = "test.step";
    std::string name;
    std::int16_t count = 0;
    std::optional<double> share;
    std::vector<std::string> notes;
    boost::json::value payload;
    friend bool operator==(step const&, step const&) = default;
};
BOOST_DESCRIBE_STRUCT(step, (), (name, count, share, notes, payload))

} // namespace plain_events

using namespace std::string_view_literals;
using plain_events::step;
using swarmlog::detail::decode_document;
using swarmlog::detail::decode_plain_text;

namespace {

auto const plain_texts = boost::unit_test::data::make({
    R"({"name":"a","count":-5,"notes":["x","y"],"payload":null})"sv,
    R"( { "payload" : {"k":[1,-0.5,"t",true,{}]} , "notes" : [ ] , "count" : 0 , "name" : "" } )"sv,
    "{\"name\":\"\xc3\xa9\",\"count\":32767,\"share\":1,\"notes\":[],\"payload\":[[],[]]}"sv,
    R"({"name":"a","count":1,"share":null,"notes":[],"payload":"p","new":[{"deep":[0.25]}]})"sv,
});

/// Valid and invalid texts that have to go by a document.
auto const other_texts = boost::unit_test::data::make({
    R"({"name":"a\n","count":1,"notes":[],"payload":null})"sv,
    R"({"name":"a","count":-0,"notes":[],"payload":null})"sv,
    R"({"name":"a","count":1,"share":1e3,"notes":[],"payload":null})"sv,
    R"({"name":"a","name":"b","count":1,"notes":[],"payload":null})"sv,
    R"({"name":"a","count":1,"notes":[],"payload":{"k":1,"k":2}})"sv,
    R"({"name":"a","count":1,"notes":[],"payload":1234567890123456789})"sv,
    R"({"name":"a","count":40000,"notes":[],"payload":null})"sv,
    R"({"name":"a","count":01,"notes":[],"payload":null})"sv,
    R"({"name":"a","count":1.0,"notes":[],"payload":null})"sv,
    R"({"name":"a","count":1,"notes":["x",],"payload":null})"sv,
    R"({"name":"a","count":1,"notes":[],"payload":null,})"sv,
    R"({"name":"a","count":1,"notes":[],"payload":nul})"sv,
    R"({"name":"a","count":1,"notes":[],"payload":null} x)"sv,
    R"({"name":"a","count":1,"notes":[],"payload":null)"sv,
    R"({"name":"a","count":1,"notes":[]})"sv,
    "{\"name\":\"\xff\",\"count\":1,\"notes\":[],\"payload\":null}"sv,
    ""sv,
    "[]"sv,
});

} // namespace

BOOST_AUTO_TEST_SUITE(plain_reader)

BOOST_DATA_TEST_CASE(plain_text_gives_what_its_document_gives, plain_texts, text) {
    auto const by_document = decode_document<step>(text);
    step event;
    BOOST_TEST_REQUIRE(decode_plain_text(text, event));
    BOOST_TEST_REQUIRE(by_document.has_value());
    BOOST_TEST((event == *by_document));
}

BOOST_DATA_TEST_CASE(other_text_is_left_to_the_way_by_a_document, other_texts, text) {
    step event;
    BOOST_TEST(!decode_plain_text(text, event));
    auto const decoded = swarmlog::decode_event<step>(text);
    auto const by_document = decode_document<step>(text);
    BOOST_TEST_REQUIRE(decoded.has_value() == by_document.has_value());
    if (decoded) {
        BOOST_TEST((*decoded == *by_document));
    } else {
        BOOST_TEST(decoded.error().message() == by_document.error().message());
    }
}

BOOST_AUTO_TEST_CASE(deep_documents_are_left_to_the_way_by_a_document) {
    auto const nested = [](std::size_t levels) {
        return R"({"name":"a","count":1,"notes":[],"payload":)" + std::string(levels, '[') +
               std::string(levels, ']') + "}";
    };
    step event;
    BOOST_TEST(decode_plain_text(nested(16), event));
    BOOST_TEST(!decode_plain_text(nested(17), event));
    BOOST_TEST(swarmlog::decode_event<step>(nested(17)).has_value());
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_text_is_left_to_the_way_by_a_document) {
    std::string_view const whole =
        R"({"name":"a","count":1,"share":0.5,"notes":["x"],"payload":{"k":[1,true]}})";
    step event;
    BOOST_TEST(decode_plain_text(whole, event));
    for (std::size_t size = 0; size != whole.size(); ++size) {
        BOOST_TEST(!decode_plain_text(whole.substr(0, size), event));
    }
}

BOOST_AUTO_TEST_SUITE_END()
