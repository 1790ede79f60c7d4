#include "decide/decision_scope.hpp"

#include "producer/detail_access.hpp"
#include "read/event_cursor.hpp"

#include <swarmlog/engine/decision.hpp>

#include <algorithm>
#include <exception>
#include <string>

namespace swarmlog {

namespace detail {

result<receipt> decision_scope::run(decision_function const& closure) {
    auto const before = writer_->save();
    if (!before) { return before.error(); }
    answer_ = {};
    answer_.durability = core_->store->facts().mode;
    failure_.reset();
    bytes_ = 0;
    auto decided = call(closure);
    // A closure may have ignored that an append failed; half of what it wanted is not stored.
    if (decided && failure_) { decided = *failure_; }
    if (!decided) {
        writer_->restore(*before);
        return decided.error();
    }
    return std::move(answer_);
}

result<void> decision_scope::call(decision_function const& closure) {
    decision now{*this};
    try {
        return closure(now);
    } catch (boost::system::system_error const& thrown) {
        if (thrown.code().category() == swarmlog_category()) {
            return error{static_cast<errc>(thrown.code().value()), thrown.what()};
        }
        return error{errc::decision_failed, thrown.what()};
    } catch (std::exception const& thrown) {
        return error{errc::decision_failed, thrown.what()};
    } catch (...) {
        return error{errc::decision_failed, "the decision threw what is not a std::exception"};
    }
}

result<version> decision_scope::version_of(std::string_view stream) {
    auto const key = writer_->conditions().resolved(key_ref::of(key_kind::stream, stream));
    if (!key) { return key.error(); }
    return version{staged_version(**key)};
}

result<std::vector<event>> decision_scope::staged(query const& events, position after) {
    auto const records = writer_->staged_records();
    if (!records) { return records.error(); }
    std::vector<event> found;
    for (auto const& each : *records) {
        if (each->last() <= after) { continue; }
        record::cursor walk{*each};
        event_view view;
        while (walk.next(view)) {
            if (view.position > after && events.matches(view)) { found.emplace_back(view, each); }
        }
        if (walk.failed()) { return corrupt_at(each->first(), "a staged record does not decode"); }
    }
    return found;
}

result<std::vector<event>> decision_scope::newest(query const& events, std::uint64_t count) {
    auto recent = staged(events, {});
    if (!recent) { return recent; }
    std::reverse(recent->begin(), recent->end());
    if (recent->size() > count) {
        recent->erase(recent->begin() + static_cast<std::ptrdiff_t>(count), recent->end());
    }
    event_cursor committed{core_->shared_from_this()};
    committed.matching(events);
    committed.backwards();
    committed.limit(count - recent->size());
    if (auto const more = committed.collect(*recent); !more) { return more.error(); }
    return recent;
}

result<std::vector<event>> decision_scope::read(query const& events, position after) {
    std::vector<event> all;
    event_cursor committed{core_->shared_from_this()};
    committed.matching(events);
    committed.after(after);
    if (auto const read = committed.collect(all); !read) { return read.error(); }
    auto const recent = staged(events, after);
    if (!recent) { return recent.error(); }
    all.insert(all.end(), recent->begin(), recent->end());
    return all;
}

result<void> decision_scope::append(append_draft const& draft) {
    try {
        auto staged = stage(draft);
        if (!staged && !failure_) { failure_ = staged.error(); }
        return staged;
    } catch (...) {
        // The closure may catch it and go on, but half of this append may be staged.
        if (!failure_) { failure_ = error{errc::decision_failed}; }
        throw;
    }
}

result<void> decision_scope::check_size(append_draft const& draft) const {
    append_limits const& most = limits();
    std::size_t const events = answer_.versions.size() + draft.events().size();
    if (events > most.append_events_max) {
        return error{errc::append_too_large,
                     "the decision's appends have " + std::to_string(events) +
                         " events; append_events_max = " + std::to_string(most.append_events_max)};
    }
    if (bytes_ + draft.byte_count() > most.append_bytes_max) {
        return error{errc::append_too_large,
                     "the decision's appends have " + std::to_string(bytes_ + draft.byte_count()) +
                         " bytes; append_bytes_max = " + std::to_string(most.append_bytes_max)};
    }
    return {};
}

result<void> decision_scope::stage(append_draft const& draft) {
    if (draft.events().empty() && !draft.failure()) {
        return error{errc::empty_append, "an append has no event; it takes at least one"};
    }
    if (!draft.idempotency_key().empty()) {
        return error{errc::invalid_argument,
                     "a decision's append takes no idempotency key: decide by reading instead"};
    }
    if (auto const fits = check_size(draft); !fits) { return fits; }
    auto const staged = writer_->decide_more(draft);
    if (!staged) { return staged.error(); }
    bytes_ += draft.byte_count();
    if (answer_.versions.empty()) {
        answer_.first = staged->first;
        answer_.recorded_at = staged->recorded_at;
    }
    answer_.last = staged->last;
    answer_.versions.insert(answer_.versions.end(), staged->versions.begin(),
                            staged->versions.end());
    return {};
}

} // namespace detail

position decision::head() const { return scope_->head(); }
timestamp decision::now() const { return scope_->now(); }

result<version> decision::version_of(std::string_view stream) { return scope_->version_of(stream); }

result<std::vector<event>> decision::newest(query const& events, std::uint64_t events_max) {
    return scope_->newest(events, events_max);
}

result<std::vector<event>> decision::read(query const& events, position after) {
    return scope_->read(events, after);
}

result<void> decision::append(append_request request) {
    return scope_->append(detail_access::draft(request));
}

std::shared_ptr<state_fold> const& decision::state() const noexcept { return scope_->state(); }

append_request decision::new_append() const { return append_request{scope_->limits()}; }

} // namespace swarmlog
