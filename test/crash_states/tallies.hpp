#pragma once

#include <swarmlog/projections/projection_set.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// The data of the numbered appends' events (crash/numbered_append.hpp), which have three types.
struct numbered_data {
    std::uint64_t append = 0;
    std::uint32_t part = 0;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(numbered_data, (), (append, part, text))

struct numbered_0 : numbered_data {
    static constexpr std::string_view type = "type-0";
};
struct numbered_1 : numbered_data {
    static constexpr std::string_view type = "type-1";
};
struct numbered_2 : numbered_data {
    static constexpr std::string_view type = "type-2";
};
BOOST_DESCRIBE_STRUCT(numbered_0, (numbered_data), ())
BOOST_DESCRIBE_STRUCT(numbered_1, (numbered_data), ())
BOOST_DESCRIBE_STRUCT(numbered_2, (numbered_data), ())

/// What one stream has come to.
struct tally {
    std::string stream;
    std::uint64_t events = 0;
    std::uint64_t last_append = 0;
    std::uint64_t text_bytes = 0;
    friend bool operator==(tally const&, tally const&) = default;
};
BOOST_DESCRIBE_STRUCT(tally, (), (stream, events, last_append, text_bytes))

struct tallies {
    static constexpr std::string_view name = "tallies";
    static constexpr std::uint32_t version = 1;
    using row_type = tally;
    static constexpr auto key = &tally::stream;
    using handles = event_types<numbered_0, numbered_1, numbered_2>;

    static std::vector<index_spec> indexes() { return {index_on(&tally::events)}; }

    void apply(numbered_data const& event, event_view const& from, rows<tally>& rows) const {
        if (tally* const row = rows.modify(from.stream)) {
            ++row->events;
            row->last_append = event.append;
            row->text_bytes += event.text.size();
        } else {
            rows.put({std::string{from.stream}, 1, event.append, event.text.size()});
        }
    }
};

} // namespace swarmlog::test
