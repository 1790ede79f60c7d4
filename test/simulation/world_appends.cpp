// What writes to a simulated log: producers, decisions, transactions, and the writer itself.
#include "simulation/simulated_world.hpp"

#include <boost/asio/bind_executor.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace swarmlog::test {

using way = asked_append::way;

void simulated_world::check_queue(bool was_refused, std::uint64_t queued_before) {
    log_statistics const now = log_->statistics();
    require(now.queued_appends <= queue_appends_max_ && now.queued_bytes <= 65'536,
            "the queue is beyond its bound");
    bool const was_full = queued_before >= queue_appends_max_;
    require(!was_full || was_refused, "a full queue takes more");
    // By count alone: the bound by bytes is far from what these appends hold together.
    require(!was_refused || was_full || now.queued_bytes > 32'768, "a queue with room refuses");
}

void simulated_world::send() {
    std::size_t const by = below(producers_.size());
    producer& source = producers_[by];
    model_append const what = parts_.append();
    append_request request = filled(source.new_append(), what);
    std::uint64_t const queued = log_->statistics().queued_appends;
    std::string const said = " by " + std::to_string(by);
    switch (below(5)) {
    case 0: {
        asked_append& asked = ledger_.ask(way::blocking, by, what);
        note("append " + std::to_string(asked.number) + said);
        asked.answer = source.append(std::move(request));
        break;
    }
    case 1: {
        asked_append& asked = ledger_.ask(way::submitted, by, what);
        note("submit " + std::to_string(asked.number) + said);
        // By hand, a full queue is emptied by the call itself.
        if (!went_well(source.submit(std::move(request)), "submit")) { ledger_.withdraw(asked); }
        break;
    }
    case 2: {
        asked_append& asked = ledger_.ask(way::asynchronous, by, what);
        note("async_append " + std::to_string(asked.number) + said);
        // The ledger keeps it until it has its answer or the process is gone with its context.
        source.async_append(
            std::move(request),
            boost::asio::bind_executor(context_->get_executor(), [&asked](result<receipt> answer) {
                require(!asked.answer, "an append is answered twice");
                asked.answer = std::move(answer);
            }));
        bool const was_refused = log_->statistics().queued_appends == queued;
        check_queue(was_refused, queued);
        if (was_refused) {
            take_answers();
            require(asked.answer && !*asked.answer && asked.answer->error() == errc::queue_full,
                    "an append that is not queued is not told so");
            ledger_.withdraw(asked);
        }
        break;
    }
    default: {
        asked_append& asked = ledger_.ask(way::pending, by, what);
        auto ticket = source.try_append(std::move(request));
        note("try_append " + std::to_string(asked.number) + said + (ticket ? "" : ": refused"));
        require(ticket || ticket.error() == errc::queue_full, "refused for no reason");
        check_queue(!ticket, queued);
        if (ticket) {
            asked.ticket.emplace(std::move(*ticket));
        } else {
            ledger_.withdraw(asked);
        }
        break;
    }
    }
}

void simulated_world::drive() {
    std::uint64_t groups = one_in(2) ? 1 : 1'000;
    note(groups == 1 ? "run_once" : "run until idle");
    bool is_idle = false;
    while (groups-- != 0 && !is_idle) { is_idle = !log_->run_once(); }
    take_answers();
    if (is_idle) {
        require(log_->statistics().queued_appends == 0, "an idle writer leaves something queued");
        ledger_.collect_answers();
        ledger_.check_all_answered();
    }
}

void simulated_world::flush() {
    std::size_t const by = below(producers_.size());
    note("flush " + std::to_string(by));
    flush_summary const told = producers_[by].flush();
    settle();
    ledger_.judge_flush(by, told, is_troubled());
}

void simulated_world::decide() {
    asked_append& asked = ledger_.ask(way::decision, asked_append::no_producer, {});
    note("decide " + std::to_string(asked.number));
    auto const closure = [this, &asked](decision& now) -> result<void> {
        std::uint64_t const committed = model().head();
        result<void> outcome;
        try {
            outcome = run_closure(asked, now);
        } catch (violation const& found) { // the log would take it for the closure's own failure
            broken_ = found.what();
            outcome = error{errc::conflict};
        } catch (...) {
            ledger_.model().cut_back(committed);
            throw;
        }
        ledger_.model().cut_back(committed);
        return outcome;
    };
    if (one_in(3)) {
        bool const is_full = log_->statistics().queued_appends >= queue_appends_max_;
        log_->async_decide(closure, boost::asio::bind_executor(
                                        context_->get_executor(), [&asked](result<receipt> answer) {
                                            require(!asked.answer, "an append is answered twice");
                                            asked.answer = std::move(answer);
                                        }));
        if (is_full) {
            take_answers();
            require(asked.answer && !*asked.answer && asked.answer->error() == errc::queue_full,
                    "a full queue takes a decision");
            ledger_.withdraw(asked);
        }
    } else {
        asked.answer = log_->decide(closure);
    }
}

result<void> simulated_world::run_closure(asked_append& asked, decision& now) {
    if (is_dying_ || broken_) { return error{errc::conflict}; }
    require(++asked.runs == 1, "a decision is made twice");
    asked.must_fail.clear();
    auto const staged = now.read({}, position{model().head()});
    if (!staged) { return staged.error(); }
    ledger_.stage(*staged);
    asked.seen_head = model().head();
    for (std::uint64_t steps = below(5); steps != 0; --steps) { take_decision_step(asked, now); }
    if (one_in(8)) {
        asked.must_fail = {errc::decision_failed};
        throw std::runtime_error{"a decision that throws"};
    }
    if (one_in(5)) {
        asked.must_fail = {errc::conflict};
        return error{errc::conflict, "given up"};
    }
    return {};
}

void simulated_world::take_decision_step(asked_append& asked, decision& now) {
    require(now.head().value == model().head(), "a decision sees another head");
    query const wanted = parts_.wanted();
    switch (below(5)) {
    case 0: {
        std::string const stream = parts_.stream();
        auto const found = now.version_of(stream);
        if (!went_well(found, "a decision's version_of")) { return; }
        require(found->value == model().version_of(stream), "a decision sees another version");
        break;
    }
    case 1: {
        auto expected = model().matching(wanted);
        std::reverse(expected.begin(), expected.end());
        std::uint64_t const count = below(5);
        if (expected.size() > count) { expected.resize(count); }
        auto const found = now.newest(wanted, count);
        if (went_well(found, "a decision's newest")) { check_positions(*found, expected); }
        break;
    }
    case 2: {
        std::uint64_t const after = below(model().head() + 2);
        auto expected = model().matching(wanted);
        std::erase_if(expected, [&](std::uint64_t at) { return at <= after; });
        auto const found = now.read(wanted, position{after});
        if (went_well(found, "a decision's read")) { check_positions(*found, expected); }
        break;
    }
    case 3: {
        auto const rows = tables_->staged_table<stream_total>().all();
        if (!went_well(rows, "a decision's rows")) { return; }
        require(*rows == stream_totals_of(model(), model().head()),
                "a decision sees rows unlike a fold of what it sees");
        break;
    }
    default: {
        model_append const more = parts_.append(false);
        auto const rejections = model().rejections_of(more, model().head());
        auto const done = now.append(filled(now.new_append(), more));
        if (rejections.empty()) {
            if (!went_well(done, "a decision's append")) { return; }
            ledger_.model().append(more);
            asked.what.events.insert(asked.what.events.end(), more.events.begin(),
                                     more.events.end());
        } else {
            require(!done && (is_troubled() ||
                              rejections.contains(static_cast<errc>(done.error().code().value()))),
                    "a decision's append is judged wrongly");
            if (asked.must_fail.empty()) { asked.must_fail = rejections; }
        }
    }
    }
}

void simulated_world::begin_transaction() {
    open_transaction begun;
    begun.live.emplace(log_->begin());
    begun.began = model().head();
    require(begun.live->began_at().value == begun.began, "a transaction begins elsewhere");
    transactions_.push_back(std::move(begun));
    note("begin");
}

void simulated_world::go_on_with_a_transaction() {
    if (transactions_.empty() || (transactions_.size() < 3 && one_in(3))) { begin_transaction(); }
    std::size_t const which = below(transactions_.size());
    open_transaction& each = transactions_[which];
    switch (below(6)) {
    case 0: {
        std::string const stream = parts_.stream();
        std::uint64_t expected = model().version_of(stream, each.began);
        for (auto const& own : each.own.events) { expected += own.stream == stream ? 1U : 0U; }
        note("transaction's version_of");
        auto const found = each.live->version_of(stream);
        each.reads.push_back(query{}.stream(stream));
        if (!went_well(found, "a transaction's version_of")) { break; }
        require(found->value == expected, "a transaction sees another version");
        break;
    }
    case 1:
    case 2: {
        query const wanted = parts_.wanted();
        auto expected = model().matching(wanted, each.began);
        for (auto const& own : each.own.events) {
            if (log_model::matches(wanted, own)) { expected.push_back(0); }
        }
        note("transaction's read");
        auto const found = each.live->read(wanted);
        each.reads.push_back(wanted);
        if (went_well(found, "a transaction's read")) { check_positions(*found, expected); }
        break;
    }
    case 3: {
        model_append more = parts_.append(false);
        more.conditions.clear();
        more.none_since.clear();
        note("transaction's append");
        auto const done = each.live->append(filled(each.live->new_append(), more));
        if (!went_well(done, "a transaction's append")) { break; }
        each.own.events.insert(each.own.events.end(), more.events.begin(), more.events.end());
        break;
    }
    default:
        if (one_in(4)) {
            if (one_in(2)) { each.live->rollback(); }
            note("rolled back");
        } else {
            commit(each);
        }
        transactions_.erase(transactions_.begin() + static_cast<std::ptrdiff_t>(which));
    }
}

void simulated_world::commit(open_transaction& made) {
    asked_append& asked = ledger_.ask(way::transaction, asked_append::no_producer, made.own);
    asked.began = made.began;
    asked.reads = made.reads;
    note("commit " + std::to_string(asked.number));
    asked.answer = made.live->commit();
    if (!*asked.answer || !asked.what.events.empty()) { return; }
    // It had to be right at the head of before, since which there may be more.
    for (query const& each : made.reads) {
        require(!model().any_since(made.began, each, before_),
                "a transaction is confirmed although what it read has changed");
    }
}

} // namespace swarmlog::test
