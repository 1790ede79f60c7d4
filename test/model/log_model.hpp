#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/query.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace swarmlog::test {

/// An event as the model has it; and before that, as it is asked to be appended.
struct model_event {
    std::string stream, type, data, metadata, correlation, causation;
    std::vector<std::string> tags;
    std::uint32_t schema_version = 1;
    std::optional<timestamp> occurred_at;
    std::optional<event_id> asked_id;
    // Given by the log.
    std::uint64_t position = 0;
    std::uint64_t version = 0;
    event_id id{};
    timestamp recorded_at{};
};

/// What is asked of one append.
struct model_append {
    std::vector<model_event> events;
    struct stream_condition {
        std::string stream;
        expected::condition what;
    };
    std::vector<stream_condition> conditions;
    std::vector<expected::none_since> none_since;
    std::string idempotency_key;
};

/// The log as a vector of events: slow, obvious, and the judge of the real one.
class log_model {
public:
    [[nodiscard]] std::vector<model_event> const& events() const noexcept { return events_; }
    [[nodiscard]] std::vector<model_event>& events() noexcept { return events_; }
    [[nodiscard]] std::uint64_t head() const noexcept { return events_.size(); }

    [[nodiscard]] std::uint64_t version_of(std::string const& stream) const {
        std::uint64_t count = 0;
        for (model_event const& each : events_) { count += each.stream == stream ? 1U : 0U; }
        return count;
    }

    [[nodiscard]] static bool matches(query const& wanted, model_event const& event) {
        if (wanted.is_all()) { return true; }
        auto const any = [](auto const& names, std::string const& name) {
            bool found = names.empty();
            for (auto const& each : names) { found = found || each == name; }
            return found;
        };
        for (query::item const& item : wanted.items()) {
            bool fits = any(item.streams, event.stream) && any(item.types, event.type);
            for (std::string const& tag : item.tags) {
                bool carried = false;
                for (std::string const& own : event.tags) { carried = carried || own == tag; }
                fits = fits && carried;
            }
            if (fits) { return true; }
        }
        return false;
    }
    [[nodiscard]] bool any_since(std::uint64_t after, query const& wanted) const {
        for (model_event const& each : events_) {
            if (each.position > after && matches(wanted, each)) { return true; }
        }
        return false;
    }

    /// The codes with which an append may be rejected; none when it must be accepted.
    [[nodiscard]] std::set<errc> rejections_of(model_append const& asked) const {
        std::set<errc> codes;
        for (auto const& [stream, what] : asked.conditions) {
            std::uint64_t const now = version_of(stream);
            if (std::holds_alternative<expected::no_stream>(what) && now != 0) {
                codes.insert(errc::stream_already_exists);
            }
            if (std::holds_alternative<expected::stream_exists>(what) && now == 0) {
                codes.insert(errc::stream_not_found);
            }
            auto const* const version = std::get_if<expected::version>(&what);
            if (version != nullptr && version->value != now) { codes.insert(errc::wrong_version); }
        }
        for (auto const& each : asked.none_since) {
            if (any_since(each.after.value, each.events)) { codes.insert(errc::condition_failed); }
        }
        return codes;
    }

    struct first_append {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::vector<std::string> data;
    };
    /// The append that used an idempotency key.
    [[nodiscard]] first_append const* append_with(std::string const& key) const {
        auto const found = keys_.find(key);
        return found == keys_.end() ? nullptr : &found->second;
    }

    /// Appends; answers the first position.
    std::uint64_t append(model_append const& asked) {
        std::uint64_t const first = head() + 1;
        first_append used{first, head() + asked.events.size(), {}};
        for (model_event each : asked.events) {
            each.position = head() + 1;
            each.version = version_of(each.stream) + 1;
            used.data.push_back(each.data);
            events_.push_back(std::move(each));
        }
        if (!asked.idempotency_key.empty()) { keys_.emplace(asked.idempotency_key, used); }
        return first;
    }

    /// Positions of what matches, rising.
    [[nodiscard]] std::vector<std::uint64_t> matching(query const& wanted) const {
        std::vector<std::uint64_t> found;
        for (model_event const& each : events_) {
            if (matches(wanted, each)) { found.push_back(each.position); }
        }
        return found;
    }

private:
    std::vector<model_event> events_;
    std::map<std::string, first_append> keys_;
};

} // namespace swarmlog::test
