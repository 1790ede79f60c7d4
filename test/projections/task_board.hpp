#pragma once

#include <swarmlog/projections/projection_set.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A small domain to try projections on.
namespace board {

enum class state { open, taken, done };
BOOST_DESCRIBE_ENUM(state, open, taken, done)

inline std::ostream& operator<<(std::ostream& out, state value) {
    return out << static_cast<int>(value);
}

struct card_added {
    static constexpr std::string_view type = "card.added";
    std::string id;
    std::int64_t weight = 0;
    std::vector<std::string> labels;
};
BOOST_DESCRIBE_STRUCT(card_added, (), (id, weight, labels))

struct card_taken {
    static constexpr std::string_view type = "card.taken";
    std::string id;
    std::string by;
};
BOOST_DESCRIBE_STRUCT(card_taken, (), (id, by))

struct card_done {
    static constexpr std::string_view type = "card.done";
    std::string id;
};
BOOST_DESCRIBE_STRUCT(card_done, (), (id))

struct card_removed {
    static constexpr std::string_view type = "card.removed";
    std::string id;
};
BOOST_DESCRIBE_STRUCT(card_removed, (), (id))

struct card {
    std::string id;
    board::state state = state::open;
    std::int64_t weight = 0;
    double ratio = 0;
    bool urgent = false;
    std::optional<std::string> taken_by;
    std::vector<std::string> labels;
    swarmlog::timestamp added_at{};
    std::uint32_t changes = 0;
    friend bool operator==(card const&, card const&) = default;
};
BOOST_DESCRIBE_STRUCT(card, (),
                      (id, state, weight, ratio, urgent, taken_by, labels, added_at, changes))

struct cards {
    static constexpr std::string_view name = "cards";
    static constexpr std::uint32_t version = 1;
    using row_type = card;
    static constexpr auto key = &card::id;
    using handles = swarmlog::event_types<card_added, card_taken, card_done, card_removed>;

    static std::vector<swarmlog::index_spec> indexes() {
        return {swarmlog::index_on(&card::state, &card::weight),
                swarmlog::index_on(&card::taken_by)};
    }
    static std::string stream_of(std::string_view id) { return "card-" + std::string{id}; }

    void apply(card_added const& event, swarmlog::event_view const& from,
               swarmlog::rows<card>& rows) const {
        if (event.weight < 0) { throw std::invalid_argument{"a card of negative weight"}; }
        card row;
        row.id = event.id;
        row.weight = event.weight;
        row.ratio = static_cast<double>(event.weight) / 3;
        row.urgent = event.weight > 50;
        row.labels = event.labels;
        row.added_at = from.recorded_at;
        rows.put(std::move(row));
    }
    void apply(card_taken const& event, swarmlog::event_view const&,
               swarmlog::rows<card>& rows) const {
        if (card* const row = rows.modify(event.id)) {
            row->state = state::taken;
            row->taken_by = event.by;
            ++row->changes;
        }
    }
    void apply(card_done const& event, swarmlog::event_view const&,
               swarmlog::rows<card>& rows) const {
        if (card* const row = rows.modify(event.id)) {
            row->state = state::done;
            ++row->changes;
        }
    }
    void apply(card_removed const& event, swarmlog::event_view const&,
               swarmlog::rows<card>& rows) const {
        rows.erase(event.id);
    }
};

/// How many cards each person has taken.
struct tally {
    std::string who;
    std::uint32_t taken = 0;
    friend bool operator==(tally const&, tally const&) = default;
};
BOOST_DESCRIBE_STRUCT(tally, (), (who, taken))

struct tallies {
    static constexpr std::string_view name = "tallies";
    static constexpr std::uint32_t version = 1;
    using row_type = tally;
    static constexpr auto key = &tally::who;
    using handles = swarmlog::event_types<card_taken>;

    void apply(card_taken const& event, swarmlog::event_view const&,
               swarmlog::rows<tally>& rows) const {
        if (tally* const row = rows.modify(event.by)) {
            ++row->taken;
        } else {
            rows.put({event.by, 1});
        }
    }
};

} // namespace board
