#include "histories/rules.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <set>
#include <string>

/// Each rule by a history made by hand that breaks just it.
namespace {

using namespace swarmlog;
using namespace swarmlog::test;

/// Builds a history of two producers as a log without faults would have answered.
class told_history {
public:
    told_history() {
        made_.stream_count = 5;
        made_.producers.resize(2);
        made_.readers.resize(1);
        made_.subscribers.resize(2);
        made_.subscribers[1] = {2, 0, 2, {}};
    }

    /// An operation after all before it, not yet in the log.
    operation& ask(std::size_t producer, std::vector<std::uint32_t> const& streams) {
        auto& operations = made_.producers[producer].operations;
        operation asked;
        asked.content = content_of(producer, operations.size());
        asked.event_count = static_cast<std::uint8_t>(streams.size());
        std::copy(streams.begin(), streams.end(), asked.streams.begin());
        asked.start = ++now_;
        asked.end = ++now_;
        operations.push_back(asked);
        return operations.back();
    }
    operation& accept(std::size_t producer, std::vector<std::uint32_t> const& streams) {
        operation& asked = ask(producer, streams);
        store(asked);
        return asked;
    }
    void store(operation& asked) {
        asked.first = made_.log.size() + 1;
        for (unsigned part = 0; part != asked.event_count; ++part) {
            std::uint32_t const stream = asked.streams[part];
            asked.versions[part] = ++versions_[stream];
            made_.log.push_back(
                {made_.log.size() + 1, asked.content + part, asked.versions[part], stream});
        }
        asked.last = made_.log.size();
    }
    operation& reject(std::size_t producer, std::uint32_t stream, condition_kind condition,
                      std::uint64_t asked_for, errc code) {
        operation& asked = ask(producer, {stream});
        asked.condition = condition;
        asked.asked = asked_for;
        asked.answer = told::rejected;
        asked.code = code;
        return asked;
    }
    observation& look(read_kind kind, std::uint32_t stream, std::uint64_t through) {
        observation seen;
        seen.kind = kind;
        seen.stream = stream;
        seen.through = through;
        seen.start = ++now_;
        seen.end = ++now_;
        made_.readers[0].push_back(seen);
        return made_.readers[0].back();
    }
    [[nodiscard]] std::uint64_t version_of(std::uint32_t stream) { return versions_[stream]; }
    history& made() { return made_; }

    history finish() {
        for (subscriber_run& each : made_.subscribers) {
            for (stored_event const& stored : made_.log) {
                if (stored.position > each.after &&
                    stored.stream % each.modulus == each.remainder) {
                    each.delivered.push_back({stored.position, stored.content});
                }
            }
        }
        return made_;
    }

private:
    history made_;
    stamp now_ = 0;
    std::array<std::uint32_t, 5> versions_{};
};

void add_keyed(told_history& told) {
    operation& first = told.ask(0, {3});
    first.key = 1;
    first.content = content_of_key(1, 0);
    told.store(first);
    operation const receipt = first;
    operation& again = told.ask(1, {3});
    again.key = 1;
    again.content = receipt.content;
    again.first = receipt.first;
    again.last = receipt.last;
    again.versions = receipt.versions;
    again.answer = told::repeated;
    operation& misused = told.reject(1, 3, condition_kind::any, 0, errc::idempotency_conflict);
    misused.key = 1;
    misused.content = content_of_key(1, 1);
}

// The operations of the good history that the faults are planted in, by producer and number.
constexpr std::size_t single = 0, rejected_version = 1, counted = 3; // of producer 0
constexpr std::size_t several = 0, decided = 3, moved_on = 4;        // of producer 1

history good_history() {
    told_history told;
    told.accept(0, {1});
    told.look(read_kind::head, 0, 1);
    told.accept(1, {1, 2, 2});
    told.reject(0, 1, condition_kind::version, 1, errc::wrong_version);
    add_keyed(told);
    operation& submitted = told.accept(0, {2, 4});
    submitted.answer = told::counted;
    told.made().producers[0].flushes.push_back({counted, counted + 1, 1});
    operation& decision = told.accept(1, {1, 3});
    decision.has_seen = true;
    decision.seen = {2, 1};
    operation& transaction = told.accept(1, {1, 2});
    transaction.has_seen = true;
    transaction.condition = condition_kind::unchanged_since;
    transaction.asked = 9;
    transaction.seen = {3, 3};
    operation& guarded = told.accept(0, {4});
    guarded.condition = condition_kind::version;
    guarded.asked = 1;
    operation& since = told.accept(0, {3});
    since.condition = condition_kind::none_since;
    since.asked = 9;
    told.reject(0, 4, condition_kind::no_stream, 0, errc::stream_already_exists);
    told.reject(0, 0, condition_kind::stream_exists, 0, errc::stream_not_found);
    told.reject(0, 3, condition_kind::none_since, 9, errc::condition_failed);
    operation& changed = told.reject(1, 1, condition_kind::unchanged_since, 9, errc::conflict);
    changed.streams[1] = 2;
    changed.event_count = 2;
    changed.has_seen = true;
    changed.seen = {3, 3};
    told.look(read_kind::version, 1, 4);
    observation& events = told.look(read_kind::events, 2, 4);
    events.after = 3;
    events.contents = {content_of(1, moved_on) + 1};
    told.look(read_kind::head, 0, told.made().log.size());
    return told.finish();
}

operation& at(history& of, std::size_t producer, std::size_t number) {
    return of.producers[producer].operations[number];
}

/// The names of the rules that a history breaks.
std::set<std::string> broken_rules(history const& recorded) {
    std::set<std::string> broken;
    timeline const times{recorded};
    for (rule const& each : all_rules()) {
        findings found;
        each.check(recorded, times, found);
        if (found.count() != 0) {
            broken.emplace(each.name);
            BOOST_TEST_MESSAGE(each.name << ": " << found.texts().front());
        }
    }
    return broken;
}

/// Appends the copy of an event to the log, where its stream and the subscribers get it.
void store_again(history& of, stored_event again) {
    again.position = of.log.size() + 1;
    again.version = 1;
    for (stored_event const& each : of.log) {
        again.version += each.stream == again.stream ? 1 : 0;
    }
    of.log.push_back(again);
    for (subscriber_run& each : of.subscribers) {
        if (again.stream % each.modulus == each.remainder) {
            each.delivered.push_back({again.position, again.content});
        }
    }
}

struct planted_fault {
    std::string_view rule;
    std::string_view what;
    void (*plant)(history& of);
};
std::ostream& operator<<(std::ostream& out, planted_fault const& fault) {
    return out << fault.rule << ": " << fault.what;
}

planted_fault const faults[]{
    {"positions are dense", "a position is left out",
     [](history& of) {
         of.log.back().position += 1;
         of.subscribers[0].delivered.back().position += 1;
     }},
    {"versions are dense", "a counted append's version comes twice",
     [](history& of) { of.log[5].version -= 1; }},
    {"data is there once", "an accepted event is stored a second time",
     [](history& of) { store_again(of, of.log[0]); }},
    {"data is there once", "an event that nobody sent is stored",
     [](history& of) {
         stored_event foreign = of.log[0];
         foreign.content = content_of(7, 7);
         store_again(of, foreign);
     }},
    {"data is there once", "an event lies in another stream than it was sent to",
     [](history& of) { at(of, 0, counted).streams[1] = 3; }},
    {"appends are whole", "half of a counted append is stored",
     [](history& of) { at(of, 0, counted).event_count = 3; }},
    {"receipts name their events", "an acknowledged append is not there",
     [](history& of) {
         operation lost = at(of, 0, single);
         lost.content = content_of(0, of.producers[0].operations.size());
         lost.first = lost.last = of.log.size() + 1;
         lost.start = lost.end + 1'000;
         lost.end = lost.start + 1;
         of.producers[0].operations.push_back(lost);
     }},
    {"receipts name their events", "a receipt names another version",
     [](history& of) { at(of, 1, several).versions[1] += 1; }},
    {"rejected appends left nothing", "a rejected append is stored",
     [](history& of) {
         operation& left = at(of, 0, rejected_version);
         left.streams[0] = 0;
         left.code = errc::queue_full;
         // Behind everything, where no read was.
         store_again(of, {0, left.content, 0, 0});
     }},
    {"flushes count what is there", "a flush counts one append too many",
     [](history& of) { of.producers[0].flushes[0].accepted += 1; }},
    {"keys are used once", "a repeated key gets a receipt of its own",
     [](history& of) { at(of, 1, 1).first += 1; }},
    {"keys are used once", "a key conflicts with its own content",
     [](history& of) { at(of, 1, 2).key = 2; }},
    {"keys are used once", "a key is accepted twice",
     [](history& of) {
         // At the same place, as one lost index entry and one lost event would have it.
         at(of, 1, 1).answer = told::accepted;
     }},
    {"conditions held", "an append is accepted at another version",
     [](history& of) { at(of, 0, counted + 1).asked = 2; }},
    {"conditions held", "an append is accepted although an event matches",
     [](history& of) { at(of, 0, counted + 2).asked = 4; }},
    {"decisions saw what came before", "a decision sees an older version",
     [](history& of) { at(of, 1, decided).seen[1] = 0; }},
    {"decisions saw what came before", "a transaction sees a later version than it began at",
     [](history& of) { at(of, 1, moved_on).seen[0] = 4; }},
    {"rejections were justified", "the version that is asked for is the only one there was",
     [](history& of) { at(of, 0, rejected_version).asked = 2; }},
    {"rejections were justified", "a stream that was acknowledged is said not to be there",
     [](history& of) {
         operation& turned_away = at(of, 0, counted + 4);
         turned_away.streams[0] = 1;
     }},
    {"rejections were justified", "a stream that nobody wrote to is said to be there",
     [](history& of) { at(of, 0, counted + 3).streams[0] = 0; }},
    {"rejections were justified", "a transaction conflicts with what came before it began",
     [](history& of) {
         operation& changed = of.producers[1].operations.back();
         changed.asked = 12;
         changed.seen = {4, 4};
     }},
    {"real-time order is kept", "an append comes before one that had ended when it began",
     [](history& of) {
         // Another producer's, so that it is not its order that is broken.
         operation& late = at(of, 0, single);
         late.start = at(of, 1, several).end + 1;
         late.end = late.start + 100;
         of.readers[0].front().through = 0;
         of.readers[0].front().end = 1;
         of.readers[0].front().start = 0;
     }},
    {"producers keep their order", "two appends of one producer change places",
     [](history& of) {
         auto& operations = of.producers[0].operations;
         operation& first = operations[counted + 1];
         operation& second = operations[counted + 2];
         // Both under way at once.
         first.end = second.end;
         second.start = first.start;
         std::swap(first, second);
         std::swap(first.content, second.content);
         for (stored_event& each : of.log) {
             if (each.content == first.content) {
                 each.content = second.content;
             } else if (each.content == second.content) {
                 each.content = first.content;
             }
         }
         for (subscriber_run& by : of.subscribers) {
             for (delivery& each : by.delivered) {
                 each.content = of.log[each.position - 1].content;
             }
         }
     }},
    {"reads see what was acknowledged", "a read misses what its thread was told of",
     [](history& of) { of.readers[0][1].through = 3; }},
    {"reads see nothing early", "a head is seen before its append began",
     [](history& of) { of.readers[0][0].through = 2; }},
    {"reads never go back", "a version that was seen is gone, while its append is under way",
     [](history& of) {
         at(of, 1, moved_on).end = of.readers[0].back().end + 1;
         observation again = of.readers[0][1];
         again.through -= 1;
         of.readers[0].push_back(again);
         // Nor may the log's order tell.
         for (std::size_t after : {counted + 1, counted + 2}) {
             at(of, 0, after).end = of.readers[0].back().end + 2;
         }
     }},
    {"reads show what is stored", "a read shows other data",
     [](history& of) { of.readers[0][2].contents[0] += 1; }},
    {"subscribers get everything in order", "a subscriber misses an event",
     [](history& of) {
         of.subscribers[0].delivered.erase(of.subscribers[0].delivered.begin() + 4);
     }},
    {"subscribers get everything in order", "a subscriber gets an event twice",
     [](history& of) {
         auto& delivered = of.subscribers[1].delivered;
         delivered.insert(delivered.begin(), delivered.front());
     }},
    {"subscribers get everything in order", "a subscriber gets one more in the end",
     [](history& of) {
         of.subscribers[0].delivered.push_back(of.subscribers[0].delivered.back());
     }},
    {"subscribers get everything in order", "two events change places",
     [](history& of) {
         std::swap(of.subscribers[0].delivered[2], of.subscribers[0].delivered[3]);
     }},
};

} // namespace

BOOST_AUTO_TEST_SUITE(history_rules)

BOOST_AUTO_TEST_CASE(a_history_without_faults_breaks_no_rule) {
    BOOST_TEST(broken_rules(good_history()) == std::set<std::string>{},
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_planted_fault_breaks_just_its_rule, faults, fault) {
    history broken = good_history();
    fault.plant(broken);
    BOOST_TEST(broken_rules(broken) == std::set<std::string>{std::string{fault.rule}},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_rule_has_a_fault_that_it_finds) {
    for (rule const& each : all_rules()) {
        bool const is_tried =
            std::any_of(std::begin(faults), std::end(faults),
                        [&](auto const& fault) { return fault.rule == each.name; });
        BOOST_TEST(is_tried, each.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
