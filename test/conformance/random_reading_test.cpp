#include "support/log_under_test.hpp"
#include "support/random_seed.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// An event as the naive model keeps it.
struct model_event {
    std::uint64_t position = 0;
    std::uint64_t version = 0;
    std::string stream, type, data;
    std::vector<std::string> tags;
    timestamp recorded_at;
    event_id id;
};

/// What was asked, once as a query and once for the model.
struct question {
    query events;
    std::optional<std::uint64_t> after, before;
    std::optional<std::uint64_t> after_version, before_version;
    std::optional<timestamp> after_time, before_time;
    bool is_backwards = false;
    std::optional<std::uint64_t> limit;
};

/// A log and the vector that says what it should hold. Everything random comes from one seed.
class random_log {
public:
    random_log(std::string_view backend, std::uint64_t seed)
        : random_(seed), log_{backend, options()} {}

    void run() {
        for (int round = 0; round != 12; ++round) {
            append_some();
            for (int each = 0; each != 30; ++each) { check(ask()); }
            check_ids();
            if (pick(2) == 0) {
                log_.options() = options();
                log_.reopen();
                BOOST_TEST(log_->head().value == model_.size());
                for (int each = 0; each != 10; ++each) { check(ask()); }
            }
        }
        check_sound(*log_);
    }

private:
    [[nodiscard]] std::uint64_t pick(std::uint64_t below) {
        return std::uniform_int_distribution<std::uint64_t>{0, below - 1}(random_);
    }
    [[nodiscard]] std::string name(char kind, std::uint64_t below) {
        // The smaller, the more often: a few hot keys and many cold ones.
        return kind + std::to_string(std::min(pick(below), pick(below)));
    }
    [[nodiscard]] log_options options() {
        log_options chosen = small_options();
        chosen.record_bytes = 100 + pick(2'000);
        chosen.index_tail_events = static_cast<std::uint32_t>(1 + pick(60));
        chosen.page_events = static_cast<std::uint32_t>(1 + pick(20));
        chosen.record_cache_bytes = pick(20'000);
        chosen.index_filter_bytes_max = pick(3) == 0 ? 0 : 1 << 20;
        chosen.index_cache_bytes = pick(3) == 0 ? 0 : 1 << pick(20);
        chosen.stream_heads_max = pick(10);
        chosen.group_events_max = static_cast<std::uint32_t>(1 + pick(30));
        return chosen;
    }

    void append_some() {
        auto producer = log_->make_producer();
        std::uint64_t const appends = pick(60);
        for (std::uint64_t each = 0; each != appends; ++each) {
            log_.clock().advance(std::chrono::microseconds{pick(2'000)});
            append_request request = producer.new_append();
            std::vector<model_event> added;
            std::uint64_t const events = pick(10) == 0 ? 1 + pick(20) : 1 + pick(2);
            for (std::uint64_t number = 0; number != events; ++number) {
                added.push_back(some_event());
                model_event const& made = added.back();
                event_details details;
                for (auto const& tag : made.tags) { details.tags.emplace_back(tag); }
                if (!made.id.is_nil()) { details.id = made.id; }
                request.add(made.stream, raw(made.type, made.data), details);
            }
            receipt const got = must(producer.append(std::move(request)));
            BOOST_REQUIRE(got.first.value == model_.size() + 1);
            BOOST_REQUIRE(got.event_count() == added.size());
            take_over(std::move(added), got);
        }
    }

    [[nodiscard]] model_event some_event() {
        model_event made;
        made.stream = name('s', 12);
        made.type = name('t', 4);
        made.data = std::to_string(pick(1'000'000));
        for (std::uint64_t tags = pick(4); tags != 0; --tags) {
            std::string tag = name('m', 6);
            if (std::find(made.tags.begin(), made.tags.end(), tag) == made.tags.end()) {
                made.tags.push_back(std::move(tag));
            }
        }
        if (pick(5) == 0) {
            for (auto& byte : made.id.bytes) { byte = static_cast<std::uint8_t>(pick(256)); }
        }
        return made;
    }

    void take_over(std::vector<model_event> added, receipt const& got) {
        auto const stored = must(log_->read().after(got.first.previous()).collect());
        BOOST_REQUIRE(stored.size() == added.size());
        for (std::size_t each = 0; each != added.size(); ++each) {
            model_event& made = added[each];
            event const& there = stored[each];
            made.position = model_.size() + 1;
            made.version = ++versions_[made.stream];
            BOOST_REQUIRE(there.position.value == made.position);
            BOOST_REQUIRE(there.version.value == made.version);
            BOOST_REQUIRE(got.versions[each].value == made.version);
            BOOST_REQUIRE(there.stream == made.stream);
            BOOST_REQUIRE(there.type == made.type);
            BOOST_REQUIRE(there.data == made.data);
            BOOST_REQUIRE(there.tags.size() == made.tags.size());
            BOOST_REQUIRE((made.id.is_nil() || there.id == made.id));
            made.id = there.id;
            made.recorded_at = there.recorded_at;
            BOOST_REQUIRE((model_.empty() || model_.back().recorded_at < made.recorded_at));
            model_.push_back(std::move(made));
        }
    }

    [[nodiscard]] query some_query() {
        query events;
        if (pick(6) == 0) { return events; }
        for (std::uint64_t items = 1 + (pick(3) == 0 ? pick(3) : 0); items != 0; --items) {
            query item;
            for (std::uint64_t each = pick(3); each != 0; --each) { item.stream(name('s', 14)); }
            for (std::uint64_t each = pick(3); each != 0; --each) { item.type(name('t', 5)); }
            for (std::uint64_t each = pick(3); each != 0; --each) { item.tag(name('m', 7)); }
            events = events.is_all() ? item : events | item;
        }
        return events;
    }

    [[nodiscard]] question ask() {
        question asked;
        asked.events = some_query();
        std::uint64_t const size = model_.size();
        auto const sometimes = [this](std::uint64_t below) {
            return pick(4) == 0 ? std::optional{pick(below)} : std::nullopt;
        };
        asked.after = sometimes(size + 3);
        asked.before = sometimes(size + 3);
        if (pick(8) == 0) {
            asked.events = query{}.stream(name('s', 12));
            asked.after_version = sometimes(size / 4 + 3);
            asked.before_version = sometimes(size / 4 + 3);
        }
        auto const some_time = [&]() -> std::optional<timestamp> {
            if (pick(5) != 0 || model_.empty()) { return std::nullopt; }
            return model_[pick(size)].recorded_at +
                   std::chrono::nanoseconds{static_cast<std::int64_t>(pick(3)) - 1};
        };
        asked.after_time = some_time();
        asked.before_time = some_time();
        asked.is_backwards = pick(2) == 0;
        asked.limit = sometimes(20);
        return asked;
    }

    [[nodiscard]] static bool is_one_of(std::vector<std::string> const& names,
                                        std::string const& name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    }
    [[nodiscard]] static bool matches(question const& asked, model_event const& each) {
        auto const is_in_item = [&](query::item const& item) {
            return is_one_of(item.streams, each.stream) && is_one_of(item.types, each.type) &&
                   std::all_of(item.tags.begin(), item.tags.end(), [&](auto const& tag) {
                       return std::find(each.tags.begin(), each.tags.end(), tag) != each.tags.end();
                   });
        };
        auto const& items = asked.events.items();
        return (items.empty() || std::any_of(items.begin(), items.end(), is_in_item)) &&
               (!asked.after || each.position > *asked.after) &&
               (!asked.before || each.position < *asked.before) &&
               (!asked.after_version || each.version > *asked.after_version) &&
               (!asked.before_version || each.version < *asked.before_version) &&
               (!asked.after_time || each.recorded_at > *asked.after_time) &&
               (!asked.before_time || each.recorded_at < *asked.before_time);
    }

    [[nodiscard]] reader read(question const& asked) {
        reader from = log_->read().matching(asked.events);
        if (asked.after) { from = std::move(from).after(position{*asked.after}); }
        if (asked.before) { from = std::move(from).before(position{*asked.before}); }
        if (asked.after_version) { from = std::move(from).after(version{*asked.after_version}); }
        if (asked.before_version) { from = std::move(from).before(version{*asked.before_version}); }
        if (asked.after_time) { from = std::move(from).after(*asked.after_time); }
        if (asked.before_time) { from = std::move(from).before(*asked.before_time); }
        if (asked.is_backwards) { from = std::move(from).backwards(); }
        if (asked.limit) { from = std::move(from).limit(*asked.limit); }
        return from;
    }

    void check(question const& asked) {
        std::vector<std::uint64_t> wanted;
        for (model_event const& each : model_) {
            if (matches(asked, each)) { wanted.push_back(each.position); }
        }
        auto const matching = wanted.size();
        if (asked.is_backwards) { std::reverse(wanted.begin(), wanted.end()); }
        if (asked.limit && wanted.size() > *asked.limit) { wanted.resize(*asked.limit); }
        BOOST_TEST_CONTEXT(described(asked)) {
            auto const got = must(read(asked).collect());
            BOOST_TEST(positions_of(got) == wanted, boost::test_tools::per_element());
            for (event const& each : got) {
                model_event const& made = model_[each.position.value - 1];
                BOOST_TEST((each.data == made.data && each.stream == made.stream &&
                            each.version.value == made.version && each.id == made.id &&
                            each.recorded_at == made.recorded_at));
            }
            BOOST_TEST(must(read(asked).count()) == wanted.size());
            // The append condition uses the same query.
            if (!asked.before && !asked.after_version && !asked.before_version &&
                !asked.after_time && !asked.before_time) {
                check_condition(asked, matching != 0);
            }
        }
    }

    void check_condition(question const& asked, bool occurs) {
        auto const got = log_->decide([&](decision& now) -> result<void> {
            append_request request = now.new_append();
            request.expect(expected::none_since{position{asked.after.value_or(0)}, asked.events});
            request.add("probe", raw());
            auto const done = now.append(std::move(request));
            return done ? error{errc::cancelled} : done.error();
        });
        BOOST_TEST(failed_with(got, occurs ? errc::condition_failed : errc::cancelled));
    }

    void check_ids() {
        for (int each = 0; each != 20 && !model_.empty(); ++each) {
            model_event const& made = model_[pick(model_.size())];
            auto const found = must(log_->find(made.id));
            BOOST_TEST((found && found->position.value == made.position));
        }
    }

    [[nodiscard]] static std::string described(question const& asked) {
        std::string text;
        for (auto const& item : asked.events.items()) {
            text += " (";
            for (auto const* names : {&item.streams, &item.types, &item.tags}) {
                for (auto const& each : *names) { text += each + ' '; }
                text += "; ";
            }
            text += ')';
        }
        auto const add = [&text](char const* what, std::optional<std::uint64_t> number) {
            if (number) { text += std::string{what} + std::to_string(*number); }
        };
        add(" after ", asked.after);
        add(" before ", asked.before);
        add(" after version ", asked.after_version);
        add(" before version ", asked.before_version);
        if (asked.after_time) { text += " after " + to_string(*asked.after_time); }
        if (asked.before_time) { text += " before " + to_string(*asked.before_time); }
        add(" limit ", asked.limit);
        return text + (asked.is_backwards ? " backwards" : "");
    }

    std::mt19937_64 random_;
    log_under_test log_;
    std::vector<model_event> model_;
    std::map<std::string, std::uint64_t> versions_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(random_reading)

BOOST_DATA_TEST_CASE(reads_agree_with_a_filter_over_a_vector, all_backends, backend) {
    random_log{backend, random_seed()}.run();
}

BOOST_AUTO_TEST_SUITE_END()
