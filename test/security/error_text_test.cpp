// Errors say what was wrong, and quote nothing of what events hold.
#include "projections/task_board.hpp"
#include "support/log_under_test.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>

#include <boost/json/value.hpp>

#include <sqlite3.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// In no text of the program's own, and long enough to be cut where an error is cut.
constexpr std::string_view marker = "XYZZY";

/// A field of each kind that can be wrong in a way of its own.
struct secret_event {
    static constexpr std::string_view type = "secret.kept";
    std::string text;
    std::int8_t small = 0;
    board::state state = board::state::open;
    timestamp at{};
    event_id id{};
    std::map<std::string, std::int32_t> numbers;
    std::vector<double> shares;
};
BOOST_DESCRIBE_STRUCT(secret_event, (), (text, small, state, at, id, numbers, shares))

struct secret_row {
    std::string id;
    board::state state = board::state::open;
    std::map<std::string, std::string> notes;
};
BOOST_DESCRIBE_STRUCT(secret_row, (), (id, state, notes))

/// A projection that fails on what it is given.
struct careless {
    static constexpr std::string_view name = "careless";
    static constexpr std::uint32_t version = 1;
    using row_type = secret_row;
    static constexpr auto key = &secret_row::id;
    using handles = event_types<secret_event>;
    void apply(secret_event const& event, event_view const&, rows<secret_row>& to) const {
        to.put({event.text, event.state, {}});
    }
};

std::string secret(std::string_view around = {}) {
    return std::string{around} + std::string{marker} + std::string{around};
}

/// JSON of a `secret_event`, with one member written otherwise.
std::string event_with(std::string_view member, std::string_view value) {
    std::string text = "{";
    for (auto const& [name, good] : std::vector<std::pair<std::string, std::string>>{
             {"text", '"' + secret() + '"'},
             {"small", "1"},
             {"state", "\"open\""},
             {"at", "\"2026-01-01T00:00:00Z\""},
             {"id", "\"01890a5d-ac96-774b-bcce-b302099a8057\""},
             {"numbers", "{}"},
             {"shares", "[]"}}) {
        text += (text == "{" ? "\"" : ",\"") + name + "\":";
        text += name == member ? std::string{value} : good;
    }
    return text + '}';
}

struct said {
    std::string what;
    std::string message;
};

template <class T>
void keep(std::vector<said>& all, std::string const& what, result<T> const& got) {
    BOOST_TEST(!got, what << " succeeded");
    if (!got) { all.push_back({what, got.error().message()}); }
}

void check_silent(std::vector<said> const& all) {
    for (auto const& [what, message] : all) {
        BOOST_TEST(message.find(marker) == std::string::npos, what << ": " << message);
        BOOST_TEST(message.find(marker.substr(0, 3)) == std::string::npos, what << ": " << message);
        BOOST_TEST(message.find("4711") == std::string::npos, what << ": " << message);
    }
}

/// JSON that no log takes, with the marker wherever there is a place for it.
std::vector<std::string> bad_documents() {
    std::string const text = '"' + secret() + '"';
    std::string many = "{";
    for (int key = 0; key != 200; ++key) { many += "\"k" + std::to_string(key) + "\":1,"; }
    return {
        secret(),
        "{" + text,
        "{" + text + ":}",
        "[" + text + " " + text + "]",
        "{" + text + ":1," + text + ":2}",
        "{\"\\u0058YZZY\":1," + text + ":2}",
        many + text + ":1," + text + ":2}",
        "[4711e4711]",
        "[47114711e400]",
        text + text,
        "\"" + secret("\xff") + "\"",
        "\"" + secret("\\ud800") + "\"",
        "\"" + secret("\x01") + "\"",
        std::string(100, '[') + text + std::string(100, ']'),
        "{" + text + ":" + std::string(100, '[') + std::string(100, ']') + "}",
        "[" + text + ",]",
        "nul" + secret(),
        "tru" + secret(),
        "-" + secret(),
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_text)

BOOST_DATA_TEST_CASE(no_error_of_appending_quotes_data, all_backends, backend) {
    projection_set projections;
    projections.add(careless{}).add(board::cards{});
    swarm::add_projections(projections);
    log_options options;
    options.state = projections;
    options.limits.event_bytes_max = 4'000;
    options.limits.append_bytes_max = 8'000;
    log_under_test log{backend, options};
    auto to = log->make_producer();
    std::vector<said> all;
    for (std::string const& bad : bad_documents()) {
        keep(all, "data", to.append("s", expected::any{}, raw("t", bad)));
        keep(all, "metadata", to.append("s", expected::any{}, raw(), {.metadata = bad}));
    }
    std::string const good = "{\"a\":\"" + secret() + "\"}";
    std::string const large = '"' + secret(std::string(3'000, 'x')) + '"';
    keep(all, "size", to.append("s", expected::any{}, raw("t", large)));
    keep(all, "size with metadata",
         to.append("s", expected::any{}, raw("t", good), {.metadata = large}));
    keep(all, "version", to.append("s", expected::version{9}, raw("t", good)));
    keep(all, "no stream", to.append("s", expected::stream_exists{}, raw("t", good)));
    keep(all, "tag", to.append("s", expected::any{}, raw("t", good), {.tags = {""}}));
    keep(all, "closure that fails",
         log->decide([&](decision& now) { return now.append("s", raw("t", secret())); }));
    for (std::string_view const data : {R"({"id":"XYZZY","weight":-4711,"labels":[]})",
                                        R"({"id":"XYZZY","weight":"XYZZY","labels":[]})",
                                        R"({"id":"XYZZY","weight":1,"labels":["XYZZY",4711]})",
                                        R"({"id":"XYZZY\u0000","weight":1,"labels":[]})",
                                        R"({"id":4711,"weight":1,"labels":[]})"}) {
        keep(all, "inline projection", to.append("s", expected::any{}, raw("card.added", data)));
    }
    append_request request = to.new_append();
    must(to.append(std::move(request.idempotency_key("k").add("s", raw("t", good)))));
    append_request other = to.new_append();
    keep(all, "idempotency key",
         to.append(std::move(other.idempotency_key("k").add("s", raw("u", good)))));
    swarm::desk desk{*log};
    must(desk.run(swarm::register_agent{.id = "a", .name = secret()}));
    keep(all, "agent twice", desk.run(swarm::register_agent{.id = "a", .name = secret()}));
    must(desk.run(swarm::create_task{.id = "1", .payload = boost::json::value(secret())}));
    keep(all, "task not claimed",
         desk.run(swarm::complete_task{"1", "a", boost::json::value(secret())}));
    keep(all, "task not held", desk.run(swarm::fail_task{"1", "a", secret()}));
    check_silent(all);
    BOOST_TEST(all.size() > 50U);
}

BOOST_AUTO_TEST_CASE(no_error_of_decoding_quotes_data) {
    std::vector<said> all;
    std::string const text = '"' + secret() + '"';
    for (auto const& [member, value] : std::vector<std::pair<std::string, std::string>>{
             {"text", "4711"},
             {"small", "4711"},
             {"small", "-4711"},
             {"small", "47114711471147114711"},
             {"small", "4711.5"},
             {"small", text},
             {"state", text},
             {"state", "4711"},
             {"at", text},
             {"at", "\"4711-01-01T00:00:00Z\""},
             {"at", "4711"},
             {"id", text},
             {"id", "\"01890a5d-ac96-774b-bcce-b30209XYZZY7\""},
             {"numbers", "{" + text + ":" + text + "}"},
             {"numbers", "{" + text + ":47114711471147114711}"},
             {"numbers", text},
             {"shares", "[1," + text + "]"},
             {"shares", "[4711e4711]"},
             {"shares", "{" + text + ":1}"}}) {
        keep(all, member + " " + value, decode_event<secret_event>(event_with(member, value)));
    }
    for (std::string const& bad : bad_documents()) {
        keep(all, "document", decode_event<secret_event>(bad));
    }
    keep(all, "time", parse_timestamp(secret()));
    keep(all, "time out of range", parse_timestamp("4711-01-01T00:00:00Z"));
    keep(all, "event id", parse_event_id(secret()));
    keep(all, "row",
         detail::from_cells<secret_row>({secret(), secret(), std::string{"{\"a\":\"b\"}"}}));
    keep(all, "row of JSON",
         detail::from_cells<secret_row>({secret(), std::string{"open"}, "{" + text + ":4711}"}));
    keep(all, "row of what is no JSON",
         detail::from_cells<secret_row>({secret(), std::string{"open"}, secret()}));
    check_silent(all);
}

BOOST_AUTO_TEST_CASE(no_error_of_a_damaged_file_quotes_data) {
    projection_set projections;
    projections.add(board::cards{});
    log_options options;
    options.state = projections;
    options.codec = record_codec::none;
    options.index_tail_events = 4;
    options.record_bytes = 200;
    log_under_test log{"sqlite", options};
    {
        auto to = log->make_producer();
        for (int each = 0; each != 30; ++each) {
            board::card_added const card{secret() + std::to_string(each), each, {secret()}};
            must(to.append("s", expected::any{}, card, {.metadata = "\"XYZZY\""}));
        }
    }
    log.close();
    {
        sqlite3* database = nullptr;
        BOOST_REQUIRE(sqlite3_open(log.path().c_str(), &database) == SQLITE_OK);
        for (char const* const damage : {"UPDATE log SET body = CAST(substr(body, 1, length(body) "
                                         "- 9) || 'XYZZYXYZZ' AS BLOB) "
                                         "WHERE first BETWEEN 10 AND 20",
                                         "UPDATE cards SET state = 'XYZZY'",
                                         "UPDATE cards SET labels = '{\"XYZZY\":4711}' "
                                         "WHERE weight < 5",
                                         "UPDATE cards SET weight = 'XYZZY' WHERE weight > 20"}) {
            BOOST_REQUIRE(sqlite3_exec(database, damage, nullptr, nullptr, nullptr) == SQLITE_OK);
        }
        sqlite3_close(database);
    }
    std::vector<said> all;
    event_log damaged = must(open_sqlite_read_only(log.path()));
    all.push_back({"opening", damaged.opened().message});
    keep(all, "reading", damaged.read().collect());
    auto const report = damaged.verify();
    if (!report) { all.push_back({"verifying", report.error().message()}); }
    if (report) {
        for (auto const& problem : report->problems) { all.push_back({"verify", problem.what}); }
    }
    sqlite_log_options with_rows;
    with_rows.state = projections;
    event_log rows = must(open_sqlite_read_only(log.path(), with_rows));
    keep(all, "rows", rows.table<board::card>().all());
    keep(all, "a row", rows.query<board::card>().where(lt(&board::card::weight, 5)).all());
    check_silent(all);
}

BOOST_AUTO_TEST_CASE(a_message_is_one_printable_line) {
    for (auto const& [given, shown] : std::vector<std::pair<std::string, std::string>>{
             {"plain", "plain"},
             {"two\nlines\r\tand", R"(two\x0alines\x0d\x09and)"},
             {"\x1b[31mred\x7f", R"(\x1b[31mred\x7f)"},
             {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
              "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
             {"\xc2\x9b"
              "31m",
              R"(\xc2\x9b31m)"},
             {"\xe2\x80\xaelive", R"(\xe2\x80\xaelive)"},
             {"\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f\xe2\x80\xa8",
              R"(\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f\xe2\x80\xa8)"},
             {"\xe2\x1b[31m", R"(\xe2\x1b[31m)"},
             {"\xc3\xa9\x9b", "\xc3\xa9\\x9b"},
             {"\xc1\x9b\xf0\x9f", R"(\xc1\x9b\xf0\x9f)"}}) {
        BOOST_TEST(error(errc::io_error, given).message() == shown);
    }
    BOOST_TEST(error(errc::io_error, std::string(1, '\0')).message() == R"(\x00)");
    log_under_test log{"memory"};
    auto to = log->make_producer();
    std::string const name = "s\n\x1b[31mswarmlog: all is well\xe2\x80\xae";
    BOOST_TEST(failed_with(to.append(name, expected::version{1}, raw()), errc::wrong_version,
                           {R"(s\x0a\x1b[31mswarmlog)", R"(\xe2\x80\xae)"}));
}

BOOST_AUTO_TEST_SUITE_END()
