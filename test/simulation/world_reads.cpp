// Who reads a simulated log: readers, subscribers, consumers, and those who look at tables.
#include "simulation/simulated_world.hpp"

#include <swarmlog/projections/log_tables.hpp>

#include <boost/asio/bind_executor.hpp>

#include <algorithm>
#include <utility>

namespace swarmlog::test {

namespace {

constexpr std::chrono::seconds no_wait{0};

} // namespace

void simulated_world::check_positions(std::vector<event> const& found,
                                      std::vector<std::uint64_t> const& expected) {
    bool const is_same =
        std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                   [](event const& each, std::uint64_t at) { return each.position.value == at; });
    require(is_same, "a read answers other events than those that match");
}

void simulated_world::read_some() {
    query const wanted = parts_.wanted();
    std::uint64_t const head = model().head();
    std::uint64_t const after = one_in(2) ? 0 : below(head + 3);
    std::uint64_t const before = one_in(2) ? head + 5 : below(head + 3);
    bool const is_backwards = one_in(2);
    std::uint64_t const limit = one_in(2) ? 1'000'000 : below(6);

    // By version or by time, too: these narrow what the positions leave.
    bool const is_after = one_in(2);
    std::optional<timestamp> time;
    std::optional<version> in_stream;
    bool const one_stream = wanted.items().size() == 1 && wanted.items()[0].streams.size() == 1;
    if (one_stream && one_in(2)) {
        in_stream = version{below(model().version_of(wanted.items()[0].streams[0]) + 3)};
    } else if (head != 0 && one_in(3)) {
        time = model().at(1 + below(head)).recorded_at + std::chrono::nanoseconds{below(3)} -
               std::chrono::nanoseconds{1};
    }

    auto expected = model().matching(wanted);
    std::erase_if(expected, [&](std::uint64_t at) {
        model_event const& event = model().at(at);
        bool is_out = at <= after || at >= before;
        if (time) { is_out |= is_after ? event.recorded_at <= *time : event.recorded_at >= *time; }
        if (in_stream) {
            is_out |=
                is_after ? event.version <= in_stream->value : event.version >= in_stream->value;
        }
        return is_out;
    });
    if (is_backwards) { std::reverse(expected.begin(), expected.end()); }

    auto const reader_of = [&] {
        auto reads = log_->read().matching(wanted).after(position{after}).before(position{before});
        if (is_backwards) { reads = std::move(reads).backwards(); }
        if (time) {
            reads = is_after ? std::move(reads).after(*time) : std::move(reads).before(*time);
        }
        if (in_stream) {
            reads =
                is_after ? std::move(reads).after(*in_stream) : std::move(reads).before(*in_stream);
        }
        return reads;
    };
    note("read");
    auto const count = reader_of().count();
    if (!went_well(count, "count")) { return; }
    require(*count == expected.size(), "a count is wrong");
    if (expected.size() > limit) { expected.resize(limit); }
    if (one_in(2)) {
        auto const found = reader_of().limit(limit).collect();
        if (went_well(found, "collect")) { check_positions(*found, expected); }
        return;
    }
    auto one_by_one = reader_of().limit(limit);
    for (std::uint64_t const at : expected) {
        auto const next = one_by_one.next();
        if (!went_well(next, "next")) { return; }
        require(next->has_value(), "a walk ends early");
        ledger_.check_event(**next, at);
    }
    auto const end = one_by_one.next();
    if (went_well(end, "next")) { require(!end->has_value(), "a walk has no end"); }
}

void simulated_world::look_up() {
    note("look up");
    if (model().head() != 0) {
        model_event const& some = model().at(1 + below(model().head()));
        auto const found = log_->find(some.id);
        if (!went_well(found, "find")) { return; }
        require(found->has_value(), "an event is not found by its id");
        ledger_.check_event(**found, some.position);
    }
    auto const none = log_->find(parts_.id());
    if (!went_well(none, "find")) { return; }
    require(!none->has_value(), "an event is found that is not there");
    std::string const stream = parts_.stream();
    auto const now = log_->version_of(stream);
    if (!went_well(now, "version_of")) { return; }
    require(now->value == model().version_of(stream), "a stream has another version");
    check_key_infos();
}

void simulated_world::check_key_infos() {
    std::map<std::string, key_info> found;
    auto const walked =
        log_->for_each_stream([&](key_info const& each) { found[each.name] = each; });
    if (!went_well(walked, "for_each_stream")) { return; }
    std::map<std::string, key_info> expected;
    for (model_event const& each : model().events()) {
        key_info& entry = expected[each.stream];
        if (entry.events++ == 0) { entry.first = position{each.position}; }
        entry.last = position{each.position};
    }
    bool const is_same = std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                                    [](auto const& one, auto const& other) {
                                        return one.first == other.first &&
                                               one.second.events == other.second.events &&
                                               one.second.first == other.second.first &&
                                               one.second.last == other.second.last;
                                    });
    require(is_same, "the streams are counted wrongly");
}

void simulated_world::take_delivered(follower& by, result<event> const& got) {
    std::uint64_t next = by.at + 1;
    while (next <= model().head() && !log_model::matches(by.wanted, model().at(next))) { ++next; }
    if (got) {
        require(next <= model().head(), "a subscriber gets what is not stored");
        ledger_.check_event(*got, next);
        by.at = next;
        return;
    }
    if (got.error() == errc::deadline_exceeded) {
        require(next > model().head(), "a subscriber misses an event");
        return;
    }
    static_cast<void>(went_well(got, "subscriber"));
}

void simulated_world::follow() {
    if (followers_.empty() || (followers_.size() < 4 && one_in(3))) {
        follower made;
        made.wanted = parts_.wanted();
        made.at = below(model().head() + 1);
        auto live = log_->subscribe(made.wanted, position{made.at});
        note("subscribe");
        if (!went_well(live, "subscribe")) { return; }
        made.live.emplace(std::move(*live));
        followers_.push_back(std::make_unique<follower>(std::move(made)));
    }
    std::size_t const which = below(followers_.size());
    follower& by = *followers_[which];
    if (one_in(8)) {
        note("unsubscribe " + std::to_string(which));
        by.live->cancel();
        take_answers();
        bool const is_told = by.answer && !*by.answer && by.answer->error() == errc::cancelled;
        require(!by.is_waiting || is_told, "a cancelled subscriber is not told so");
        followers_.erase(followers_.begin() + static_cast<std::ptrdiff_t>(which));
        return;
    }
    if (by.is_waiting) { return; }
    if (one_in(3)) {
        note("async_next " + std::to_string(which));
        by.is_waiting = true;
        by.live->async_next(
            boost::asio::bind_executor(context_->get_executor(), [&by](result<event> got) {
                require(by.is_waiting && !by.answer, "a subscriber is answered twice");
                by.answer = std::move(got);
            }));
        return;
    }
    note("next " + std::to_string(which));
    for (std::uint64_t count = 1 + below(6); count != 0; --count) {
        auto const got = by.live->next(no_wait);
        take_delivered(by, got);
        if (!got) { break; }
    }
}

void simulated_world::check_waiting(follower& by) {
    if (!by.is_waiting) { return; }
    if (by.answer) {
        by.is_waiting = false;
        result<event> const got = std::move(*by.answer);
        by.answer.reset();
        take_delivered(by, got);
        return;
    }
    require(!model().any_since(by.at, by.wanted, model().head()),
            "a subscriber is not woken for an event");
}

void simulated_world::consume() {
    std::string const name = "consumer-" + std::to_string(below(3));
    known_consumer& known = consumers_[name];
    if (one_in(8)) {
        known.live.reset();
        auto const done = log_->remove_consumer(name);
        note("remove " + name);
        if (went_well(done, "remove_consumer")) {
            known.possible = {0};
        } else {
            known.possible.insert(0);
        }
        return;
    }
    if (!known.live || one_in(4)) {
        auto live = log_->open_consumer(name);
        note("open " + name);
        if (!went_well(live, "open_consumer")) { return; }
        known.live.emplace(std::move(*live));
        known.at = known.live->at().value;
        require(known.possible.contains(known.at), "a consumer goes on at another place");
        known.possible = {known.at};
    }
    for (std::uint64_t count = below(10); count != 0 && known.at < model().head(); --count) {
        auto const got = known.live->next(no_wait);
        if (!went_well(got, "consumer")) { return; }
        ledger_.check_event(*got, ++known.at);
    }
    known.possible.insert(known.at); // until it is answered
    known.ever.insert(known.at);
    auto const done = known.live->acknowledge(position{known.at});
    note("acknowledge " + name);
    if (went_well(done, "acknowledge")) { known.possible = {known.at}; }
}

void simulated_world::look_at_tables() {
    std::uint64_t const head = model().head();
    note("tables");
    auto const rows = log_->table<stream_total>().all();
    if (!went_well(rows, "rows")) { return; }
    require(*rows == stream_totals_of(model(), head), "rows are unlike a fresh fold");

    std::uint64_t const least = below(6);
    auto const many = log_->query<stream_total>().where(ge(&stream_total::events, least)).count();
    if (!went_well(many, "a query")) { return; }
    auto const expected = static_cast<std::uint64_t>(
        std::count_if(rows->begin(), rows->end(),
                      [&](stream_total const& each) { return each.events >= least; }));
    require(*many == expected, "a query counts wrongly");

    auto const status = tables_->status();
    if (!went_well(status, "status")) { return; }
    for (projection_status const& each : *status) {
        require(each.failure.empty() || is_troubled(), "a projection has stopped");
        if (!each.is_async) { continue; }
        std::uint64_t const at = each.checkpoint.value;
        require(at >= async_checkpoint_ && at <= head, "an asynchronous projection goes back");
        async_checkpoint_ = at;
        auto const folded = log_->table<type_total>().all();
        if (!went_well(folded, "asynchronous rows")) { return; }
        require(*folded == type_totals_of(model(), at),
                "asynchronous rows are unlike a fold up to their checkpoint");
    }
    if (one_in(2)) {
        std::uint64_t const at = below(head + 1);
        auto const then = log_->as_of(position{at});
        if (!went_well(then, "as_of")) { return; }
        auto const had = then->table<stream_total>().all();
        if (!went_well(had, "rows as of a position")) { return; }
        require(*had == stream_totals_of(model(), at), "rows as of a position are unlike a fold");
    }
}

void simulated_world::rebuild() {
    std::string_view const name = one_in(2) ? stream_totals::name : type_totals::name;
    note("rebuild " + std::string{name});
    auto const before = tables_->status();
    if (!went_well(before, "status")) { return; }
    // One that has not begun is not compared: the new one is ahead of it.
    bool const has_begun = std::none_of(before->begin(), before->end(), [&](auto const& each) {
        return each.name == name && each.checkpoint == position{};
    });
    auto const done = tables_->rebuild(name);
    settle();
    if (went_well(done, "rebuild") && has_begun) {
        require(done->is_identical, "a rebuilt table is not the one it replaces");
    }
    look_at_tables();
}

void simulated_world::maintain() {
    switch (below(4)) {
    case 0:
        note("compact");
        static_cast<void>(went_well(log_->compact(), "compact"));
        break;
    case 1:
        note("checkpoint");
        static_cast<void>(went_well(log_->checkpoint(), "checkpoint"));
        break;
    case 2: {
        auto const sizes = log_->sizes();
        note("sizes");
        // The files of a simulated disk have no size in the folder.
        if (went_well(sizes, "sizes") && !is_sqlite()) {
            require(sizes->total_bytes >= sizes->log_bytes, "sizes do not add up");
        }
        break;
    }
    default:
        if (is_sqlite()) { back_up(); }
    }
}

void simulated_world::back_up() {
    std::string const name = "backup-" + std::to_string(++backups_) + ".db";
    std::string const path = (disk_->folder() / name).string();
    note("back up");
    std::string const partial = name + ".partial";
    disk_->make(partial);
    auto const done = log_->backup_to(path);
    if (went_well(done, "backup")) {
        disk_->rename(partial, name);
        heal(); // what a backup is worth is seen without the device's failures
        sqlite_log_options options;
        options.store.vfs = disk_->vfs();
        options.drive = writer_drive::by_hand;
        auto const copy = open_sqlite_read_only(path, options);
        if (!copy) { throw violation{"a backup cannot be opened: " + copy.error().message()}; }
        check_everything(*copy);
    }
    for (char const* const suffix : {"", "-wal", "-shm", "-journal", ".partial"}) {
        disk_->remove(name + suffix);
    }
}

void simulated_world::check_everything(event_log const& log) {
    auto const report = log.verify();
    if (!went_well(report, "verify")) { return; }
    if (!report->problems.empty()) { throw violation{"verify: " + report->problems[0].what}; }
    require(report->events == model().head(), "verify finds another number of events");
    std::uint64_t at = 0;
    auto const all = log.read().collect();
    if (!went_well(all, "collect")) { return; }
    for (event const& each : *all) { ledger_.check_event(each, ++at); }
    require(at == model().head(), "not all events are read");
}

} // namespace swarmlog::test
