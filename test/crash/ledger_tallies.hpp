#pragma once

#include "crash_states/tallies.hpp"

#include <stdexcept>
#include <string_view>

namespace swarmlog::test {

/// The event of an append that the projection refuses.
struct refused_event {
    static constexpr std::string_view type = "type-refused";
    std::uint64_t append = 0;
};
BOOST_DESCRIBE_STRUCT(refused_event, (), (append))

/// The tallies, of a log in which some appends are turned away as they are folded.
struct ledger_tallies : tallies {
    using handles = event_types<numbered_0, numbered_1, numbered_2, refused_event>;
    using tallies::apply;
    void apply(refused_event const&, event_view const&, rows<tally>&) const {
        throw std::runtime_error{"refused"};
    }
};

} // namespace swarmlog::test
