#pragma once

#include "simulation/log_model.hpp"

#include <swarmlog/engine/clock.hpp>
#include <swarmlog/engine/event_id.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// The one source of what happens in a simulation.
class dice {
public:
    explicit dice(std::uint64_t seed) : random_(seed) {}
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }
    [[nodiscard]] std::mt19937_64& numbers() noexcept { return random_; }

private:
    std::mt19937_64 random_;
};

/// Stands still, leaps and goes back at every look, and by hours when it is told to.
class wild_clock final : public clock {
public:
    explicit wild_clock(std::uint64_t seed) : random_(seed) {}
    timestamp now() noexcept override {
        switch (random_.below(4)) {
        case 0: now_ += std::chrono::milliseconds{random_.below(50)}; break;
        case 1: now_ -= std::chrono::seconds{random_.below(3)}; break;
        case 2: now_ += std::chrono::nanoseconds{random_.below(1000)}; break;
        default: break;
        }
        latest_ = std::max(latest_, now_);
        return now_;
    }
    void jump(std::chrono::hours by) noexcept { now_ += by; }
    /// The latest time that it has ever told.
    [[nodiscard]] timestamp latest() const noexcept { return latest_; }

private:
    dice random_;
    timestamp now_{std::chrono::seconds{1'700'000'000}};
    timestamp latest_ = now_;
};

/// Events, appends and queries over a few names, so that they meet each other.
class random_parts {
public:
    random_parts(dice& random, log_model const& model) : random_(&random), model_(&model) {}

    [[nodiscard]] std::string stream() { return "stream-" + std::to_string(random_->below(7)); }
    [[nodiscard]] std::string type() { return "type-" + std::to_string(random_->below(4)); }
    [[nodiscard]] std::string tag() { return "tag:" + std::to_string(random_->below(5)); }
    [[nodiscard]] event_id id() {
        return make_event_id(timestamp{std::chrono::hours{470'000 + random_->below(100)}},
                             random_->numbers()(), random_->numbers()());
    }

    [[nodiscard]] query wanted() {
        query wanted;
        for (std::uint64_t items = random_->one_in(4) ? 2 : 1; items != 0; --items) {
            query item;
            for (std::uint64_t each = random_->below(5) / 2; each != 0; --each) {
                item.stream(stream());
            }
            for (std::uint64_t each = random_->below(5) / 3; each != 0; --each) {
                item.type(type());
            }
            for (std::uint64_t each = random_->below(6) / 3; each != 0; --each) { item.tag(tag()); }
            wanted = wanted.is_all() ? item : wanted | item;
        }
        return wanted;
    }

    [[nodiscard]] model_event event() {
        model_event event;
        event.number = ++made_;
        event.stream = stream();
        event.type = type();
        event.is_poison = event.type != "type-3" && random_->one_in(30);
        std::string const text =
            event.is_poison
                ? "poison"
                : std::string(random_->one_in(20) ? random_->below(2000) : random_->below(30), 'x');
        event.data = R"({"n":)" + std::to_string(made_) + R"(,"x":")" + text + R"("})";
        if (random_->one_in(4)) {
            event.metadata = R"({"m":)" + std::to_string(random_->below(9)) + "}";
        }
        if (random_->one_in(4)) { event.correlation = "c" + std::to_string(random_->below(9)); }
        if (random_->one_in(4)) { event.causation = "d" + std::to_string(random_->below(9)); }
        std::set<std::string> tags;
        for (std::uint64_t each = random_->below(4); each != 0; --each) { tags.insert(tag()); }
        event.tags.assign(tags.begin(), tags.end());
        if (event.type == "type-3" && random_->one_in(3)) {
            event.schema_version = static_cast<std::uint32_t>(1 + random_->below(300));
        }
        if (random_->one_in(3)) {
            event.occurred_at = timestamp{
                std::chrono::nanoseconds{static_cast<std::int64_t>(random_->numbers()())}};
        }
        if (random_->one_in(5)) { event.asked_id = id(); }
        return event;
    }

    [[nodiscard]] model_append append(bool may_have_key = true) {
        model_append asked;
        if (may_have_key && !keyed_.empty() && random_->one_in(8)) {
            asked = keyed_[random_->below(keyed_.size())];
            if (random_->one_in(2)) { asked.events[0] = event(); }
            return asked;
        }
        for (std::uint64_t count = random_->one_in(3) ? 1 + random_->below(6) : 1; count != 0;
             --count) {
            asked.events.push_back(event());
        }
        if (may_have_key && random_->one_in(6)) {
            asked.idempotency_key = "key-" + std::to_string(++keys_made_);
            keyed_.push_back(asked); // without conditions: they are not asked a second time
            return asked;
        }
        for (std::uint64_t count = random_->below(4) / 2; count != 0; --count) {
            std::string const about = stream();
            std::uint64_t const now = model_->version_of(about);
            std::array<expected::condition, 5> const choice{
                expected::any{},
                now == 0 ? expected::condition{expected::no_stream{}}
                         : expected::condition{expected::stream_exists{}},
                expected::version{now}, expected::version{now},
                random_->one_in(2)
                    ? expected::condition{expected::no_stream{}}
                    : expected::condition{expected::version{random_->below(now + 3)}}};
            asked.conditions.push_back({about, choice[random_->below(choice.size())]});
        }
        if (random_->one_in(4)) {
            std::uint64_t const near = std::min<std::uint64_t>(model_->head(), random_->below(8));
            asked.none_since.push_back({position{model_->head() - near}, wanted()});
        }
        return asked;
    }

private:
    dice* random_;
    log_model const* model_;
    std::vector<model_append> keyed_;
    std::uint64_t made_ = 0;
    std::uint64_t keys_made_ = 0;
};

/// Fills a request with what the model is asked for.
inline append_request filled(append_request request, model_append const& asked) {
    for (model_event const& each : asked.events) {
        event_details details;
        details.tags.assign(each.tags.begin(), each.tags.end());
        details.metadata = each.metadata;
        details.correlation_id = each.correlation;
        details.causation_id = each.causation;
        details.occurred_at = each.occurred_at;
        details.id = each.asked_id;
        request.add(each.stream, raw_event{each.type, each.data, each.schema_version}, details);
    }
    for (auto const& [stream, what] : asked.conditions) { request.expect(stream, what); }
    for (auto const& each : asked.none_since) { request.expect(each); }
    if (!asked.idempotency_key.empty()) { request.idempotency_key(asked.idempotency_key); }
    return request;
}

} // namespace swarmlog::test
