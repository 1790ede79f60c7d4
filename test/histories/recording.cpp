#include "histories/recording.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace swarmlog::test {

namespace {

// Appends under way at once, of one producer: many are quick, few leave less room for excuses.
constexpr std::size_t wide_window = 256;
constexpr std::size_t narrow_window = 32;

// Streams: a few of each producer's own, a few that all fight for, many that several write to,
// and ever new ones that several begin at once.
constexpr std::uint32_t hot_streams = 8;
constexpr std::uint32_t shared_streams = 200;
constexpr std::uint32_t operations_a_new_stream = 8;

template <class Number>
Number number_in(std::string_view text) {
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string stream_name(std::uint32_t stream) { return "s" + std::to_string(stream); }
std::uint32_t stream_number(std::string_view name) {
    return number_in<std::uint32_t>(name.substr(1));
}
std::string type_of(std::uint32_t stream) { return "t" + std::to_string(stream % 4); }
std::string tag_of(std::uint32_t stream) { return "g" + std::to_string(stream % 16); }

/// What the threads of one run share.
class run {
public:
    run(event_log& log, recording_size size)
        : log_(&log),
          size_(size),
          first_new_(static_cast<std::uint32_t>(size.producers) + hot_streams + shared_streams),
          stream_count_(first_new_ + 1 + new_streams(size)) {
        for (std::uint32_t each = 0; each != stream_count_; ++each) {
            names_.push_back(stream_name(each));
        }
        for (std::uint32_t each = 0; each != 4; ++each) { types_.push_back(type_of(each)); }
        for (std::uint32_t each = 0; each != 16; ++each) { tags_.push_back(tag_of(each)); }
    }

    [[nodiscard]] event_log& log() const noexcept { return *log_; }
    [[nodiscard]] recording_size const& size() const noexcept { return size_; }
    [[nodiscard]] std::size_t operations_each() const noexcept {
        return size_.operations / size_.producers;
    }
    [[nodiscard]] std::uint32_t stream_count() const noexcept { return stream_count_; }
    [[nodiscard]] std::string const& name(std::uint32_t stream) const { return names_[stream]; }

    [[nodiscard]] stamp now() noexcept { return clock_.fetch_add(1) + 1; }

    void add_event(append_request& request, std::uint32_t stream, content_number content) const {
        std::array<char, 24> digits{};
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), content).ptr;
        std::string_view const data{digits.data(), static_cast<std::size_t>(end - digits.data())};
        request.add(names_[stream], raw_event{types_[stream % 4], data},
                    {.tags = {tags_[stream % 16]}});
    }
    void add_events(append_request& request, operation const& asked) const {
        for (unsigned part = 0; part != asked.event_count; ++part) {
            add_event(request, asked.streams[part], asked.content + part);
        }
    }

    [[nodiscard]] std::uint32_t own(std::size_t producer) const noexcept {
        return static_cast<std::uint32_t>(producer);
    }
    [[nodiscard]] std::uint32_t hot(std::uint64_t random) const noexcept {
        return static_cast<std::uint32_t>(size_.producers + random % hot_streams);
    }
    [[nodiscard]] std::uint32_t shared(std::uint64_t random) const noexcept {
        return first_new_ - 1 - static_cast<std::uint32_t>(random % shared_streams);
    }
    /// The same for every producer that has got as far.
    [[nodiscard]] std::uint32_t fresh(std::size_t operation) const noexcept {
        return first_new_ + static_cast<std::uint32_t>(operation / operations_a_new_stream);
    }

    void fail(std::string what) {
        std::lock_guard const lock{failures_mutex_};
        failures_.push_back(std::move(what));
    }
    void producers_done() noexcept { done_.store(true); }
    [[nodiscard]] bool is_done() const noexcept { return done_.load(); }
    [[nodiscard]] std::vector<std::string> take_failures() { return std::move(failures_); }

private:
    [[nodiscard]] static std::uint32_t new_streams(recording_size const& size) {
        return static_cast<std::uint32_t>(size.operations / size.producers /
                                          operations_a_new_stream);
    }

    event_log* log_;
    recording_size size_;
    std::uint32_t first_new_;
    std::uint32_t stream_count_;
    std::vector<std::string> names_, types_, tags_;
    std::atomic<stamp> clock_{0};
    std::atomic<bool> done_{false};
    std::mutex failures_mutex_;
    std::vector<std::string> failures_;
};

void take_answer(operation& asked, result<receipt> const& answer) {
    if (!answer) {
        asked.answer = told::rejected;
        asked.code = static_cast<errc>(answer.error().code().value());
        return;
    }
    asked.answer = answer->repeated ? told::repeated : told::accepted;
    asked.first = answer->first.value;
    asked.last = answer->last.value;
    for (std::size_t part = 0; part != std::min(answer->versions.size(), parts_max); ++part) {
        asked.versions[part] = static_cast<std::uint32_t>(answer->versions[part].value);
    }
}

/// Reads by one thread; a producer's are made between its appends.
class observer {
public:
    observer(run& of, std::vector<observation>& seen) : run_(&of), seen_(&seen) {}

    void look_at_head() {
        observation seen;
        seen.start = run_->now();
        seen.through = run_->log().head().value;
        seen.end = run_->now();
        seen_->push_back(std::move(seen));
    }
    void look_at_version(std::uint32_t stream) {
        observation seen;
        seen.kind = read_kind::version;
        seen.stream = stream;
        seen.start = run_->now();
        auto const version = run_->log().version_of(run_->name(stream));
        seen.end = run_->now();
        keep(std::move(seen), version, version ? version->value : 0);
    }
    void read_stream(std::uint32_t stream, std::uint64_t after, std::size_t events_max) {
        observation seen;
        seen.kind = read_kind::events;
        seen.stream = stream;
        seen.after = after;
        seen.start = run_->now();
        auto const events = run_->log()
                                .read()
                                .stream(run_->name(stream))
                                .after(version{after})
                                .limit(events_max)
                                .collect();
        seen.end = run_->now();
        if (events) {
            for (event const& each : *events) {
                seen.contents.push_back(number_in<content_number>(each.data));
            }
            seen.was_limited = events->size() == events_max || events->empty();
        }
        std::uint64_t const through = after + seen.contents.size();
        keep(std::move(seen), events, through);
    }

private:
    template <class T>
    void keep(observation seen, result<T> const& answer, std::uint64_t through) {
        if (!answer) {
            run_->fail("a read answered: " + answer.error().message());
            return;
        }
        seen.through = through;
        seen_->push_back(std::move(seen));
    }

    run* run_;
    std::vector<observation>* seen_;
};

class producer_thread {
public:
    producer_thread(run& of, std::size_t number, std::uint64_t seed, producer_run& recorded)
        : run_(&of),
          number_(number),
          random_(seed),
          recorded_(&recorded),
          observer_(of, recorded.observations),
          source_(of.log().make_producer()),
          known_(of.stream_count()) {
        recorded.operations.reserve(of.operations_each());
    }

    void operator()() {
        for (unsigned round = 0; made() < run_->operations_each(); ++round) {
            if (round % 8 == 7) {
                submit_some();
            } else {
                append_some();
            }
            switch (round % 4) {
            case 0: decide(); break;
            case 1: transact(); break;
            case 2: append_one(); break;
            default: look(); break;
            }
        }
    }

private:
    struct under_way {
        std::size_t operation;
        pending_append answer;
    };

    [[nodiscard]] std::size_t made() const noexcept { return recorded_->operations.size(); }
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    [[nodiscard]] std::size_t window_now() {
        std::size_t const window = below(4) == 0 ? narrow_window : wide_window;
        return std::min(window, run_->operations_each() - made());
    }

    [[nodiscard]] std::uint32_t any_stream() {
        switch (below(8)) {
        case 0:
        case 1: return run_->own(number_);
        case 2: return run_->hot(random_());
        case 3: return run_->fresh(made());
        default: return run_->shared(random_());
        }
    }

    [[nodiscard]] operation new_operation() {
        operation asked;
        asked.content = content_of(number_, made());
        asked.event_count =
            below(4) == 0 ? static_cast<std::uint8_t>(2 + below(parts_max - 1)) : std::uint8_t{1};
        for (unsigned part = 0; part != asked.event_count; ++part) {
            asked.streams[part] = any_stream();
        }
        return asked;
    }
    /// Everything about a key's content follows from the key, whoever sends it.
    [[nodiscard]] operation keyed_operation() {
        operation asked;
        asked.key = 1 + made() / 16;
        unsigned const variant = below(8) == 0 ? 1 : 0;
        asked.content = content_of_key(asked.key, variant);
        asked.event_count = static_cast<std::uint8_t>(1 + asked.key % 3);
        for (unsigned part = 0; part != asked.event_count; ++part) {
            asked.streams[part] = run_->shared(asked.key * 7 + part * 3 + variant);
        }
        return asked;
    }
    void choose_condition(operation& asked) {
        std::uint32_t const stream = asked.streams[0];
        switch (below(8)) {
        case 0:
        case 1:
            asked.condition = condition_kind::version;
            asked.asked = known_[stream] + (below(8) == 0 ? 1 : 0);
            break;
        case 2: asked.condition = condition_kind::no_stream; break;
        case 3: asked.condition = condition_kind::stream_exists; break;
        case 4:
            asked.condition = condition_kind::none_since;
            asked.asked = last_position_ - std::min(last_position_, below(32));
            break;
        default: break;
        }
    }
    [[nodiscard]] append_request request_for(operation const& asked) {
        append_request request = source_.new_append();
        std::string const& stream = run_->name(asked.streams[0]);
        switch (asked.condition) {
        case condition_kind::no_stream: request.expect(stream, expected::no_stream{}); break;
        case condition_kind::stream_exists:
            request.expect(stream, expected::stream_exists{});
            break;
        case condition_kind::version: request.expect(stream, expected::version{asked.asked}); break;
        case condition_kind::none_since:
            request.expect(expected::none_since{position{asked.asked}, query{}.stream(stream)});
            break;
        case condition_kind::any:
        case condition_kind::unchanged_since: break;
        }
        if (asked.key != 0) { request.idempotency_key("k" + std::to_string(asked.key)); }
        run_->add_events(request, asked);
        return request;
    }

    void answered(operation& asked, result<receipt> const& answer) {
        asked.end = run_->now();
        take_answer(asked, answer);
        if (asked.answer == told::rejected) { return; }
        last_position_ = std::max(last_position_, asked.last);
        for (unsigned part = 0; part != asked.event_count; ++part) {
            std::uint32_t& version = known_[asked.streams[part]];
            version = std::max(version, asked.versions[part]);
        }
    }

    /// Begins a window of appends and then takes their answers.
    void append_some() {
        for (std::size_t left = window_now(); left != 0; --left) {
            operation asked = below(16) == 0 ? keyed_operation() : new_operation();
            if (asked.key == 0) { choose_condition(asked); }
            append_request request = request_for(asked);
            asked.start = run_->now();
            auto pending = source_.try_append(std::move(request));
            if (pending) {
                under_way_.push_back({made(), std::move(*pending)});
            } else {
                answered(asked, pending.error());
            }
            recorded_->operations.push_back(asked);
        }
        // The last is answered last: waiting for it first is waiting once.
        for (; !under_way_.empty(); under_way_.pop_back()) {
            under_way& each = under_way_.back();
            answered(recorded_->operations[each.operation], each.answer.get());
        }
    }

    void submit_some() {
        flush_count flush;
        flush.from = made();
        for (std::size_t left = window_now(); left != 0; --left) {
            operation asked = new_operation();
            asked.answer = told::counted;
            append_request request = request_for(asked);
            asked.start = run_->now();
            auto const queued = source_.submit(std::move(request));
            if (!queued) { answered(asked, queued.error()); }
            recorded_->operations.push_back(asked);
        }
        flush.to = made();
        flush.accepted = source_.flush().accepted;
        stamp const end = run_->now();
        for (std::size_t each = flush.from; each != flush.to; ++each) {
            operation& asked = recorded_->operations[each];
            if (asked.answer == told::counted) { asked.end = end; }
        }
        recorded_->flushes.push_back(flush);
    }

    void append_one() {
        operation asked = new_operation();
        choose_condition(asked);
        append_request request = request_for(asked);
        asked.start = run_->now();
        auto const answer = source_.append(std::move(request));
        answered(asked, answer);
        recorded_->operations.push_back(asked);
    }

    /// Reads two streams and writes to them.
    [[nodiscard]] operation reading_operation() {
        operation asked;
        asked.content = content_of(number_, made());
        asked.event_count = static_cast<std::uint8_t>(2 + below(parts_max - 1));
        asked.streams = {below(2) == 0 ? run_->own(number_) : run_->hot(random_()),
                         run_->shared(random_()), run_->fresh(made()), run_->shared(random_())};
        asked.has_seen = true;
        return asked;
    }

    void decide() {
        operation asked = reading_operation();
        asked.start = run_->now();
        auto const answer = run_->log().decide([&](decision& now) -> result<void> {
            for (unsigned which = 0; which != asked.seen.size(); ++which) {
                auto const version = now.version_of(run_->name(asked.streams[which]));
                if (!version) { return version.error(); }
                asked.seen[which] = static_cast<std::uint32_t>(version->value);
            }
            append_request request = now.new_append();
            run_->add_events(request, asked);
            return now.append(std::move(request));
        });
        answered(asked, answer);
        recorded_->operations.push_back(asked);
    }

    void transact() {
        operation asked = reading_operation();
        asked.condition = condition_kind::unchanged_since;
        asked.start = run_->now();
        transaction work = run_->log().begin();
        asked.asked = work.began_at().value;
        for (unsigned which = 0; which != asked.seen.size(); ++which) {
            auto const version = work.version_of(run_->name(asked.streams[which]));
            if (!version) {
                run_->fail("a transaction's read answered: " + version.error().message());
                return;
            }
            asked.seen[which] = static_cast<std::uint32_t>(version->value);
        }
        append_request request = work.new_append();
        run_->add_events(request, asked);
        static_cast<void>(work.append(std::move(request)));
        auto const answer = work.commit();
        answered(asked, answer);
        recorded_->operations.push_back(asked);
    }

    void look() {
        observer_.look_at_head();
        std::uint32_t const stream = any_stream();
        observer_.look_at_version(stream);
        observer_.read_stream(stream, known_[stream] - std::min<std::uint32_t>(known_[stream], 4),
                              16);
    }

    run* run_;
    std::size_t number_;
    std::mt19937_64 random_;
    producer_run* recorded_;
    observer observer_;
    producer source_;
    std::vector<std::uint32_t> known_; ///< versions that this producer knows of
    std::uint64_t last_position_ = 0;
    std::vector<under_way> under_way_;
};

/// Looks about a thousand times, each time after the log has grown by its share.
void read_along(run& of, std::uint64_t seed, std::vector<observation>& seen) {
    std::mt19937_64 random{seed};
    observer look{of, seen};
    std::uint64_t const step = std::max<std::uint64_t>(1, of.size().operations / 1'000);
    for (std::uint64_t next = step; !of.is_done(); next = of.log().head().value + step) {
        static_cast<void>(of.log().wait_for(position{next}, std::chrono::milliseconds{20}));
        look.look_at_head();
        std::uint32_t const stream = random() % 2 == 0 ? of.hot(random()) : of.shared(random());
        auto const version = of.log().version_of(of.name(stream));
        std::uint64_t const known = version ? version->value : 0;
        look.look_at_version(stream);
        look.read_stream(stream, known - std::min(known, random() % 40), 64);
    }
}

void follow(run& of, subscription from, subscriber_run& seen) {
    for (;;) {
        // In this order: what is there once the producers are done is all there will be.
        bool const is_all = of.is_done();
        position const head = of.log().head();
        if (is_all && from.at() >= head) { return; }
        auto const batch =
            from.next_batch(256, subscription::clock_type::now() + std::chrono::milliseconds{20});
        if (batch) {
            for (event const& each : *batch) {
                seen.delivered.push_back(
                    {each.position.value, number_in<content_number>(each.data)});
            }
        } else if (!(batch.error() == errc::deadline_exceeded)) {
            of.fail("a subscription answered: " + batch.error().message());
            return;
        }
    }
}

/// Two subscribers to everything, and others by type, by tag and by stream.
subscriber_run wish_of(run const& of, std::size_t number) {
    subscriber_run wish;
    auto const remainder = static_cast<std::uint32_t>(number);
    switch (number % 4) {
    case 0: break;
    case 1: wish.modulus = 4; break;
    case 2: wish.modulus = 16; break;
    default: wish.modulus = of.stream_count(); break;
    }
    wish.remainder = remainder % wish.modulus;
    return wish;
}

query query_of(run const& of, subscriber_run const& wish) {
    if (wish.modulus == 1) { return {}; }
    if (wish.modulus == 4) { return query{}.type(type_of(wish.remainder)); }
    if (wish.modulus == 16) { return query{}.tag(tag_of(wish.remainder)); }
    return query{}.stream(of.name(wish.remainder));
}

/// The later subscribers of each kind begin once the log has grown, and in its middle.
void subscribe_and_follow(run& of, std::size_t number, subscriber_run& seen) {
    if (number >= 4) {
        position const grown{of.size().operations / 4};
        while (!of.is_done() && of.log().head() < grown) {
            static_cast<void>(of.log().wait_for(grown, std::chrono::milliseconds{20}));
        }
        seen.after = of.size().operations / 8;
    }
    auto from = of.log().subscribe(query_of(of, seen), position{seen.after});
    if (!from) {
        of.fail("subscribe answered: " + from.error().message());
        return;
    }
    follow(of, std::move(*from), seen);
}

} // namespace

recording record_history(event_log& log, std::uint64_t seed, recording_size size) {
    run all{log, size};
    recording made;
    history& recorded = made.recorded;
    recorded.stream_count = all.stream_count();
    recorded.producers.resize(size.producers);
    recorded.readers.resize(size.readers);
    for (std::size_t each = 0; each != size.subscribers; ++each) {
        recorded.subscribers.push_back(wish_of(all, each));
    }
    {
        std::vector<std::jthread> others;
        for (std::size_t each = 0; each != size.readers; ++each) {
            others.emplace_back(
                [&, each] { read_along(all, seed + 100 + each, recorded.readers[each]); });
        }
        for (std::size_t each = 0; each != size.subscribers; ++each) {
            others.emplace_back(
                [&, each] { subscribe_and_follow(all, each, recorded.subscribers[each]); });
        }
        {
            std::vector<std::jthread> producers;
            for (std::size_t each = 0; each != size.producers; ++each) {
                producers.emplace_back([&, each] {
                    producer_thread{all, each, seed + each, recorded.producers[each]}();
                });
            }
        }
        all.producers_done();
    }
    made.failures = all.take_failures();
    return made;
}

std::string read_log(event_log const& log, history& recorded) {
    auto walk = log.read();
    for (;;) {
        auto const next = walk.next();
        if (!next) { return next.error().message(); }
        if (!*next) { return {}; }
        event const& each = **next;
        recorded.log.push_back({each.position.value, number_in<content_number>(each.data),
                                static_cast<std::uint32_t>(each.version.value),
                                stream_number(each.stream)});
    }
}

} // namespace swarmlog::test
