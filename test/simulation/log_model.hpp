#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/query.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// An event as the model has it; and before that, as it is asked to be appended.
struct model_event {
    std::uint64_t number = 0; ///< in its data: no two events have the same
    std::string stream, type, data, metadata, correlation, causation;
    std::vector<std::string> tags;
    std::uint32_t schema_version = 1;
    std::optional<timestamp> occurred_at;
    std::optional<event_id> asked_id;
    bool is_poison = false; ///< the inline projection throws at it
    // Given by the log.
    std::uint64_t position = 0;
    std::uint64_t version = 0;
    event_id id{};
    timestamp recorded_at{};

    /// Of the text in its data, `{"n":1,"x":"text"}`.
    [[nodiscard]] std::size_t text_bytes() const {
        constexpr std::string_view before = R"("x":")";
        constexpr std::string_view after = R"("})";
        return data.size() - (data.find(before) + before.size()) - after.size();
    }
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

    /// Whether it would be the same for an idempotency key.
    [[nodiscard]] bool has_content_of(model_append const& other) const {
        return std::equal(events.begin(), events.end(), other.events.begin(), other.events.end(),
                          [](auto const& a, auto const& b) { return a.number == b.number; });
    }
};

/// The log as a vector of events: slow, obvious, and the judge of the real one. Everything can be
/// asked as of a position, `through`, which the log had once.
class log_model {
public:
    [[nodiscard]] std::vector<model_event> const& events() const noexcept { return events_; }
    [[nodiscard]] model_event& at(std::uint64_t position) { return events_[position - 1]; }
    [[nodiscard]] model_event const& at(std::uint64_t position) const {
        return events_[position - 1];
    }
    [[nodiscard]] std::uint64_t head() const noexcept { return events_.size(); }

    [[nodiscard]] std::uint64_t version_of(std::string const& stream, std::uint64_t through) const {
        std::uint64_t count = 0;
        for (std::uint64_t each = 1; each <= through; ++each) {
            count += at(each).stream == stream ? 1U : 0U;
        }
        return count;
    }
    [[nodiscard]] std::uint64_t version_of(std::string const& stream) const {
        return version_of(stream, head());
    }

    [[nodiscard]] static bool matches(query const& wanted, model_event const& event) {
        if (wanted.is_all()) { return true; }
        auto const any = [](auto const& names, std::string const& name) {
            return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
        };
        return std::any_of(
            wanted.items().begin(), wanted.items().end(), [&](query::item const& item) {
                return any(item.streams, event.stream) && any(item.types, event.type) &&
                       std::all_of(item.tags.begin(), item.tags.end(), [&](auto const& tag) {
                           return std::find(event.tags.begin(), event.tags.end(), tag) !=
                                  event.tags.end();
                       });
            });
    }
    [[nodiscard]] bool any_since(std::uint64_t after, query const& wanted,
                                 std::uint64_t through) const {
        for (std::uint64_t each = after + 1; each <= through; ++each) {
            if (matches(wanted, at(each))) { return true; }
        }
        return false;
    }
    /// Positions of what matches, rising.
    [[nodiscard]] std::vector<std::uint64_t> matching(query const& wanted,
                                                      std::uint64_t through) const {
        std::vector<std::uint64_t> found;
        for (std::uint64_t each = 1; each <= through; ++each) {
            if (matches(wanted, at(each))) { found.push_back(each); }
        }
        return found;
    }
    [[nodiscard]] std::vector<std::uint64_t> matching(query const& wanted) const {
        return matching(wanted, head());
    }

    /// The codes with which an append may be rejected; none when it must be accepted.
    [[nodiscard]] std::set<errc> rejections_of(model_append const& asked,
                                               std::uint64_t through) const {
        std::set<errc> codes;
        for (auto const& [stream, what] : asked.conditions) {
            std::uint64_t const now = version_of(stream, through);
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
            if (any_since(each.after.value, each.events, through)) {
                codes.insert(errc::condition_failed);
            }
        }
        for (auto const& each : asked.events) {
            if (each.is_poison) { codes.insert(errc::projection_failed); }
        }
        return codes;
    }

    struct first_append {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        model_append what;
    };
    /// The append that used an idempotency key.
    [[nodiscard]] first_append const* append_with(std::string const& key,
                                                  std::uint64_t through) const {
        auto const found = keys_.find(key);
        return found == keys_.end() || found->second.first > through ? nullptr : &found->second;
    }
    [[nodiscard]] first_append const* append_with(std::string const& key) const {
        return append_with(key, head());
    }

    /// Appends; answers the first position.
    std::uint64_t append(model_append const& asked) {
        std::uint64_t const first = head() + 1;
        for (model_event each : asked.events) {
            each.position = head() + 1;
            each.version = version_of(each.stream) + 1;
            events_.push_back(std::move(each));
        }
        if (!asked.idempotency_key.empty()) {
            keys_.insert_or_assign(asked.idempotency_key, first_append{first, head(), asked});
        }
        return first;
    }

    /// Takes back what came after a position.
    void cut_back(std::uint64_t through) {
        events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(through), events_.end());
        std::erase_if(keys_, [&](auto const& each) { return each.second.first > through; });
    }

private:
    std::vector<model_event> events_;
    std::map<std::string, first_append> keys_;
};

} // namespace swarmlog::test
