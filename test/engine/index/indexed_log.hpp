#pragma once

#include "fake_store.hpp"

#include "index/index.hpp"
#include "index/key_enumeration.hpp"
#include "index/key_lookup.hpp"
#include "index/position_cursor.hpp"

#include <swarmlog/engine/query.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// What the index is told of an event.
struct indexed_event {
    std::string stream;
    std::string type;
    std::vector<std::string> tags;
};

/// An index that is fed the way the writer feeds it, beside a naive model of all events.
class indexed_log {
public:
    using key_name = std::pair<detail::key_kind, std::string>;

    explicit indexed_log(detail::index_options options) : options_(options) { reopen(); }

    /// As after a crash: what no run owns is erased, the events after the last run come again.
    void reopen() {
        store_.erase_orphans();
        index_ = std::make_unique<detail::index>(options_);
        auto view = store_.read().value();
        index_->load(*view).value();
        for (std::uint64_t at = index_->indexed_through().value + 1; at <= events_.size(); ++at) {
            post(at);
        }
    }

    void append(indexed_event event) {
        events_.push_back(std::move(event));
        for (auto const& key : keys_of(events_.back())) {
            postings_[key].push_back(events_.size());
        }
        post(events_.size());
    }

    /// An event of one of `streams` streams, with up to three of `tags` tags.
    void append_random(std::mt19937_64& random, std::uint64_t streams, std::uint64_t tags) {
        indexed_event event{"stream-" + std::to_string(random() % streams),
                            "type-" + std::to_string(random() % 5),
                            {}};
        for (std::uint64_t i = random() % 4; i > 0; --i) {
            event.tags.push_back("tag-" + std::to_string(random() % tags));
        }
        std::sort(event.tags.begin(), event.tags.end());
        event.tags.erase(std::unique(event.tags.begin(), event.tags.end()), event.tags.end());
        append(std::move(event));
    }

    [[nodiscard]] bool flush() {
        auto transaction = store_.begin().value();
        auto const flushed = index_->flush(*transaction, head());
        bool const committed =
            flushed.has_value() && transaction->commit().outcome == commit_outcome::committed;
        if (committed) {
            index_->flush_committed();
        } else {
            index_->flush_failed();
        }
        return committed;
    }

    /// Flushes if the index wants it.
    void maybe_flush() {
        if (index_->wants_flush()) { BOOST_REQUIRE(flush()); }
    }

    [[nodiscard]] position head() const { return position{events_.size()}; }
    [[nodiscard]] detail::index& index() { return *index_; }
    [[nodiscard]] fake_store& store() { return store_; }
    [[nodiscard]] std::vector<indexed_event> const& events() const { return events_; }
    [[nodiscard]] std::map<key_name, std::vector<std::uint64_t>> const& postings() const {
        return postings_;
    }

    /// What the index answers, in the order in which it does.
    [[nodiscard]] std::vector<std::uint64_t> ask(query const& wanted, detail::direction towards,
                                                 position from, position bound) {
        auto const snapshot = index_->snapshot();
        auto view = store_.read().value();
        auto cursor =
            detail::position_cursor::open(snapshot, *view, wanted, towards, from, bound).value();
        std::vector<std::uint64_t> found;
        while (auto const at = cursor.next().value()) { found.push_back(at->value); }
        BOOST_TEST(!cursor.next().value()); // stays at its end
        return found;
    }

    /// What it should answer.
    [[nodiscard]] std::vector<std::uint64_t> expect(query const& wanted, detail::direction towards,
                                                    position from, position bound) const {
        bool const forwards = towards == detail::direction::forwards;
        std::uint64_t const low = forwards ? from.value : bound.value;
        std::uint64_t const high = forwards ? bound.value : from.value;
        std::vector<std::uint64_t> matching;
        for (std::uint64_t at = std::max<std::uint64_t>(low, 1);
             at <= std::min<std::uint64_t>(high, events_.size()); ++at) {
            auto const& items = wanted.items();
            if (std::any_of(items.begin(), items.end(), [&](query::item const& item) {
                    return matches(item, events_[at - 1]);
                })) {
                matching.push_back(at);
            }
        }
        if (!forwards) { std::reverse(matching.begin(), matching.end()); }
        return matching;
    }

    /// Compares every posting and ordinal of every key with the model.
    void check_all_postings() {
        auto const snapshot = index_->snapshot();
        auto view = store_.read().value();
        std::map<key_name, std::vector<std::uint64_t>> found;
        bool ordinals_fit = true;
        detail::for_each_posting(
            *snapshot, *view,
            [&](detail::key_kind kind, std::string_view name, std::uint64_t ordinal, position at) {
                auto& positions = found[{kind, std::string{name}}];
                ordinals_fit &= ordinal == positions.size();
                positions.push_back(at.value);
                return true;
            })
            .value();
        BOOST_TEST(ordinals_fit);
        BOOST_TEST((found == postings_));
    }

private:
    [[nodiscard]] static std::vector<key_name> keys_of(indexed_event const& event) {
        std::vector<key_name> keys{{detail::key_kind::stream, event.stream},
                                   {detail::key_kind::type, event.type}};
        for (auto const& tag : event.tags) { keys.emplace_back(detail::key_kind::tag, tag); }
        return keys;
    }

    [[nodiscard]] static bool matches(query::item const& item, indexed_event const& event) {
        auto const among = [](std::vector<std::string> const& names, std::string const& name) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        return (item.streams.empty() || among(item.streams, event.stream)) &&
               (item.types.empty() || among(item.types, event.type)) &&
               std::all_of(item.tags.begin(), item.tags.end(),
                           [&](std::string const& tag) { return among(event.tags, tag); });
    }

    void post(std::uint64_t at) {
        detail::tail& tail = index_->current_tail();
        for (auto const& [kind, name] : keys_of(events_[at - 1])) {
            detail::tail_key& key = tail.find_or_insert(detail::key_ref::of(kind, name));
            if (kind == detail::key_kind::stream) {
                if (!key.writer.resolved) { index_->resolve(key, store_).value(); }
                auto const& known = postings_[{kind, name}];
                auto const before = std::lower_bound(known.begin(), known.end(), at);
                BOOST_REQUIRE(key.writer.count ==
                              static_cast<std::uint64_t>(before - known.begin()));
                BOOST_REQUIRE(key.writer.last_position ==
                              (before == known.begin() ? 0 : *(before - 1)));
                ++key.writer.count;
                key.writer.last_position = at;
            }
            tail.append(key, position{at});
        }
    }

    detail::index_options options_;
    fake_store store_;
    std::unique_ptr<detail::index> index_;
    std::vector<indexed_event> events_;
    std::map<key_name, std::vector<std::uint64_t>> postings_;
};

/// Small enough that a test sees many runs and merges.
inline detail::index_options small_index() {
    detail::index_options options;
    options.tail_events = 100;
    options.heads_max = 16;
    return options;
}

} // namespace swarmlog::test
