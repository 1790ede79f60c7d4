#pragma once

#include "simulation/log_model.hpp"

#include <swarmlog/projections/projection_set.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// The data of the simulation's events. Those of `type-3` no projection takes.
struct simulated_data {
    std::uint64_t n = 0;
    std::string x;
};
BOOST_DESCRIBE_STRUCT(simulated_data, (), (n, x))

struct simulated_0 : simulated_data {
    static constexpr std::string_view type = "type-0";
};
struct simulated_1 : simulated_data {
    static constexpr std::string_view type = "type-1";
};
struct simulated_2 : simulated_data {
    static constexpr std::string_view type = "type-2";
};
BOOST_DESCRIBE_STRUCT(simulated_0, (simulated_data), ())
BOOST_DESCRIBE_STRUCT(simulated_1, (simulated_data), ())
BOOST_DESCRIBE_STRUCT(simulated_2, (simulated_data), ())
using simulated_events = event_types<simulated_0, simulated_1, simulated_2>;

/// What one stream has come to; of an inline projection.
struct stream_total {
    std::string stream;
    std::uint64_t events = 0;
    std::uint64_t last = 0;
    std::uint64_t text_bytes = 0;
    friend bool operator==(stream_total const&, stream_total const&) = default;
};
BOOST_DESCRIBE_STRUCT(stream_total, (), (stream, events, last, text_bytes))

struct stream_totals {
    static constexpr std::string_view name = "stream_totals";
    static constexpr std::uint32_t version = 1;
    using row_type = stream_total;
    static constexpr auto key = &stream_total::stream;
    using handles = simulated_events;

    static std::vector<index_spec> indexes() { return {index_on(&stream_total::events)}; }

    void apply(simulated_data const& event, event_view const& from,
               rows<stream_total>& rows) const {
        stream_total* const row = rows.modify(from.stream);
        if (row == nullptr) {
            rows.put({std::string{from.stream}, 1, event.n, event.x.size()});
        } else {
            ++row->events;
            row->last = event.n;
            row->text_bytes += event.x.size();
        }
        // After the change, so that the append has something to take back.
        if (event.x == "poison") { throw std::runtime_error{"poison"}; }
    }
};

/// What the events of one type have come to; of an asynchronous projection.
struct type_total {
    std::string type;
    std::uint64_t events = 0;
    std::uint64_t last = 0;
    friend bool operator==(type_total const&, type_total const&) = default;
};
BOOST_DESCRIBE_STRUCT(type_total, (), (type, events, last))

struct type_totals {
    static constexpr std::string_view name = "type_totals";
    static constexpr std::uint32_t version = 1;
    using row_type = type_total;
    static constexpr auto key = &type_total::type;
    using handles = simulated_events;

    void apply(simulated_data const& event, event_view const& from, rows<type_total>& rows) const {
        if (type_total* const row = rows.modify(from.type)) {
            ++row->events;
            row->last = event.n;
        } else {
            rows.put({std::string{from.type}, 1, event.n});
        }
    }
};

/// The rows that the first `through` events of a model fold into, by a fold of the test's own.
inline std::vector<stream_total> stream_totals_of(log_model const& model, std::uint64_t through) {
    std::map<std::string, stream_total> rows;
    for (std::uint64_t at = 1; at <= through; ++at) {
        model_event const& event = model.at(at);
        if (event.type == "type-3") { continue; }
        stream_total& row = rows[event.stream];
        row.stream = event.stream;
        ++row.events;
        row.last = event.number;
        row.text_bytes += event.text_bytes();
    }
    std::vector<stream_total> all;
    for (auto const& [key, row] : rows) { all.push_back(row); }
    return all;
}
inline std::vector<type_total> type_totals_of(log_model const& model, std::uint64_t through) {
    std::map<std::string, type_total> rows;
    for (std::uint64_t at = 1; at <= through; ++at) {
        model_event const& event = model.at(at);
        if (event.type == "type-3") { continue; }
        type_total& row = rows[event.type];
        row.type = event.type;
        ++row.events;
        row.last = event.number;
    }
    std::vector<type_total> all;
    for (auto const& [key, row] : rows) { all.push_back(row); }
    return all;
}

} // namespace swarmlog::test
