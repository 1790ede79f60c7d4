#include "support/log_under_test.hpp"

#include <boost/asio/use_future.hpp>

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

struct measured {
    static constexpr std::string_view type = "measured";
    std::string name;
    double value = 0;
};
BOOST_DESCRIBE_STRUCT(measured, (), (name, value))

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

/// One thing that no log takes.
struct bad_row {
    std::string what;
    std::function<void(append_request&)> build;
    errc code;
    std::vector<std::string_view> parts; ///< of the message: the value and the limit
};

log_options tight_options() {
    log_options options;
    options.limits.event_bytes_max = 1'000;
    options.limits.append_bytes_max = 5'000;
    options.limits.append_events_max = 100;
    options.limits.tags_max = 3;
    options.limits.json_depth_max = 8;
    return options;
}

std::vector<bad_row> bad_rows() {
    std::string const long_name(256, 'n');
    std::string const not_utf8 = "a\xc3(";
    auto const data = [](std::string text) {
        return [text](append_request& to) { to.add("s", raw("t", text)); };
    };
    auto const details = [](event_details given) {
        return [given](append_request& to) { to.add("s", raw(), given); };
    };
    static std::string const long_tag = long_name;
    static std::string const bad_text = not_utf8;
    static std::string const long_data = '"' + std::string(999, 'x') + '"';
    static std::string const half_data = '"' + std::string(600, 'x') + '"';
    static std::string const deep = nested(9);
    return {
        {"no event", [](append_request&) {}, errc::empty_append, {"at least one"}},

        {"stream name of 0 bytes",
         [](auto& to) { to.add("", raw()); },
         errc::invalid_stream_name,
         {"stream name", "1 to 255"}},
        {"stream name of 256 bytes",
         [=](auto& to) { to.add(long_name, raw()); },
         errc::invalid_stream_name,
         {"nnn", "256", "1 to 255"}},
        {"stream name that is no UTF-8",
         [=](auto& to) { to.add(not_utf8, raw()); },
         errc::invalid_stream_name,
         {"UTF-8", "byte 1"}},
        {"expected stream name of 256 bytes",
         [=](auto& to) { to.expect(long_name, expected::no_stream{}).add("s", raw()); },
         errc::invalid_stream_name,
         {"256", "1 to 255"}},
        {"type of 0 bytes",
         [](auto& to) { to.add("s", raw("")); },
         errc::invalid_type_name,
         {"event type", "1 to 255"}},
        {"type of 256 bytes",
         [=](auto& to) { to.add("s", raw(long_name)); },
         errc::invalid_type_name,
         {"256", "1 to 255"}},
        {"type that is no UTF-8",
         [=](auto& to) { to.add("s", raw(not_utf8)); },
         errc::invalid_type_name,
         {"UTF-8", "byte 1"}},

        {"tag of 0 bytes", details({.tags = {"good", ""}}), errc::invalid_tag, {"1 to 255"}},
        {"tag of 256 bytes", details({.tags = {long_tag}}), errc::invalid_tag, {"256", "1 to 255"}},
        {"tag that is no UTF-8", details({.tags = {bad_text}}), errc::invalid_tag, {"UTF-8"}},
        {"four tags",
         details({.tags = {"1", "2", "3", "4"}}),
         errc::too_many_tags,
         {"4", "tags_max = 3"}},
        {"correlation id of 256 bytes",
         details({.correlation_id = long_tag}),
         errc::invalid_id,
         {"correlation id", "256", "1 to 255"}},
        {"causation id that is no UTF-8",
         details({.causation_id = bad_text}),
         errc::invalid_id,
         {"causation id", "UTF-8"}},
        {"nil event id", details({.id = event_id{}}), errc::invalid_id, {"nil"}},
        {"idempotency key of 0 bytes",
         [](auto& to) { to.idempotency_key("").add("s", raw()); },
         errc::invalid_idempotency_key,
         {"1 to 255"}},
        {"idempotency key of 256 bytes",
         [=](auto& to) { to.idempotency_key(long_name).add("s", raw()); },
         errc::invalid_idempotency_key,
         {"256", "1 to 255"}},

        {"data of 1,001 bytes",
         data(long_data),
         errc::event_too_large,
         {"1001", "event_bytes_max = 1000"}},
        {"data and metadata of 1,204 bytes",
         [](auto& to) { to.add("s", raw("t", half_data), {.metadata = half_data}); },
         errc::event_too_large,
         {"1204", "event_bytes_max = 1000"}},
        {"append of 5,000 bytes and more",
         [](auto& to) {
             for (int each = 0; each != 9; ++each) { to.add("s", raw("t", half_data)); }
         },
         errc::append_too_large,
         {"append_bytes_max = 5000"}},
        {"append of 101 events",
         [](auto& to) {
             for (int each = 0; each != 101; ++each) { to.add("s", raw()); }
         },
         errc::append_too_large,
         {"101", "append_events_max = 100"}},

        {"empty data", data(""), errc::invalid_json, {"too early"}},
        {"data that is no JSON", data("{\"a\":}"), errc::invalid_json, {"byte"}},
        {"two values", data("1 2"), errc::invalid_json, {"byte"}},
        {"data that is no UTF-8", data("\"\xff\""), errc::invalid_utf8, {"byte 1"}},
        {"nine levels", data(nested(9)), errc::json_too_deep, {"8 levels"}},
        {"number beyond a double",
         data("[1e400]"),
         errc::non_finite_number,
         {"5 characters", "byte 1"}},
        {"NaN", data("NaN"), errc::invalid_json, {}},
        {"key twice",
         data("{\"a\":1,\"b\":{\"a\":1},\"a\":2}"),
         errc::duplicate_key,
         {"1 bytes", "byte 20"}},
        {"metadata that is no JSON", details({.metadata = "{"}), errc::invalid_json, {"metadata"}},
        {"metadata that is no UTF-8",
         details({.metadata = "\"\xff\""}),
         errc::invalid_utf8,
         {"metadata"}},
        {"metadata of nine levels",
         details({.metadata = deep}),
         errc::json_too_deep,
         {"metadata", "8 levels"}},
        {"metadata with a number beyond a double",
         details({.metadata = "-1e999"}),
         errc::non_finite_number,
         {"metadata", "6 characters"}},
        {"metadata with a key twice",
         details({.metadata = "{\"k\":1,\"k\":1}"}),
         errc::duplicate_key,
         {"metadata", "byte 8"}},

        {"infinite member of a typed event",
         [](auto& to) {
             to.add("s", measured{"x", std::numeric_limits<double>::infinity()});
         },
         errc::non_finite_number,
         {"measured", "value"}},
        {"typed event with text that is no UTF-8",
         [](auto& to) {
             to.add("s", measured{"\xff", 1});
         },
         errc::invalid_utf8,
         {"measured", "name"}},
        {"typed event of more than 1,000 bytes",
         [](auto& to) {
             to.add("s", measured{std::string(1'000, 'x'), 1});
         },
         errc::event_too_large,
         {"event_bytes_max = 1000"}},
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_DATA_TEST_CASE(what_breaks_a_limit_is_rejected_before_the_queue, all_backends, backend) {
    log_under_test log{backend, by_hand(tight_options())};
    auto producer = log->make_producer();
    for (bad_row const& row : bad_rows()) {
        BOOST_TEST_CONTEXT(row.what) {
            append_request request = producer.new_append();
            // A good event before and after must not go in either.
            bool const is_empty = row.code == errc::empty_append;
            if (!is_empty) { request.add("good", raw()); }
            row.build(request);
            if (row.code == errc::append_too_large || is_empty) {
                // The good event counts, too; only the message's limit is looked at.
            } else {
                BOOST_TEST(failed_with(request.status(), row.code));
                request.add("good", raw());
            }
            auto const got = producer.try_append(std::move(request));
            BOOST_TEST(failed_with(got, row.code));
            if (got) { continue; }
            BOOST_TEST(got.error().is_rejected());
            for (std::string_view const part : row.parts) {
                BOOST_TEST(failed_with(got, row.code, {part}));
            }
        }
    }
    BOOST_TEST(!log->run_once());
    BOOST_TEST(log->head().value == 0);
    BOOST_TEST(must(log->version_of("good")).value == 0);
}

BOOST_DATA_TEST_CASE(every_way_in_answers_the_same, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    auto const wrong = raw("t", "{");
    BOOST_TEST(failed_with(producer.append("s", expected::any{}, wrong), errc::invalid_json));
    BOOST_TEST(failed_with(producer.try_append("s", expected::any{}, wrong), errc::invalid_json));
    BOOST_TEST(failed_with(producer.submit("s", expected::any{}, wrong), errc::invalid_json));
    BOOST_TEST(failed_with(
        producer.async_append("s", expected::any{}, wrong, boost::asio::use_future).get(),
        errc::invalid_json));
    transaction work = log->begin();
    BOOST_TEST(failed_with(work.append("s", wrong), errc::invalid_json));
    BOOST_TEST(failed_with(log->decide([&](decision& now) { return now.append("s", wrong); }),
                           errc::invalid_json));
    BOOST_TEST(producer.flush().rejected == 0); // it was never submitted
    BOOST_TEST(log->head().value == 0);
}

BOOST_DATA_TEST_CASE(what_just_fits_is_taken, all_backends, backend) {
    log_under_test log{backend, tight_options()};
    auto producer = log->make_producer();
    std::string const name(255, 'n');
    std::string const data = '"' + std::string(998, 'x') + '"';
    must(producer.append("s", expected::no_stream{}, raw("t", data)));
    must(producer.append(
        name, expected::no_stream{}, raw(name),
        {.tags = {name, "\xc3\xa4", "t"}, .correlation_id = name, .causation_id = name}));
    must(producer.append("\xf0\x9f\x90\x9d", expected::any{}, raw("t", nested(8))));
    must(producer.append("s", expected::version{1},
                         raw("t", "[1e308,-0.0,1.7976931348623157e308]")));
    append_request many = producer.new_append();
    for (int each = 0; each != 100; ++each) { many.add("m", raw()); }
    many.idempotency_key(name);
    must(producer.append(std::move(many)));
    append_request again = producer.new_append();
    for (int each = 0; each != 100; ++each) { again.add("m", raw()); }
    again.idempotency_key(name);
    BOOST_TEST(must(producer.append(std::move(again))).repeated);
    log.reopen();
    BOOST_TEST(must(log->read().tag(name).stream(name).type(name).count()) == 1);
    BOOST_TEST(all_events(*log)[1].stream == name);
    BOOST_TEST(log->head().value == 104);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(hundred_thousand_events_go_in_as_one_append_or_not_at_all, all_backends,
                     backend) {
    auto const build = [](producer& from) {
        append_request request = from.new_append();
        for (int each = 0; each != 100'000; ++each) { request.add("s", raw("t", "1")); }
        return request;
    };
    {
        log_under_test log{backend};
        auto producer = log->make_producer();
        BOOST_TEST(failed_with(producer.append(build(producer)), errc::append_too_large,
                               {"16385", "append_events_max = 16384"}));
        BOOST_TEST(log->head().value == 0);
    }
    log_options options;
    options.limits.append_events_max = 100'000;
    options.group_events_max = 1'000;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    receipt const got = must(producer.append(build(producer)));
    BOOST_TEST(got.last.value == 100'000);
    BOOST_TEST(got.versions.back().value == 100'000);
    BOOST_TEST(log->statistics().groups == 1);
    BOOST_TEST(must(log->read().stream("s").after(version{99'998}).collect()).size() == 2);
}

BOOST_DATA_TEST_CASE(request_built_under_other_limits_is_held_to_the_log_s, all_backends, backend) {
    log_under_test log{backend, tight_options()};
    auto producer = log->make_producer();
    append_request many;
    for (int each = 0; each != 101; ++each) { many.add("s", raw()); }
    BOOST_TEST(failed_with(producer.append(std::move(many)), errc::append_too_large,
                           {"101", "append_events_max = 100"}));
    append_request long_one;
    long_one.add("s", raw("t", '"' + std::string(6'000, 'x') + '"'));
    BOOST_TEST(failed_with(producer.append(std::move(long_one)), errc::append_too_large,
                           {"append_bytes_max = 5000"}));
    append_request good;
    good.add("s", raw());
    must(producer.append(std::move(good)));
}

BOOST_DATA_TEST_CASE(full_memory_rejects_and_goes_on_reading, all_backends, backend) {
    if (backend == "sqlite") { return; } // test/crash fills a disk
    event_log log = must(event_log::open(must(open_memory_store({.bytes_max = 20'000}))));
    auto producer = log.make_producer();
    std::string const data = '"' + std::string(1'000, 'x') + '"';
    std::uint64_t accepted = 0;
    for (;;) {
        auto const got = producer.append("s", expected::version{accepted}, raw("t", data));
        if (!got) {
            BOOST_TEST(failed_with(got, errc::disk_full));
            BOOST_TEST(got.error().is_rejected());
            break;
        }
        ++accepted;
    }
    BOOST_TEST(accepted > 1);
    BOOST_TEST(log.head().value == accepted);
    BOOST_TEST(must(log.read().stream("s").count()) == accepted);
    BOOST_TEST(must(log.version_of("s")).value == accepted);
    check_sound(log);
}

BOOST_AUTO_TEST_SUITE_END()
