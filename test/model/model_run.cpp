#include "model/model_run.hpp"

#include "model/log_model.hpp"
#include "support/expect_result.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/backends/open_sqlite.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::test {

namespace {

/// Stands still, leaps and goes back, as the random numbers say.
class wild_clock final : public clock {
public:
    explicit wild_clock(std::uint64_t seed) : random_(seed) {}
    timestamp now() noexcept override {
        switch (random_() % 4) {
        case 0: now_ += std::chrono::milliseconds{random_() % 50}; break;
        case 1: now_ -= std::chrono::seconds{random_() % 3}; break;
        case 2: now_ += std::chrono::nanoseconds{random_() % 1000}; break;
        default: break;
        }
        return now_;
    }

private:
    std::mt19937_64 random_;
    timestamp now_{std::chrono::seconds{1'700'000'000}};
};

class sequence {
public:
    sequence(model_backend where, std::uint64_t seed)
        : where_(where), random_(seed), clock_(std::make_shared<wild_clock>(seed)) {
        open();
    }

    void run(unsigned operations) {
        for (unsigned each = 0; each != operations; ++each) {
            BOOST_TEST_CONTEXT("operation " << each) { one_operation(); }
        }
        if (is_sqlite()) { reopen(); }
        check_everything(*log_);
        must(log_->close());
    }

private:
    [[nodiscard]] bool is_sqlite() const noexcept { return where_ == model_backend::sqlite; }
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }

    // Opening and closing.

    [[nodiscard]] sqlite_log_options options() {
        sqlite_log_options chosen;
        chosen.drive = writer_drive::by_hand;
        chosen.clock = clock_;
        chosen.index_tail_events = static_cast<std::uint32_t>(1 + below(30));
        chosen.record_bytes = one_in(2) ? 1 : 300 + below(3000);
        chosen.codec = one_in(2) ? record_codec::lz4 : record_codec::none;
        chosen.stream_heads_max = one_in(2) ? 1 : 1000;
        chosen.record_cache_bytes = one_in(2) ? 0 : 4096;
        chosen.page_events = static_cast<std::uint32_t>(1 + below(20));
        chosen.index_filter_bytes_max = one_in(2) ? 100 : 1'000'000;
        chosen.index_cache_bytes = one_in(2) ? 0 : 65'536;
        chosen.group_events_max = static_cast<std::uint32_t>(1 + below(20));
        chosen.store.mode = one_in(2) ? durability::durable : durability::relaxed;
        chosen.store.wal_bytes_max = 64 * 1024;
        return chosen;
    }
    void open() {
        if (is_sqlite()) {
            log_.emplace(must(open_sqlite(folder_ / "log.db", options())));
        } else {
            log_.emplace(must(open_memory(options())));
        }
        source_.emplace(log_->make_producer());
    }
    void reopen() {
        must(log_->close());
        open();
        BOOST_TEST(log_->opened().lost_events == 0U);
        BOOST_TEST(log_->opened().head.value == model_.head());
        BOOST_TEST(!log_->opened().read_only, log_->opened().message);
    }

    // The operations.

    void one_operation() {
        switch (below(16)) {
        case 0:
        case 1:
        case 2: append_one(); break;
        case 3:
        case 4: append_group(); break;
        case 5: decide(); break;
        case 6: transact(); break;
        case 7:
        case 8:
        case 9: read_some(); break;
        case 10: look_up(); break;
        case 11: follow(); break;
        case 12: consume(); break;
        case 13: maintain(); break;
        case 14: is_sqlite() && one_in(2) ? reopen() : read_some(); break;
        default: one_in(6) ? check_everything(*log_) : read_some(); break;
        }
        BOOST_REQUIRE(log_->head().value == model_.head());
    }

    void append_one() {
        model_append const asked = random_append();
        check_answer(asked, source_->append(request_for(asked)));
    }

    /// Several at once, decided in one or a few groups; each sees those before it.
    void append_group() {
        std::vector<model_append> asked(1 + below(6));
        std::vector<pending_append> pending;
        for (model_append& each : asked) {
            each = random_append();
            pending.push_back(must(source_->try_append(request_for(each))));
        }
        while (log_->run_once()) {}
        std::size_t const before = model_.head();
        for (std::size_t each = 0; each != asked.size(); ++each) {
            BOOST_TEST(pending[each].ready());
            check_answer(asked[each], pending[each].get(), false);
        }
        adopt_from(before + 1);
    }

    void decide() {
        std::size_t const before = model_.head();
        bool const gives_up = one_in(5);
        bool const throws = one_in(8);
        log_model seen = model_;
        decision_failure_.clear();
        auto const answer = log_->decide([&](decision& now) -> result<void> {
            for (std::uint64_t steps = below(5); steps != 0; --steps) {
                decide_one_step(now, seen);
            }
            if (throws) { throw std::runtime_error{"a decision that throws"}; }
            if (gives_up) { return error{errc::conflict, "given up"}; }
            return {};
        });
        if (throws) {
            BOOST_TEST(fails_with(answer, errc::decision_failed));
        } else if (gives_up) {
            BOOST_TEST(fails_with(answer, errc::conflict));
        } else if (!decision_failure_.empty()) {
            // One append that fails takes the whole decision with it.
            BOOST_REQUIRE(!answer);
            BOOST_TEST(is_one_of(answer.error(), decision_failure_));
        } else {
            auto const accepted = must(answer);
            BOOST_TEST(accepted.event_count() == seen.head() - before);
            BOOST_TEST(accepted.first.value == (seen.head() == before ? 0 : before + 1));
            BOOST_TEST(accepted.last.value == (seen.head() == before ? 0 : seen.head()));
            model_ = std::move(seen);
            adopt_from(before + 1);
        }
    }
    void decide_one_step(decision& now, log_model& seen) {
        BOOST_TEST(now.head().value == seen.head());
        query const wanted = random_query();
        switch (below(4)) {
        case 0: {
            std::string const stream = random_stream();
            BOOST_TEST(must(now.version_of(stream)).value == seen.version_of(stream));
            break;
        }
        case 1: {
            auto expected = seen.matching(wanted);
            std::reverse(expected.begin(), expected.end());
            std::uint64_t const count = below(5);
            if (expected.size() > count) { expected.resize(count); }
            check_positions(must(now.newest(wanted, count)), expected);
            break;
        }
        case 2: {
            std::uint64_t const after = below(seen.head() + 2);
            auto expected = seen.matching(wanted);
            std::erase_if(expected, [&](std::uint64_t at) { return at <= after; });
            check_positions(must(now.read(wanted, position{after})), expected);
            break;
        }
        default: {
            model_append const asked = random_append(false);
            auto const rejections = seen.rejections_of(asked);
            auto const done = now.append(request_for(asked));
            if (rejections.empty()) {
                must(done);
                seen.append(asked);
            } else {
                BOOST_REQUIRE(!done);
                BOOST_TEST(is_one_of(done.error(), rejections));
                if (decision_failure_.empty()) { decision_failure_ = rejections; }
            }
        }
        }
    }

    void transact() {
        auto attempt = log_->begin();
        std::uint64_t const began = model_.head();
        BOOST_TEST(attempt.began_at().value == began);
        log_model const then = model_;
        std::vector<query> read;
        model_append own;
        for (std::uint64_t steps = below(6); steps != 0; --steps) {
            switch (below(4)) {
            case 0: {
                std::string const stream = random_stream();
                std::uint64_t expected = then.version_of(stream);
                for (auto const& each : own.events) { expected += each.stream == stream ? 1U : 0U; }
                BOOST_TEST(must(attempt.version_of(stream)).value == expected);
                read.push_back(query{}.stream(stream));
                break;
            }
            case 1: {
                query const wanted = random_query();
                auto expected = then.matching(wanted);
                for (auto const& each : own.events) {
                    if (log_model::matches(wanted, each)) { expected.push_back(0); }
                }
                check_positions(must(attempt.read(wanted)), expected);
                read.push_back(wanted);
                break;
            }
            case 2: {
                model_append more = random_append(false);
                more.conditions.clear();
                more.none_since.clear();
                must(attempt.append(request_for(more)));
                own.events.insert(own.events.end(), more.events.begin(), more.events.end());
                break;
            }
            default: append_one(); // by somebody else
            }
        }
        if (one_in(5)) {
            if (one_in(2)) { attempt.rollback(); }
            return;
        }
        bool is_changed = false;
        for (query const& each : read) { is_changed = is_changed || model_.any_since(began, each); }
        auto const answer = attempt.commit();
        if (is_changed) {
            BOOST_TEST(fails_with(answer, errc::conflict));
            return;
        }
        auto const accepted = must(answer);
        BOOST_TEST(accepted.event_count() == own.events.size());
        if (own.events.empty()) { return; }
        std::uint64_t const first = model_.append(own);
        BOOST_TEST(accepted.first.value == first);
        adopt_from(first);
    }

    void read_some() {
        query const wanted = random_query();
        std::uint64_t const after = one_in(2) ? 0 : below(model_.head() + 3);
        std::uint64_t const before = one_in(2) ? model_.head() + 5 : below(model_.head() + 3);
        bool const is_backwards = one_in(2);
        std::uint64_t const limit = one_in(2) ? 1'000'000 : below(6);
        auto expected = model_.matching(wanted);
        std::erase_if(expected, [&](std::uint64_t at) { return at <= after || at >= before; });

        auto const reader_of = [&] {
            auto reads =
                log_->read().matching(wanted).after(position{after}).before(position{before});
            return is_backwards ? std::move(reads).backwards() : std::move(reads);
        };
        // By version or by time, too: these narrow what the positions left.
        auto const bound = [&](reader reads) {
            if (bound_time_) {
                reads = bound_after_ ? std::move(reads).after(*bound_time_)
                                     : std::move(reads).before(*bound_time_);
            }
            if (bound_version_) {
                reads = bound_after_ ? std::move(reads).after(*bound_version_)
                                     : std::move(reads).before(*bound_version_);
            }
            return reads;
        };
        choose_bound(wanted);
        std::erase_if(expected, [&](std::uint64_t at) { return !is_within_bound(at); });
        if (is_backwards) { std::reverse(expected.begin(), expected.end()); }
        BOOST_TEST(must(bound(reader_of()).count()) == expected.size());
        if (expected.size() > limit) { expected.resize(limit); }
        check_positions(must(bound(reader_of()).limit(limit).collect()), expected);

        auto one_by_one = bound(reader_of()).limit(limit);
        for (std::uint64_t const at : expected) {
            auto const next = must(one_by_one.next());
            BOOST_REQUIRE(next.has_value());
            check_event(*next, at);
        }
        BOOST_TEST(!must(one_by_one.next()).has_value());
    }
    void choose_bound(query const& wanted) {
        bound_time_.reset();
        bound_version_.reset();
        bound_after_ = one_in(2);
        bool const one_stream = wanted.items().size() == 1 && wanted.items()[0].streams.size() == 1;
        if (one_stream && one_in(2)) {
            bound_stream_ = wanted.items()[0].streams[0];
            bound_version_ = version{below(model_.version_of(bound_stream_) + 3)};
        } else if (model_.head() != 0 && one_in(3)) {
            auto const& event = model_.events()[below(model_.head())];
            bound_time_ = event.recorded_at + std::chrono::nanoseconds{below(3)} -
                          std::chrono::nanoseconds{1};
        }
    }
    [[nodiscard]] bool is_within_bound(std::uint64_t at) const {
        model_event const& event = model_.events()[at - 1];
        if (bound_time_) {
            return bound_after_ ? event.recorded_at > *bound_time_
                                : event.recorded_at < *bound_time_;
        }
        if (bound_version_) {
            return bound_after_ ? event.version > bound_version_->value
                                : event.version < bound_version_->value;
        }
        return true;
    }

    void look_up() {
        if (model_.head() != 0) {
            model_event const& some = model_.events()[below(model_.head())];
            auto const found = must(log_->find(some.id));
            BOOST_REQUIRE(found.has_value());
            check_event(*found, some.position);
        }
        BOOST_TEST(!must(log_->find(random_id())).has_value());
        std::string const stream = random_stream();
        BOOST_TEST(must(log_->version_of(stream)).value == model_.version_of(stream));
        check_key_infos();
    }
    void check_key_infos() {
        std::map<std::string, key_info> streams;
        must(log_->for_each_stream([&](key_info const& each) { streams[each.name] = each; }));
        std::map<std::string, key_info> expected;
        for (model_event const& each : model_.events()) {
            key_info& entry = expected[each.stream];
            if (entry.events++ == 0) { entry.first = position{each.position}; }
            entry.last = position{each.position};
        }
        BOOST_REQUIRE(streams.size() == expected.size());
        for (auto const& [name, entry] : expected) {
            BOOST_TEST(streams[name].events == entry.events);
            BOOST_TEST(streams[name].first.value == entry.first.value);
            BOOST_TEST(streams[name].last.value == entry.last.value);
        }
    }

    void follow() {
        query const wanted = random_query();
        std::uint64_t const after = below(model_.head() + 1);
        auto live = must(log_->subscribe(wanted, position{after}));
        auto expected = model_.matching(wanted);
        std::erase_if(expected, [&](std::uint64_t at) { return at <= after; });
        for (std::uint64_t const at : expected) {
            check_event(must(live.next(std::chrono::seconds{0})), at);
        }
        BOOST_TEST(fails_with(live.next(std::chrono::seconds{0}), errc::deadline_exceeded));
    }

    void consume() {
        std::string const name = "consumer-" + std::to_string(below(3));
        if (one_in(6)) {
            if (consumers_.erase(name) != 0) { must(log_->remove_consumer(name)); }
            return;
        }
        auto reader = must(log_->open_consumer(name));
        std::uint64_t& done = consumers_[name];
        BOOST_TEST(reader.at().value == done);
        for (std::uint64_t count = below(10); count != 0 && done != model_.head(); --count) {
            check_event(must(reader.next(std::chrono::seconds{0})), ++done);
        }
        must(reader.acknowledge(position{done}));
    }

    void maintain() {
        switch (below(4)) {
        case 0: must(log_->compact()); break;
        case 1: must(log_->checkpoint()); break;
        case 2: BOOST_TEST(must(log_->sizes()).total_bytes >= must(log_->sizes()).log_bytes); break;
        default:
            if (!is_sqlite()) { return; }
            auto const path = folder_ / ("backup-" + std::to_string(++backups_) + ".db");
            must(log_->backup_to(path.string()));
            auto const copy = must(open_sqlite(path, options()));
            check_everything(copy);
        }
    }

    void check_everything(event_log const& log) {
        auto const report = must(log.verify());
        for (auto const& problem : report.problems) {
            BOOST_ERROR("position " << problem.at.value << ": " << problem.what);
        }
        BOOST_TEST(report.events == model_.head());
        std::uint64_t at = 0;
        for (event_view const& event : log.read()) { check_event(event, ++at); }
        BOOST_TEST(at == model_.head());
    }

    // Comparing.

    [[nodiscard]] static bool is_one_of(error const& failure, std::set<errc> const& codes) {
        for (errc const code : codes) {
            if (failure == code) { return true; }
        }
        BOOST_TEST_MESSAGE("instead: " << failure.message());
        return false;
    }

    void check_answer(model_append const& asked, result<receipt> const& answer,
                      bool adopts = true) {
        if (auto const* const used = model_.append_with(asked.idempotency_key);
            used != nullptr && !asked.idempotency_key.empty()) {
            std::vector<std::string> data;
            for (auto const& each : asked.events) { data.push_back(each.data); }
            if (data != used->data) {
                BOOST_TEST(fails_with(answer, errc::idempotency_conflict));
                return;
            }
            auto const first = must(answer);
            BOOST_TEST(first.repeated);
            BOOST_TEST(first.first.value == used->first);
            BOOST_TEST(first.last.value == used->last);
            return;
        }
        auto const rejections = model_.rejections_of(asked);
        if (!rejections.empty()) {
            BOOST_REQUIRE(!answer);
            BOOST_TEST(is_one_of(answer.error(), rejections));
            BOOST_TEST(answer.error().is_rejected());
            return;
        }
        auto const accepted = must(answer);
        std::uint64_t const first = model_.append(asked);
        BOOST_TEST(!accepted.repeated);
        BOOST_TEST(accepted.first.value == first);
        BOOST_TEST(accepted.last.value == model_.head());
        BOOST_REQUIRE(accepted.event_count() == asked.events.size());
        for (std::size_t each = 0; each != asked.events.size(); ++each) {
            BOOST_TEST(accepted.versions[each].value == model_.events()[first - 1 + each].version);
        }
        if (adopts) { adopt_from(first); }
        if (adopts) {
            BOOST_TEST((accepted.recorded_at == model_.events()[first - 1].recorded_at));
        }
    }

    /// Takes over what the log gave new events: ids and times, which are new and rise.
    void adopt_from(std::uint64_t first) {
        std::uint64_t at = first;
        for (event_view const& event : log_->read().after(position{first - 1})) {
            BOOST_REQUIRE(at <= model_.head());
            model_event& mine = model_.events()[at - 1];
            mine.recorded_at = event.recorded_at;
            mine.id = event.id;
            if (mine.asked_id) { BOOST_TEST((mine.id == *mine.asked_id)); }
            BOOST_TEST(ids_.insert(event.id).second, "an id came twice");
            if (at > 1) { BOOST_TEST((mine.recorded_at > model_.events()[at - 2].recorded_at)); }
            check_event(event, at++);
        }
        BOOST_TEST(at == model_.head() + 1);
    }

    void check_event(event_view const& found, std::uint64_t at) {
        model_event const& mine = model_.events()[at - 1];
        BOOST_TEST_CONTEXT("position " << at) {
            BOOST_TEST(found.position.value == mine.position);
            BOOST_TEST(found.version.value == mine.version);
            BOOST_TEST(found.stream == mine.stream);
            BOOST_TEST(found.type == mine.type);
            BOOST_TEST(found.data == mine.data);
            BOOST_TEST(found.metadata == mine.metadata);
            BOOST_TEST(found.correlation_id == mine.correlation);
            BOOST_TEST(found.causation_id == mine.causation);
            BOOST_TEST(found.schema_version == mine.schema_version);
            BOOST_TEST((found.occurred_at == mine.occurred_at));
            BOOST_TEST((found.id == mine.id));
            BOOST_TEST((found.recorded_at == mine.recorded_at));
            BOOST_TEST(
                (std::vector<std::string>{found.tags.begin(), found.tags.end()} == mine.tags));
        }
    }
    static void check_positions(std::vector<event> const& found,
                                std::vector<std::uint64_t> const& expected) {
        std::vector<std::uint64_t> positions;
        for (event const& each : found) { positions.push_back(each.position.value); }
        BOOST_TEST(positions == expected, boost::test_tools::per_element());
    }

    // Random parts.

    [[nodiscard]] std::string random_stream() { return "stream-" + std::to_string(below(7)); }
    [[nodiscard]] std::string random_type() { return "type-" + std::to_string(below(4)); }
    [[nodiscard]] std::string random_tag() { return "tag:" + std::to_string(below(5)); }
    [[nodiscard]] event_id random_id() {
        return make_event_id(clock_->now() + std::chrono::hours{below(100)}, random_(), random_());
    }

    [[nodiscard]] query random_query() {
        query wanted;
        for (std::uint64_t items = below(4) == 0 ? 2 : 1; items != 0; --items) {
            query item;
            for (std::uint64_t each = below(5) / 2; each != 0; --each) {
                item.stream(random_stream());
            }
            for (std::uint64_t each = below(5) / 3; each != 0; --each) { item.type(random_type()); }
            for (std::uint64_t each = below(6) / 3; each != 0; --each) { item.tag(random_tag()); }
            wanted = wanted.is_all() ? item : wanted | item;
        }
        return wanted;
    }

    [[nodiscard]] model_event random_event() {
        model_event event;
        event.stream = random_stream();
        event.type = random_type();
        event.data = R"({"n":)" + std::to_string(++made_) + R"(,"x":")" +
                     std::string(one_in(10) ? below(3000) : below(30), 'x') + R"("})";
        if (one_in(4)) { event.metadata = R"({"m":)" + std::to_string(below(9)) + "}"; }
        if (one_in(4)) { event.correlation = "c" + std::to_string(below(9)); }
        if (one_in(4)) { event.causation = "d" + std::to_string(below(9)); }
        std::set<std::string> tags;
        for (std::uint64_t each = below(4); each != 0; --each) { tags.insert(random_tag()); }
        event.tags.assign(tags.begin(), tags.end());
        if (one_in(3)) { event.schema_version = static_cast<std::uint32_t>(1 + below(300)); }
        if (one_in(3)) {
            event.occurred_at =
                timestamp{std::chrono::nanoseconds{static_cast<std::int64_t>(random_())}};
        }
        if (one_in(5)) { event.asked_id = random_id(); }
        return event;
    }

    [[nodiscard]] model_append random_append(bool may_have_key = true) {
        model_append asked;
        if (may_have_key && !keyed_.empty() && one_in(8)) {
            asked = keyed_[below(keyed_.size())];
            if (one_in(2)) { asked.events[0] = random_event(); }
            return asked;
        }
        for (std::uint64_t count = one_in(3) ? 1 + below(6) : 1; count != 0; --count) {
            asked.events.push_back(random_event());
        }
        if (may_have_key && one_in(6)) {
            asked.idempotency_key = "key-" + std::to_string(++keys_made_);
            keyed_.push_back(asked); // without conditions: they are not asked a second time
            return asked;
        }
        for (std::uint64_t count = below(4) / 2; count != 0; --count) {
            std::string const stream = random_stream();
            std::uint64_t const now = model_.version_of(stream);
            std::array<expected::condition, 5> const choice{
                expected::any{},
                now == 0 ? expected::condition{expected::no_stream{}}
                         : expected::condition{expected::stream_exists{}},
                expected::version{now}, expected::version{now},
                one_in(2) ? expected::condition{expected::no_stream{}}
                          : expected::condition{expected::version{below(now + 3)}}};
            asked.conditions.push_back({stream, choice[below(choice.size())]});
        }
        if (one_in(4)) {
            std::uint64_t const near = std::min<std::uint64_t>(model_.head(), below(8));
            asked.none_since.push_back({position{model_.head() - near}, random_query()});
        }
        return asked;
    }

    [[nodiscard]] append_request request_for(model_append const& asked) const {
        append_request request = source_->new_append();
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

    model_backend where_;
    std::mt19937_64 random_;
    std::shared_ptr<wild_clock> clock_;
    temporary_folder folder_;
    log_model model_;
    std::set<errc> decision_failure_; ///< what the decision in hand must fail with, if anything
    std::optional<event_log> log_;
    std::optional<producer> source_;
    std::vector<model_append> keyed_;
    std::map<std::string, std::uint64_t> consumers_;
    std::set<event_id> ids_;
    std::uint64_t made_ = 0;
    std::uint64_t keys_made_ = 0;
    unsigned backups_ = 0;
    std::optional<timestamp> bound_time_;
    std::optional<version> bound_version_;
    std::string bound_stream_;
    bool bound_after_ = false;
};

} // namespace

void run_against_model(model_backend where, std::uint64_t seed, unsigned sequences,
                       unsigned operations) {
    for (unsigned each = 0; each != sequences; ++each) {
        BOOST_TEST_CONTEXT("sequence of seed " << seed + each) {
            sequence{where, seed + each}.run(operations);
        }
    }
}

} // namespace swarmlog::test
