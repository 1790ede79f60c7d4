#include "queue_model/explorer.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace swarmlog::test {

namespace {

constexpr std::size_t stack_bytes = 256 * 1024;
constexpr std::uint64_t preemptions_max = 4;
/// A thread that waits for another one in a loop lets it go on after so many steps.
constexpr std::uint64_t steps_alone_max = 1'000;
constexpr std::uint64_t steps_max = 50'000;

explorer* the_current = nullptr;

} // namespace

explorer::explorer() {
    if (the_current != nullptr) { throw std::logic_error{"one explorer at a time"}; }
    the_current = this;
    for (fibre& each : fibres_) { each.stack = std::make_unique<char[]>(stack_bytes); }
}

explorer::~explorer() { the_current = nullptr; }

explorer& explorer::current() { return *the_current; }

std::optional<std::string> explorer::execute(std::function<void()> const& scenario,
                                             std::uint64_t seed) {
    choice_.reseed(seed);
    memory_.reset();
    failure_.reset();
    for (fibre& each : fibres_) { each.now = state::absent; }
    fibre_count_ = 0;
    steps_ = 0;
    steps_alone_ = 0;
    draw_preemptions();
    start_thread(scenario);
    running_ = 0;
    swapcontext(&outside_, &fibres_[0].context);
    steps_expected_ = std::max<std::uint64_t>(steps_, 1);
    allocated_.clear();
    return std::exchange(failure_, std::nullopt);
}

void explorer::draw_preemptions() {
    preempted_.clear();
    std::uint64_t const count = choice_.below(preemptions_max + 2);
    is_unbounded_ = count > preemptions_max;
    for (std::uint64_t left = is_unbounded_ ? 0 : count; left != 0; --left) {
        preempted_.push_back(choice_.below(steps_expected_) + 1);
    }
}

std::size_t explorer::start_thread(std::function<void()> body) {
    if (fibre_count_ == fibres_.size()) { throw std::logic_error{"too many threads"}; }
    std::size_t const number = fibre_count_++;
    fibre& made = fibres_[number];
    made.body = std::move(body);
    made.now = state::ready;
    made.sleeps_on = nullptr;
    getcontext(&made.context);
    made.context.uc_stack.ss_sp = made.stack.get();
    made.context.uc_stack.ss_size = stack_bytes;
    made.context.uc_link = nullptr;
    makecontext(&made.context, &explorer::enter, 0);
    if (number != 0) { memory_.begin_thread(number, running_); }
    return number;
}

void explorer::enter() {
    explorer& self = current();
    self.fibres_[self.running_].body();
    self.fibres_[self.running_].now = state::ended;
    self.wake(&self.fibres_, true);
    if (self.running_ == 0) { setcontext(&self.outside_); }
    self.switch_thread(true);
}

void explorer::join_threads() {
    for (std::size_t other = 1; other != fibre_count_; ++other) {
        while (fibres_[other].now != state::ended) { sleep(&fibres_, false); }
        memory_.join_thread(running_, other);
    }
}

void explorer::fail(std::string what) {
    failure_ = std::move(what);
    setcontext(&outside_);
    std::abort();
}

bool explorer::preempts() {
    if (steps_alone_ > steps_alone_max) { return true; }
    if (is_unbounded_) { return choice_.one_in(4); }
    return std::find(preempted_.begin(), preempted_.end(), steps_) != preempted_.end();
}

void explorer::step() {
    ++steps_;
    ++steps_alone_;
    if (steps_ > steps_max) { fail("no end after " + std::to_string(steps_max) + " steps"); }
    if (preempts()) { switch_thread(false); }
}

bool explorer::sleep(void const* on, bool may_expire) {
    fibre& self = fibres_[running_];
    self.now = state::asleep;
    self.sleeps_on = on;
    self.may_expire = may_expire;
    self.expired = false;
    switch_thread(true);
    return !self.expired;
}

void explorer::wake(void const* on, bool all) {
    std::array<std::size_t, model_threads_max> sleepers{};
    std::size_t count = 0;
    for (std::size_t each = 0; each != fibre_count_; ++each) {
        if (fibres_[each].now == state::asleep && fibres_[each].sleeps_on == on) {
            sleepers[count++] = each;
        }
    }
    if (count == 0) { return; }
    if (!all) {
        sleepers[0] = sleepers[choice_.below(count)];
        count = 1;
    }
    for (std::size_t each = 0; each != count; ++each) {
        fibres_[sleepers[each]].now = state::ready;
    }
}

void explorer::switch_thread(bool must) {
    std::array<std::size_t, model_threads_max> ready{};
    std::array<std::size_t, model_threads_max> expirable{};
    std::size_t ready_count = 0;
    std::size_t expirable_count = 0;
    for (std::size_t each = 0; each != fibre_count_; ++each) {
        fibre const& other = fibres_[each];
        if (other.now == state::ready && each != running_) { ready[ready_count++] = each; }
        if (other.now == state::asleep && other.may_expire) { expirable[expirable_count++] = each; }
    }
    // A deadline passes at some time, and certainly when nothing else happens.
    bool const expires = expirable_count != 0 && ((must && ready_count == 0) || choice_.one_in(4));
    if (expires) {
        std::size_t const next = expirable[choice_.below(expirable_count)];
        fibres_[next].now = state::ready;
        fibres_[next].expired = true;
        switch_to(next);
    } else if (ready_count != 0) {
        switch_to(ready[choice_.below(ready_count)]);
    } else if (must) {
        fail("no thread can go on");
    }
}

void explorer::switch_to(std::size_t next) {
    steps_alone_ = 0;
    std::size_t const before = std::exchange(running_, next);
    if (before != next) { swapcontext(&fibres_[before].context, &fibres_[next].context); }
}

void* explorer::allocate(std::size_t bytes) {
    return allocated_.emplace_back(std::make_unique<char[]>(bytes)).get();
}

} // namespace swarmlog::test
