// Typed queries made at random answer the same on both backends, and what a plain walk over all
// rows says, in SQL's logic of three values.
#include "projections/task_board.hpp"
#include "support/effort.hpp"
#include "support/log_under_test.hpp"
#include "support/random_seed.hpp"

#include <algorithm>
#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;
using board::card;

namespace {

/// True, false, or unknown: a comparison with nothing.
using truth = std::optional<bool>;
using judge = std::function<truth(card const&)>;

struct condition {
    predicate<card> asked;
    judge plain;
    std::string text;
};

truth negated(truth value) { return value ? truth{!*value} : value; }

truth both(truth left, truth right) {
    if ((left && !*left) || (right && !*right)) { return false; }
    return left && right ? truth{true} : std::nullopt;
}

template <class Value>
std::optional<Value> as_optional(Value const& value) {
    return value;
}
template <class Value>
std::optional<Value> as_optional(std::optional<Value> const& value) {
    return value;
}

/// An enumeration is stored as its enumerator's name.
std::string sortable(board::state value) {
    return value == board::state::open ? "open" : value == board::state::taken ? "taken" : "done";
}
template <class Value>
Value const& sortable(Value const& value) {
    return value;
}

/// Null before everything.
template <class Value>
int compared(Value const& left, Value const& right) {
    auto const a = as_optional(left);
    auto const b = as_optional(right);
    if (!a || !b) { return static_cast<int>(a.has_value()) - static_cast<int>(b.has_value()); }
    if (sortable(*a) < sortable(*b)) { return -1; }
    return sortable(*b) < sortable(*a) ? 1 : 0;
}

class random_queries {
public:
    explicit random_queries(std::vector<card> rows) : rows_(std::move(rows)) {}

    std::size_t pick(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
    }

    condition any_condition(int depth) {
        if (depth == 0 || pick(3) == 0) { return a_comparison(); }
        condition left = any_condition(depth - 1);
        if (pick(4) == 0) {
            return {!std::move(left.asked),
                    [of = left.plain](card const& row) { return negated(of(row)); },
                    "not (" + left.text + ")"};
        }
        condition right = any_condition(depth - 1);
        if (pick(2) == 0) {
            return {
                std::move(left.asked) && std::move(right.asked),
                [a = left.plain, b = right.plain](card const& row) { return both(a(row), b(row)); },
                "(" + left.text + " and " + right.text + ")"};
        }
        return {std::move(left.asked) || std::move(right.asked),
                [a = left.plain, b = right.plain](card const& row) {
                    return negated(both(negated(a(row)), negated(b(row))));
                },
                "(" + left.text + " or " + right.text + ")"};
    }

    /// By up to two members, then by key.
    struct ordering {
        std::function<typed_query<card>(typed_query<card>)> asked;
        std::function<int(card const&, card const&)> plain;
    };
    ordering any_ordering() {
        switch (pick(6)) {
        case 0: return by(&card::state);
        case 1: return by(&card::weight);
        case 2: return by(&card::ratio);
        case 3: return by(&card::taken_by);
        case 4: return by(&card::urgent);
        default: return by(&card::id);
        }
    }

private:
    template <class Value>
    ordering by(Value card::*member) {
        sort_order const order = pick(2) == 0 ? ascending : descending;
        return {[=](typed_query<card> rows) { return std::move(rows).order_by(member, order); },
                [=](card const& a, card const& b) {
                    int const way = compared(a.*member, b.*member);
                    return order == descending ? -way : way;
                }};
    }

    condition a_comparison() {
        switch (pick(8)) {
        case 0: return compare("state", &card::state);
        case 1: return compare("weight", &card::weight);
        case 2: return compare("ratio", &card::ratio);
        case 3: return compare("urgent", &card::urgent);
        case 4: return compare("added_at", &card::added_at);
        case 5: return compare("id", &card::id);
        case 6: return pick(2) == 0 ? null_check() : pattern();
        default: return compare("taken_by", &card::taken_by);
        }
    }

    /// A value that some row has, mostly.
    template <class Value>
    auto a_value(Value card::*member) {
        for (;;) {
            auto const value = as_optional(rows_.at(pick(rows_.size())).*member);
            if (value) { return *value; }
        }
    }

    template <class Value>
    condition compare(std::string const& name, Value card::*member) {
        auto const value = a_value(member);
        auto const with = [=](std::function<bool(int)> holds) -> judge {
            return [=](card const& row) -> truth {
                auto const held = as_optional(row.*member);
                if (!held) { return std::nullopt; }
                return holds(compared(*held, value));
            };
        };
        switch (pick(7)) {
        case 0: return {eq(member, value), with([](int way) { return way == 0; }), name + " eq"};
        case 1: return {ne(member, value), with([](int way) { return way != 0; }), name + " ne"};
        case 2: return {lt(member, value), with([](int way) { return way < 0; }), name + " lt"};
        case 3: return {le(member, value), with([](int way) { return way <= 0; }), name + " le"};
        case 4: return {gt(member, value), with([](int way) { return way > 0; }), name + " gt"};
        case 5: return {ge(member, value), with([](int way) { return way >= 0; }), name + " ge"};
        default: {
            auto const other = a_value(member);
            std::vector values{value, other};
            values.resize(pick(3), value);
            return {in(member, values),
                    [=](card const& row) -> truth {
                        if (values.empty()) { return false; }
                        auto const held = as_optional(row.*member);
                        if (!held) { return std::nullopt; }
                        return std::find(values.begin(), values.end(), *held) != values.end();
                    },
                    name + " in"};
        }
        }
    }
    condition null_check() {
        return {is_null(&card::taken_by),
                [](card const& row) -> truth { return !row.taken_by.has_value(); },
                "taken_by is null"};
    }
    condition pattern() {
        static std::vector<std::string> const patterns{"%", "a%", "_ob", "%NN", "1%", "_", ""};
        std::string const& chosen = patterns.at(pick(patterns.size()));
        return {like(&card::taken_by, chosen),
                [&chosen](card const& row) -> truth {
                    if (!row.taken_by) { return std::nullopt; }
                    return is_like(*row.taken_by, chosen);
                },
                "taken_by like " + chosen};
    }

    std::vector<card> rows_;
    std::mt19937_64 random_{random_seed()};
};

/// The same events, and so the same rows, on both backends.
class two_boards {
public:
    two_boards() {
        on_.reserve(2);
        for (std::string_view const backend : all_backends) {
            sets_.emplace_back().add(board::cards{});
            log_options options;
            options.state = sets_.back();
            on_.push_back(std::make_unique<log_under_test>(backend, options));
            fill(**on_.back());
        }
    }
    event_log& at(std::size_t which) { return **on_.at(which); }

private:
    static void fill(event_log& log) {
        auto to = log.make_producer();
        for (int at = 0; at != 40; ++at) {
            std::string const id = std::to_string(at);
            must(to.append("card-" + id, expected::any{}, board::card_added{id, at * 7 % 80, {}}));
            static char const* const people[] = {"ann", "bob", "Ann", "anna"};
            if (at % 3 != 0) {
                must(to.append("card-" + id, expected::any{},
                               board::card_taken{id, people[at % 4]}));
            }
            if (at % 5 == 0) {
                must(to.append("card-" + id, expected::any{}, board::card_done{id}));
            }
        }
    }

    std::vector<projection_set> sets_;
    std::vector<std::unique_ptr<log_under_test>> on_;
};

std::vector<std::string> ids_of(std::vector<card> const& rows) {
    std::vector<std::string> ids;
    for (card const& each : rows) { ids.push_back(each.id); }
    return ids;
}

} // namespace

BOOST_AUTO_TEST_SUITE(random_typed_queries)

BOOST_AUTO_TEST_CASE(both_backends_answer_what_a_walk_over_all_rows_does) {
    two_boards on;
    std::vector<card> const rows = must(on.at(0).table<card>().all());
    BOOST_REQUIRE((must(on.at(1).table<card>().all()) == rows));
    random_queries random{rows};
    // Each asks two questions of two backends: 100,000 queries.
    for (std::size_t round = 0; round != rounds(25'000); ++round) {
        condition const where = random.any_condition(3);
        auto const first = random.any_ordering();
        auto const second = random.any_ordering();
        std::size_t const offset = random.pick(3) == 0 ? random.pick(10) : 0;
        std::size_t const limit = random.pick(3) == 0 ? random.pick(10) : rows.size();

        std::vector<card> plain;
        for (card const& each : rows) {
            if (where.plain(each).value_or(false)) { plain.push_back(each); }
        }
        std::size_t const matching = plain.size();
        std::sort(plain.begin(), plain.end(), [&](card const& a, card const& b) {
            int const way = first.plain(a, b) != 0 ? first.plain(a, b) : second.plain(a, b);
            return way != 0 ? way < 0 : a.id < b.id;
        });
        plain.erase(plain.begin(),
                    plain.begin() + static_cast<std::ptrdiff_t>(std::min(offset, plain.size())));
        plain.resize(std::min(limit, plain.size()));

        for (std::size_t which : {0U, 1U}) {
            auto asked = on.at(which).query<card>().where(where.asked);
            BOOST_REQUIRE_MESSAGE(must(asked.count()) == matching, where.text);
            asked = second.asked(first.asked(std::move(asked))).offset(offset).limit(limit);
            auto const found = must(asked.all());
            if (found != plain) {
                BOOST_TEST_INFO(where.text);
                BOOST_TEST_REQUIRE(ids_of(found) == ids_of(plain),
                                   boost::test_tools::per_element());
                BOOST_FAIL("a row was changed on its way: " << where.text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(both_backends_aggregate_what_a_walk_over_all_rows_does) {
    two_boards on;
    std::vector<card> const rows = must(on.at(0).table<card>().all());
    random_queries random{rows};
    for (std::size_t round = 0; round != rounds(5'000); ++round) {
        condition const where = random.any_condition(2);
        struct totals {
            std::int64_t count = 0;
            std::int64_t sum = 0;
            std::int64_t least = 0;
            std::int64_t greatest = 0;
        };
        std::map<std::pair<std::string, bool>, totals> plain;
        for (card const& each : rows) {
            if (!where.plain(each).value_or(false)) { continue; }
            auto const [place, is_new] = plain.try_emplace({sortable(each.state), each.urgent});
            totals& to = place->second;
            to.least = is_new ? each.weight : std::min(to.least, each.weight);
            to.greatest = is_new ? each.weight : std::max(to.greatest, each.weight);
            to.sum += each.weight;
            ++to.count;
        }
        for (std::size_t which : {0U, 1U}) {
            auto const groups =
                must(on.at(which)
                         .query<card>()
                         .where(where.asked)
                         .group_by(&card::state, &card::urgent)
                         .aggregate(count_of_rows(), sum(&card::weight), mean(&card::weight),
                                    min(&card::weight), max(&card::weight)));
            BOOST_REQUIRE_MESSAGE(groups.size() == plain.size(), where.text);
            auto expected = plain.begin();
            for (auto const& group : groups) {
                auto const& [by, to] = *expected++;
                auto const& [state, is_urgent] = group.by;
                BOOST_REQUIRE(sortable(state) == by.first);
                BOOST_REQUIRE(is_urgent == by.second);
                auto const values = std::tuple{
                    to.count, std::optional{to.sum},
                    std::optional{static_cast<double>(to.sum) / static_cast<double>(to.count)},
                    std::optional{to.least}, std::optional{to.greatest}};
                BOOST_REQUIRE_MESSAGE((group.values == values), where.text);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
