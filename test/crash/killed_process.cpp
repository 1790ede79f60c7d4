#include "crash/killed_process.hpp"

#include "crash/ledger_tallies.hpp"
#include "crash/numbered_append.hpp"
#include "support/function_entries.hpp"

#include <swarmlog/projections/projection_set.hpp>

#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <deque>
#include <exception>
#include <thread>
#include <utility>

namespace swarmlog::test {

namespace {

using report_kind = report_of_child::kind;

int pipe_end = -1;

/// Not longer than PIPE_BUF, so no two mix. Also from signal handlers.
void say(report_of_child const& report) noexcept {
    static_cast<void>(!::write(pipe_end, &report, sizeof report));
}

void die(std::uintptr_t entry) noexcept {
    say({.what = report_kind::reached, .number = entry});
    ::kill(::getpid(), SIGKILL);
    for (;;) { ::pause(); }
}

void die_by_timer(int) noexcept { ::kill(::getpid(), SIGKILL); }

void die_after(std::uint32_t microseconds) {
    std::signal(SIGALRM, die_by_timer);
    ::itimerval timer{};
    timer.it_value.tv_usec = static_cast<::suseconds_t>(microseconds);
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

/// Every function here ends the process when something fails that must not.
[[noreturn]] void fail(error const& failure) {
    say({.what = report_kind::failed,
         .number = static_cast<std::uint64_t>(failure.code().value())});
    ::_exit(1);
}

class appending_child {
public:
    explicit appending_child(killed_process_plan const& plan)
        : plan_(plan), next_number_(plan.next_number) {}

    void run() {
        if (plan_.microseconds) { die_after(*plan_.microseconds); }
        if (plan_.during == errand::opening) { trap(plan_.entries, die); }
        open();
        for (std::uint64_t const number : plan_.asked_again) { append_again(number); }
        std::vector<std::thread> producers;
        for (std::uint8_t each = 0; each != producers_of_child; ++each) {
            producers.emplace_back([this, each] { append_all(each); });
        }
        wait_for_answers(plan_.answers_before);
        if (plan_.during != errand::opening && plan_.during != errand::closing) {
            trap(plan_.entries, die);
            go_on_errand();
        }
        for (std::thread& each : producers) { each.join(); }
        if (plan_.during == errand::closing) { trap(plan_.entries, die); }
        if (auto const closed = log_->close(); !closed) { fail(closed.error()); }
        say({.what = report_kind::ended});
    }

private:
    void open() {
        projections_.add(ledger_tallies{});
        sqlite_log_options options = plan_.options;
        options.state = projections_;
        auto log = open_sqlite(plan_.file, options);
        if (!log) { fail(log.error()); }
        log_.emplace(std::move(*log));
        say({.what = report_kind::opened,
             .number = log_->head().value,
             .first = log_->opened().lost_events});
    }

    void go_on_errand() {
        switch (plan_.during) {
        case errand::consuming: return consume();
        case errand::checkpointing: return check(log_->checkpoint());
        case errand::rebuilding: {
            auto const rebuilt = projections_.rebuild(tallies::name);
            if (!rebuilt) { fail(rebuilt.error()); }
            return;
        }
        case errand::backing_up:
            say({.what = report_kind::backing_up, .number = log_->head().value});
            check(log_->backup_to(plan_.backup.string()));
            return say({.what = report_kind::backed_up});
        case errand::opening:
        case errand::appending:
        case errand::closing: return;
        }
    }

    void consume() {
        auto consumer = log_->open_consumer(consumer_of_child);
        if (!consumer) { fail(consumer.error()); }
        for (unsigned left = 6; left != 0; --left) {
            auto const batch = consumer->next_batch(8, std::chrono::steady_clock::now());
            if (!batch) { return; }
            position const at = batch->back().position;
            say({.what = report_kind::consuming, .number = at.value});
            check(consumer->acknowledge(at));
            say({.what = report_kind::consumed, .number = at.value});
        }
    }

    static void check(result<void> const& done) {
        if (!done) { fail(done.error()); }
    }

    void append_all(std::uint8_t self) {
        auto source = log_->make_producer();
        switch ((plan_.seed + self) % 4) {
        case 0: return append_pipelined(source, self);
        case 1: return append_decided(source, self);
        case 2: return append_in_transactions(source, self);
        default:
            for (unsigned left = plan_.appends_of_each; left != 0; --left) {
                std::uint64_t const number = next_number(self);
                answer(number, source.append(request_for(source, number)));
            }
        }
    }

    void append_pipelined(producer& source, std::uint8_t self) {
        constexpr std::size_t window = 8;
        std::deque<std::pair<std::uint64_t, pending_append>> pending;
        for (unsigned left = plan_.appends_of_each; left != 0 || !pending.empty();) {
            for (; left != 0 && pending.size() < window; --left) {
                std::uint64_t const number = next_number(self);
                auto queued = source.try_append(request_for(source, number));
                if (queued) {
                    pending.emplace_back(number, std::move(*queued));
                } else {
                    answer(number, queued.error());
                }
            }
            if (pending.empty()) { continue; }
            answer(pending.front().first, pending.front().second.get());
            pending.pop_front();
        }
    }

    void append_decided(producer& source, std::uint8_t self) {
        for (unsigned left = plan_.appends_of_each; left != 0; --left) {
            std::uint64_t const number = next_number(self);
            // A decision has no key.
            bool const has_key = !numbered_append{number}.idempotency_key().empty();
            answer(number, has_key
                               ? source.append(request_for(source, number))
                               : log_->decide([&](decision& now) { return decide(now, number); }));
        }
    }

    static result<void> decide(decision& now, std::uint64_t number) {
        append_request request = now.new_append();
        numbered_append{number}.add_to(request);
        if (auto appended = now.append(std::move(request)); !appended) { return appended; }
        if (must_be_rejected(number)) { return error{errc::decision_failed, "taken back"}; }
        return {};
    }

    void append_in_transactions(producer& source, std::uint8_t self) {
        for (unsigned left = plan_.appends_of_each; left != 0; --left) {
            std::uint64_t const number = next_number(self);
            numbered_append const append{number};
            if (must_be_rejected(number) || !append.idempotency_key().empty()) {
                answer(number, source.append(request_for(source, number)));
                continue;
            }
            auto transaction = log_->begin();
            static_cast<void>(transaction.version_of(append.stream_of(0)));
            append_request request = transaction.new_append();
            append.add_to(request);
            auto const appended = transaction.append(std::move(request));
            answer(number, appended ? transaction.commit() : result<receipt>{appended.error()});
        }
    }

    append_request request_for(producer const& source, std::uint64_t number) {
        numbered_append const append{number};
        append_request request = source.new_append();
        append.add_to(request);
        switch (number % 16) {
        case 3: request.expect(append.stream_of(0), expected::no_stream{}); break;
        case 7: request.add(append.stream_of(0), refused_event{number}); break;
        case 11:
            request.idempotency_key("key-4"); // of an append with other content
            request.add(append.stream_of(0), refused_event{number});
            break;
        default: break;
        }
        return request;
    }

    /// One that may have been asked for before, so that its answer was not heard.
    void append_again(std::uint64_t number) {
        say({.what = report_kind::sent, .number = number});
        auto source = log_->make_producer();
        append_request request = source.new_append();
        numbered_append{number}.add_to(request);
        answer(number, source.append(std::move(request)));
        answers_ = 0;
    }

    std::uint64_t next_number(std::uint8_t self) {
        std::uint64_t const number = next_number_++;
        say({.what = report_kind::sent, .producer = self, .number = number});
        return number;
    }

    void answer(std::uint64_t number, result<receipt> const& told) {
        if (told) {
            say({.what = report_kind::accepted,
                 .number = number,
                 .first = told->first.value,
                 .last = told->last.value});
        } else if (told.error().is_in_doubt()) {
            say({.what = report_kind::in_doubt, .number = number});
        } else {
            say({.what = report_kind::rejected,
                 .number = number,
                 .first = static_cast<std::uint64_t>(told.error().code().value())});
        }
        ++answers_;
        answers_.notify_one();
    }

    void wait_for_answers(unsigned count) {
        for (unsigned seen = answers_; seen < count; seen = answers_) { answers_.wait(seen); }
    }

    killed_process_plan const& plan_;
    projection_set projections_;
    std::optional<event_log> log_;
    std::atomic<std::uint64_t> next_number_;
    std::atomic<unsigned> answers_{0};
};

} // namespace

void append_until_killed(killed_process_plan const& plan, int reports) {
    pipe_end = reports;
    // A new thread has memory of its own. The forked one shares its pages with the parent, and
    // each is copied when it is written to.
    std::thread{[&plan] {
        try {
            appending_child{plan}.run();
        } catch (std::exception const&) { fail(errc::unsupported); }
        ::_exit(0);
    }}.join();
    ::_exit(0);
}

} // namespace swarmlog::test
