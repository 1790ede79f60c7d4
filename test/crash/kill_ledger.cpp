#include "crash/kill_ledger.hpp"

#include "crash/numbered_append.hpp"

#include <swarmlog/projections/log_tables.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace swarmlog::test {

namespace {

std::string append_named(std::uint64_t number) { return "append " + std::to_string(number) + ' '; }

/// The number that an event of a numbered append names; 0 when it is none.
std::uint64_t number_in(std::string_view data) {
    constexpr std::string_view before = R"({"append":)";
    std::uint64_t number = 0;
    if (!data.starts_with(before)) { return 0; }
    std::from_chars(data.data() + before.size(), data.data() + data.size(), number);
    return number;
}

bool may_be_rejected_with(errc code) {
    switch (code) {
    case errc::stream_already_exists:
    case errc::conflict:
    case errc::idempotency_conflict:
    case errc::projection_failed:
    case errc::decision_failed: return true;
    default: return false;
    }
}

} // namespace

kill_ledger::append& kill_ledger::at(std::uint64_t number) {
    if (appends_.size() < number) { appends_.resize(number); }
    return appends_[number - 1];
}

std::string kill_ledger::note(report_of_child const& report) {
    using kind = report_of_child::kind;
    switch (report.what) {
    case kind::opened:
        if (report.first != 0 && !may_have_lost_) { return "opening reported a loss"; }
        if (report.number < acknowledged_.value && !may_have_lost_) {
            return "it was opened at " + std::to_string(report.number) + ", and acknowledged was " +
                   std::to_string(acknowledged_.value);
        }
        return {};
    case kind::sent: {
        append& sent = at(report.number);
        if (sent.told != answer::unasked) {
            sent.is_asked_again = true;
            return {};
        }
        sent = {.told = answer::unknown, .producer = report.producer, .round = round_};
        return {};
    }
    case kind::accepted: return accept(report);
    case kind::rejected: {
        append& rejected = at(report.number);
        if (!may_be_rejected_with(static_cast<errc>(report.first))) {
            return append_named(report.number) + "was rejected with code " +
                   std::to_string(report.first);
        }
        if (rejected.told == answer::accepted) {
            return append_named(report.number) + "was accepted, and then rejected";
        }
        rejected.told = answer::rejected;
        return {};
    }
    case kind::in_doubt: return append_named(report.number) + "was in doubt without a fault";
    case kind::consuming:
        consumed_most_ = std::max(consumed_most_, position{report.number});
        return {};
    case kind::consumed: consumed_ = position{report.number}; return {};
    case kind::failed: return "it failed with code " + std::to_string(report.number);
    case kind::backing_up:
    case kind::backed_up:
    case kind::reached:
    case kind::ended: return {};
    }
    return "an unknown report";
}

std::string kill_ledger::accept(report_of_child const& report) {
    append& accepted = at(report.number);
    if (must_be_rejected(report.number)) {
        return append_named(report.number) + "was accepted, and nothing of it may be";
    }
    if (report.last - report.first + 1 != numbered_append{report.number}.event_count()) {
        return append_named(report.number) + "was acknowledged by half";
    }
    bool const is_known = accepted.told == answer::accepted || accepted.stored_at != 0;
    std::uint64_t const before = accepted.stored_at != 0 ? accepted.stored_at : accepted.first;
    if (is_known && before != report.first) {
        return append_named(report.number) + "was stored at " + std::to_string(before) +
               ", and its repetition answers " + std::to_string(report.first);
    }
    accepted.told = answer::accepted;
    accepted.first = report.first;
    accepted.last = report.last;
    acknowledged_ = std::max(acknowledged_, position{report.last});
    to_compare_.push_back(report.number);
    return {};
}

std::string kill_ledger::compare(event_log const& log, bool all) {
    if (all) {
        position next{1};
        for (event_view const& found : log.read().before(head().next())) {
            if (std::string wrong = difference(found, places_[next.value - 1]); !wrong.empty()) {
                return "position " + std::to_string(next.value) + ": " + wrong;
            }
            next = next.next();
        }
        if (next != head().next()) { return "what was there is gone"; }
    }
    for (event_view const& found : log.read().after(head())) {
        if (std::string wrong = take(found); !wrong.empty()) {
            return "position " + std::to_string(found.position.value) + ": " + wrong;
        }
    }
    if (log.head() != head()) {
        return "the head is " + std::to_string(log.head().value) + ", and the walk ends at " +
               std::to_string(head().value);
    }
    if (!places_.empty()) {
        place const& last = places_.back();
        if (last.part + 1 != numbered_append{last.number}.event_count()) {
            return append_named(last.number) + "is there by half";
        }
    }
    if (std::string wrong = compare_answers(log); !wrong.empty()) { return wrong; }
    if (std::string wrong = compare_consumer(log); !wrong.empty()) { return wrong; }
    may_have_lost_ = false;
    auto const stored = log.table<tally>().all();
    if (!stored) { return "reading the rows: " + stored.error().message(); }
    return *stored == rows() ? "" : "the rows are not those of a fresh fold";
}

std::string kill_ledger::compare_opening(event_log const& log) const {
    open_report const& opened = log.opened();
    if (opened.corrupt_at) { return "corrupt: " + opened.message; }
    if (opened.read_only) { return "read-only: " + opened.message; }
    if (opened.head != log.head()) { return "a head that was not opened"; }
    if (opened.indexed_through > opened.head) { return "an index beyond the head"; }
    if (!may_have_lost_ && opened.lost_events != 0) { return "a loss was reported that is none"; }
    if (acknowledged_ <= opened.head) { return {}; }
    if (!may_have_lost_) {
        return "the head is " + std::to_string(opened.head.value) + ", and acknowledged was " +
               std::to_string(acknowledged_.value);
    }
    bool const is_reported = opened.lost_events != 0 || opened.loss_possible;
    return is_reported ? std::string{} : "a loss was not reported";
}

std::string kill_ledger::take(event_view const& found) {
    std::uint64_t const number = number_in(found.data);
    bool const is_in_append =
        !places_.empty() &&
        places_.back().part + 1 != numbered_append{places_.back().number}.event_count();
    place known{number, 0, 0};
    if (is_in_append) {
        known = places_.back();
        ++known.part;
        if (known.number != number) { return append_named(known.number) + "is there by half"; }
    } else if (std::string wrong = begin_append(number, found.position); !wrong.empty()) {
        return wrong;
    }
    numbered_append const source{number};
    tally& row = rows_[source.stream_of(known.part)];
    row.stream = source.stream_of(known.part);
    known.in_stream = ++row.events;
    row.last_append = number;
    row.text_bytes += source.text_bytes();
    places_.push_back(known);
    if (found.position != head()) { return "positions with a gap"; }
    return difference(found, known);
}

std::string kill_ledger::begin_append(std::uint64_t number, position first) {
    if (number == 0 || number > appends_.size() || appends_[number - 1].told == answer::unasked) {
        return "an event that nobody has sent";
    }
    append& stored = appends_[number - 1];
    if (stored.stored_at != 0) { return append_named(number) + "is there twice"; }
    if (stored.told == answer::rejected) { return append_named(number) + "was rejected"; }
    stored.stored_at = first.value;
    if (stored.is_asked_again) { return {}; }
    std::uint64_t& newest = newest_[{stored.round, stored.producer}];
    if (newest > number) {
        return append_named(number) + "comes after " + std::to_string(newest) +
               " of the same producer";
    }
    newest = number;
    return {};
}

std::string kill_ledger::difference(event_view const& found, place const& known) const {
    numbered_append const source{known.number};
    if (found.stream != source.stream_of(known.part)) { return "another stream"; }
    if (found.version.value != known.in_stream) { return "another version"; }
    if (found.type != source.type()) { return "another type"; }
    if (found.data != source.data_of(known.part)) { return "other data"; }
    if (!found.tags.contains(source.tag())) { return "without its tag"; }
    return {};
}

std::string kill_ledger::compare_answers(event_log const& log) {
    for (std::uint64_t const number : to_compare_) {
        append& told = appends_[number - 1];
        if (told.stored_at == told.first) { continue; }
        if (told.stored_at != 0) {
            return append_named(number) + "was acknowledged at " + std::to_string(told.first) +
                   " and is at " + std::to_string(told.stored_at);
        }
        bool const is_of_the_end = may_have_lost_ && told.first > log.head().value;
        if (!is_of_the_end) { return append_named(number) + "was acknowledged and is lost"; }
        told.told = answer::unknown;
        told.first = told.last = 0;
    }
    to_compare_.clear();
    // Those not heard of are not there and never will be, unless they are asked for again.
    acknowledged_ = log.head();
    return {};
}

std::string kill_ledger::compare_consumer(event_log const& log) {
    auto const consumers = log.consumers();
    if (!consumers) { return "reading the consumers: " + consumers.error().message(); }
    position stored;
    for (stored_checkpoint const& each : *consumers) {
        if (each.name == consumer_of_child) { stored = each.at; }
    }
    if (may_have_lost_) { consumed_ = std::min(consumed_, stored); }
    if (stored < consumed_ || stored > consumed_most_) {
        return "the consumer is at " + std::to_string(stored.value) + ", and acknowledged was " +
               std::to_string(consumed_.value);
    }
    return {};
}

std::vector<tally> kill_ledger::rows() const {
    std::vector<tally> all;
    for (auto const& [stream, row] : rows_) { all.push_back(row); }
    return all;
}

std::vector<std::uint64_t> kill_ledger::repeatable(std::size_t count_max) const {
    std::vector<std::uint64_t> found;
    for (std::uint64_t number = appends_.size(); number != 0 && found.size() != count_max;
         --number) {
        append const& each = appends_[number - 1];
        bool const has_key = !numbered_append{number}.idempotency_key().empty();
        if (has_key && each.told != answer::unasked && each.told != answer::rejected) {
            found.push_back(number);
        }
    }
    return found;
}

} // namespace swarmlog::test
