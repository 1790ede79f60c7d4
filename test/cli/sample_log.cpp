#include "cli/sample_log.hpp"

#include "history/json_slice.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <charconv>

using namespace swarmlog;

sample_log::sample_log(std::uint64_t events) {
    event_log log = open_sqlite(path()).value();
    producer into = log.make_producer();
    for (std::uint64_t n = 1; n <= events; ++n) {
        std::string const data = data_of(n);
        std::string const agent = agent_of(n);
        std::string const correlation = "correlation \"" + std::to_string(n) + "\"\t\u00e9";
        event_details details;
        details.tags = {agent, "all"};
        if (n % 4 == 0) details.metadata = " {\"m\": [1,\n2]}";
        if (n % 4 == 1) details.metadata = "{\"m\":1.0}";
        if (n % 3 == 0) details.correlation_id = correlation;
        if (n % 5 == 0) details.causation_id = "cause";
        if (n % 2 == 0) {
            details.occurred_at =
                timestamp(std::chrono::nanoseconds(1'700'000'000'123'456'789 + n));
        }
        std::string const type = type_of(n);
        raw_event const event{type, data, static_cast<std::uint32_t>(1 + n % 2)};
        (void)into.append(stream_of(n), expected::any{}, event, details).value();
    }
    log.close().value();
}

cli_result sample_log::run(std::string const& command, std::vector<std::string> more) const {
    more.insert(more.begin(), {command, path()});
    return run_cli(scratch_, more);
}

std::string sample_log::data_of(std::uint64_t n) {
    std::string const number = std::to_string(n);
    switch (n % 6) {
    case 0: return "{\"n\":" + number + ",\"text\":\"caf\u00e9 \U0001f600 \\u0041 \\n\"}";
    case 1: return "{\n  \"n\": " + number + ",\r\n\t\"deep\": [[[1.50e+2]]]\n}\n";
    case 2: return " {\"n\":" + number + "} ";
    case 3: return number;
    case 4: return "\"" + number + "\"";
    default: return "{ \"n\" : " + number + " , \"empty\":{ } }";
    }
}

std::vector<std::uint64_t> positions_of(std::string const& exported) {
    std::vector<std::uint64_t> positions;
    for (std::string const& line : lines_of(exported)) {
        BOOST_REQUIRE_MESSAGE(!check_json(line), line);
        auto const text = find_json_member(line, "position");
        BOOST_REQUIRE_MESSAGE(text, line);
        std::uint64_t number = 0;
        std::from_chars(text->data(), text->data() + text->size(), number);
        positions.push_back(number);
    }
    return positions;
}
