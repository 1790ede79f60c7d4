#include "simulation/append_ledger.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace swarmlog::test {

namespace {

std::uint64_t number_in(std::string_view data) {
    constexpr std::string_view before = R"({"n":)";
    std::uint64_t number = 0;
    if (data.starts_with(before)) {
        std::from_chars(data.data() + before.size(), data.data() + data.size(), number);
    }
    return number;
}

/// And not told of yet.
bool is_submitted_by(std::size_t producer, asked_append const& asked) {
    return asked.how == asked_append::way::submitted && asked.producer == producer && !asked.answer;
}

/// Whether all its events are there, from `first` on.
bool is_at(asked_append const& asked, std::vector<event> const& events, std::size_t first) {
    auto const& wanted = asked.what.events;
    return !wanted.empty() && wanted.size() <= events.size() - first &&
           std::equal(wanted.begin(), wanted.end(),
                      events.begin() + static_cast<std::ptrdiff_t>(first),
                      [](model_event const& mine, event const& shown) {
                          return number_in(shown.data) == mine.number;
                      });
}

/// Whether its answer says that it is not what is stored.
bool is_refuted(asked_append const& asked) {
    if (!asked.answer) { return false; }
    return *asked.answer ? (**asked.answer).repeated : !(*asked.answer).error().is_in_doubt();
}

errc code_of(error const& failure) { return static_cast<errc>(failure.code().value()); }

} // namespace

bool is_of_a_device(error const& failure) {
    static std::set<errc> const codes{errc::in_doubt, errc::disk_full, errc::io_error};
    return codes.contains(code_of(failure));
}

asked_append& append_ledger::ask(asked_append::way how, std::size_t producer, model_append what) {
    auto asked = std::make_unique<asked_append>();
    asked->number = ++asked_;
    asked->how = how;
    asked->producer = producer;
    asked->asked_at = model_.head();
    asked->what = std::move(what);
    open_.push_back(std::move(asked));
    return *open_.back();
}

void append_ledger::withdraw(asked_append const& refused) {
    std::erase_if(open_, [&](auto const& each) { return each.get() == &refused; });
}

void append_ledger::follow(event_log const& log, timestamp latest_clock) {
    collect_answers(); // they tell apart who asked for the same
    auto const fresh = log.read().after(position{model_.head()}).collect();
    if (!fresh) { throw violation{"what is new cannot be read: " + fresh.error().message()}; }
    for (std::size_t at = 0; at != fresh->size();) {
        auto const [found, is_certain] = asked_for(*fresh, at, {});
        asked_append& asked = *found;
        check_may_be_stored(asked);
        asked.stored_first = model_.append(asked.what);
        asked.may_be_another = !is_certain;
        if (is_certain && asked.producer != asked_append::no_producer) {
            last_stored_.resize(std::max(last_stored_.size(), asked.producer + 1));
            last_stored_[asked.producer] = asked.number;
        }
        for (std::size_t part = 0; part != asked.what.events.size(); ++part) {
            adopt((*fresh)[at++], latest_clock);
        }
        boundaries_.insert(model_.head());
    }
    require(model_.head() == log.head().value, "the walk does not end at the head");
}

/// The append whose events come from `first` on. Several of the same key and content look the same:
/// then it is the one that was told so; without an answer, any that its producer's order allows.
append_ledger::recognized append_ledger::asked_for(std::vector<event> const& events,
                                                   std::size_t first,
                                                   std::vector<asked_append const*> const& taken) {
    recognized found;
    bool is_another_order = false;
    for (auto const& each : open_) {
        bool const is_free = each->stored_first == 0 &&
                             std::find(taken.begin(), taken.end(), each.get()) == taken.end();
        if (!is_free || !is_at(*each, events, first)) { continue; }
        if (is_refuted(*each)) { continue; }
        bool const is_told = each->answer && *each->answer;
        if (!is_in_order(*each)) {
            is_another_order = true;
            continue;
        }
        if (is_told) { return {each.get(), true}; }
        found.is_certain = found.asked == nullptr;
        if (found.is_certain) { found.asked = each.get(); }
    }
    if (found.asked != nullptr) { return found; }
    require(!is_another_order, "a producer's appends are stored in another order");
    throw violation{"position " + std::to_string(events[first].position.value) +
                    " holds what was not asked for, was rejected, or is half an append"};
}

/// Whether nothing that its producer asked for later is stored before it.
bool append_ledger::is_in_order(asked_append const& asked) const {
    return asked.producer >= last_stored_.size() || last_stored_[asked.producer] < asked.number;
}

/// An answer may tell that of several that look the same another one is stored.
void append_ledger::correct_mistaken() {
    for (auto const& each : open_) {
        if (!each->may_be_another || !is_refuted(*each)) { continue; }
        auto const other = std::find_if(open_.begin(), open_.end(), [&](auto const& one) {
            return one->stored_first == 0 && !is_refuted(*one) &&
                   one->what.idempotency_key == each->what.idempotency_key &&
                   one->what.has_content_of(each->what);
        });
        if (other == open_.end()) { continue; }
        (*other)->stored_first = std::exchange(each->stored_first, 0);
        (*other)->may_be_another = std::exchange(each->may_be_another, false);
    }
}

void append_ledger::check_may_be_stored(asked_append const& asked) const {
    std::uint64_t const head = model_.head();
    if (!asked.what.idempotency_key.empty()) {
        require(model_.append_with(asked.what.idempotency_key) == nullptr,
                "an idempotency key is used twice");
    }
    require(asked.must_fail.empty(), "a decision that has to fail is stored");
    if (asked.how == asked_append::way::decision) {
        require(asked.seen_head == head, "a decision is not stored where it was made");
    } else if (!model_.rejections_of(asked.what, head).empty()) {
        throw violation{"an append is stored at position " + std::to_string(head + 1) +
                        " although its conditions do not hold"};
    }
    for (query const& each : asked.reads) {
        require(!model_.any_since(asked.began, each, head),
                "a transaction is stored although what it read has changed");
    }
}

void append_ledger::adopt(event_view const& found, timestamp latest_clock) {
    std::uint64_t const at = found.position.value;
    require(at != 0 && at <= model_.head(), "positions have a gap");
    model_event& mine = model_.at(at);
    mine.recorded_at = found.recorded_at;
    mine.id = found.id;
    require(!mine.asked_id || mine.id == *mine.asked_id, "an event has another id than asked for");
    require(ids_.insert(found.id).second, "an id came twice");
    require(at == 1 || mine.recorded_at > model_.at(at - 1).recorded_at, "times do not rise");
    require(mine.recorded_at <= latest_clock + std::chrono::nanoseconds{at},
            "a time is later than any that the clock has told");
    check_event(found, at);
}

void append_ledger::check_event(event_view const& found, std::uint64_t at) const {
    model_event const& mine = model_.at(at);
    bool const is_same =
        found.position.value == mine.position && found.version.value == mine.version &&
        found.stream == mine.stream && found.type == mine.type && found.data == mine.data &&
        found.metadata == mine.metadata && found.correlation_id == mine.correlation &&
        found.causation_id == mine.causation && found.schema_version == mine.schema_version &&
        found.occurred_at == mine.occurred_at && found.id == mine.id &&
        found.recorded_at == mine.recorded_at &&
        std::equal(found.tags.begin(), found.tags.end(), mine.tags.begin(), mine.tags.end());
    if (!is_same) {
        throw violation{"position " + std::to_string(at) + " is not as it was stored: it is " +
                        std::to_string(found.position.value) + ", " + std::string{found.stream} +
                        '@' + std::to_string(found.version.value) + ' ' + std::string{found.data}};
    }
}

void append_ledger::collect_answers() {
    for (auto const& each : open_) {
        if (each->ticket && !each->answer && each->ticket->ready()) {
            each->answer = each->ticket->get();
        }
    }
}

void append_ledger::judge(std::uint64_t before, bool is_troubled) {
    collect_answers();
    correct_mistaken();
    for (auto const& each : open_) {
        if (!each->answer) { continue; }
        if (*each->answer) {
            judge_receipt(*each, **each->answer);
        } else {
            judge_error(*each, each->answer->error(), before, is_troubled);
        }
    }
    // One in doubt stays until the log is opened again and has looked.
    std::erase_if(open_, [](auto const& each) {
        return each->answer && (*each->answer || !each->answer->error().is_in_doubt());
    });
}

void append_ledger::judge_receipt(asked_append const& asked, receipt const& answer) const {
    if (answer.repeated) {
        auto const* const used = model_.append_with(asked.what.idempotency_key);
        require(used != nullptr && used->what.has_content_of(asked.what),
                "a repeated append was never stored");
        require(answer.first.value == used->first && answer.last.value == used->last,
                "a repeated append is told another place");
        return;
    }
    if (asked.what.events.empty()) { // of a decision or transaction
        require(answer.first.value == 0 && answer.last.value == 0, "nothing has a place");
        require(asked.must_fail.empty(), "a decision that has to fail is accepted");
        return;
    }
    require(asked.stored_first != 0, "an acknowledged append cannot be read");
    std::uint64_t const first = asked.stored_first;
    std::size_t const count = asked.what.events.size();
    require(answer.first.value == first && answer.last.value == first + count - 1,
            "a receipt names another place");
    require(answer.event_count() == count, "a receipt has not a version for each event");
    require(answer.recorded_at == model_.at(first).recorded_at, "a receipt tells another time");
    for (std::size_t each = 0; each != count; ++each) {
        require(answer.versions[each].value == model_.at(first + each).version,
                "a receipt tells another version");
    }
}

void append_ledger::judge_error(asked_append const& asked, error const& failure,
                                std::uint64_t before, bool is_troubled) const {
    if (asked.stored_first != 0) {
        bool const came_back = failure.is_in_doubt();
        require(came_back, "an append that was answered with an error is stored");
        return;
    }
    if (failure == errc::closed) { return; } // the log was closed before its turn
    if (is_troubled) { return; }
    if (is_of_a_device(failure) || !was_right(asked, code_of(failure), before)) {
        throw violation{"asked " + std::to_string(asked.number) +
                        " has no reason to fail with: " + failure.message()};
    }
}

/// Whether there was a moment since `before` at which the append had to be rejected, with this
/// code or with any.
bool append_ledger::was_right(asked_append const& asked, std::optional<errc> code,
                              std::uint64_t before) const {
    for (auto at = boundaries_.lower_bound(before); at != boundaries_.end(); ++at) {
        auto const codes = codes_at(asked, *at);
        if (code ? codes.contains(*code) : !codes.empty()) { return true; }
    }
    return false;
}

std::set<errc> append_ledger::codes_at(asked_append const& asked, std::uint64_t through) const {
    if (auto const& key = asked.what.idempotency_key; !key.empty()) {
        if (auto const* const used = model_.append_with(key, through)) {
            if (used->what.has_content_of(asked.what)) { return {}; }
            return {errc::idempotency_conflict};
        }
    }
    if (asked.how == asked_append::way::decision) { return asked.must_fail; }
    auto codes = model_.rejections_of(asked.what, through);
    for (query const& each : asked.reads) {
        if (model_.any_since(asked.began, each, through)) { codes.insert(errc::conflict); }
    }
    return codes;
}

void append_ledger::check_all_answered() const {
    for (auto const& each : open_) {
        bool const is_answered = each->answer || each->how == asked_append::way::submitted;
        if (!is_answered) {
            throw violation{"asked " + std::to_string(each->number) +
                            " has no answer although the queue is empty"};
        }
    }
}

void append_ledger::judge_flush(std::size_t producer, flush_summary const& told, bool is_troubled) {
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::uint64_t last = 0;
    for (auto const& each : open_) {
        if (!is_submitted_by(producer, *each)) { continue; }
        auto const* const used = model_.append_with(each->what.idempotency_key);
        if (each->stored_first != 0) {
            last = std::max(last, each->stored_first + each->what.events.size() - 1);
            ++accepted;
        } else if (used != nullptr && used->what.has_content_of(each->what)) {
            last = std::max(last, used->last);
            ++accepted;
        } else {
            require(is_troubled || was_right(*each, std::nullopt, each->asked_at),
                    "a submitted append is lost");
            ++rejected;
        }
    }
    require(told.accepted + told.rejected == accepted + rejected,
            "a flush does not count what was submitted");
    if (!is_troubled) {
        require(told.accepted == accepted && told.last.value == last,
                "a flush counts other appends than those stored");
    }
    std::erase_if(open_, [&](auto const& each) {
        bool const is_known = each->stored_first != 0 || !is_troubled;
        return is_submitted_by(producer, *each) && is_known;
    });
    for (auto const& each : open_) {
        // Which of the errors it was, nobody was told.
        if (is_submitted_by(producer, *each)) {
            each->answer = result<receipt>{error{errc::in_doubt}};
        }
    }
}

void append_ledger::forget_answers() {
    for (auto const& each : open_) {
        each->ticket.reset();
        each->answer.reset();
    }
}

void append_ledger::stage(std::vector<event> const& events) {
    std::vector<asked_append const*> taken;
    for (std::size_t at = 0; at != events.size();) {
        asked_append const& asked = *asked_for(events, at, taken).asked;
        check_may_be_stored(asked);
        taken.push_back(&asked);
        model_.append(asked.what);
        at += asked.what.events.size();
    }
}

void append_ledger::cut_back(std::uint64_t through) {
    // An id that the caller brought may come again with the same content.
    for (std::uint64_t at = through + 1; at <= model_.head(); ++at) {
        ids_.erase(model_.at(at).id);
    }
    model_.cut_back(through);
    boundaries_.erase(boundaries_.upper_bound(through), boundaries_.end());
}

} // namespace swarmlog::test
