#include "crash/swept_log.hpp"

#include "crash/allocation_fault.hpp"
#include "crash/numbered_file.hpp"
#include "crash/stored_rows.hpp"
#include "crash_states/tallies.hpp"
#include "event_importer.hpp"
#include "support/small_tables.hpp"

#include <swarmlog/projections/log_tables.hpp>

#include <boost/describe/class.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <new>
#include <random>
#include <utility>
#include <vector>

namespace swarmlog::test {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view store_name = "log.db";
constexpr std::string_view lock_name = "log.db.lock";
constexpr std::string_view copy_name = "copy.db.partial"; ///< the name that SQLite knows it by
constexpr std::string_view consumer_name = "reader";

/// Of every third append, which are those with several events.
struct part_added {
    static constexpr std::string_view type = "type-0";
    std::uint32_t append = 0;
    std::uint32_t part = 0;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(part_added, (), (append, part, text))

struct append_row {
    std::uint32_t append = 0;
    std::uint32_t parts = 0;
    std::uint32_t bytes = 0;
    friend bool operator==(append_row const&, append_row const&) = default;
};
BOOST_DESCRIBE_STRUCT(append_row, (), (append, parts, bytes))

struct append_rows {
    static constexpr std::string_view name = "append_rows";
    static constexpr std::uint32_t version = 1;
    using row_type = append_row;
    static constexpr auto key = &append_row::append;
    using handles = event_types<part_added>;

    static std::vector<index_spec> indexes() { return {index_on(&append_row::parts)}; }
    void apply(part_added const& event, event_view const&, rows<append_row>& all) const {
        auto const bytes = static_cast<std::uint32_t>(event.text.size());
        if (append_row* const row = all.modify(event.append)) {
            ++row->parts;
            row->bytes += bytes;
        } else {
            all.put({event.append, 1, bytes});
        }
    }
};

/// The rows of both tables, by a fold of the test's own.
struct folds {
    std::map<std::uint32_t, append_row> by_append;
    std::map<std::string, tally> by_stream;

    void add(std::uint64_t number, std::string_view stream) {
        auto const bytes = static_cast<std::uint32_t>(numbered_append{number}.text_bytes());
        if (numbered_append{number}.type() == part_added::type) {
            append_row& row = by_append[static_cast<std::uint32_t>(number)];
            row = {static_cast<std::uint32_t>(number), row.parts + 1, row.bytes + bytes};
        }
        tally& row = by_stream[std::string{stream}];
        row = {std::string{stream}, row.events + 1, number, row.text_bytes + bytes};
    }
};

bool is_of_memory(fault kind) {
    return kind == fault::allocation || kind == fault::sqlite_allocation;
}

} // namespace

std::string name_of(fault_point const& point) {
    std::string name{operation_names[static_cast<std::size_t>(point.during)]};
    name.append(", ").append(fault_names[static_cast<std::size_t>(point.kind)]).append(" ");
    name.append(std::to_string(point.nth)).append(point.and_all_later ? " and all later" : "");
    return name.append(point.is_killed ? ", killed" : ", closed");
}

log_shape::log_shape(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    auto const below = [&](unsigned end) { return static_cast<unsigned>(random() % end); };
    appends = 4 + below(36);
    is_grouped = below(2) == 0;
    is_closed = below(4) == 0;
    has_table = below(4) != 0;
    has_async_table = below(4) == 0;
    has_consumer = below(2) == 0;
    options = small_options();
    options.codec = below(2) == 0 ? record_codec::none : record_codec::lz4;
    options.record_bytes = below(2) == 0 ? 1 : 1U << below(13);
    options.index_tail_events = 3U << below(5);
    options.group_events_max = below(4) == 0 ? 4 : 1'000;
    options.record_cache_bytes = below(2) == 0 ? 0 : 64 * 1024;
    options.store.mode = below(3) == 0 ? durability::relaxed : durability::durable;
    options.store.relaxed_sync_interval = std::chrono::milliseconds{below(2) == 0 ? 0 : 3'600'000};
    options.store.page_bytes = 512U << below(5);
    use_small_tables(options);
    options.store.cache_bytes = (64U << below(5)) * 1024;
    options.store.readers_max = 2;
}

swept_log::swept_log(memory_vfs& memory, fault_vfs& faults, log_shape shape)
    : memory_(memory), faults_(faults), shape_(std::move(shape)) {
    {
        projection_set projections;
        auto made = options(projections);
        made.store.vfs = {};
        auto log = must(open_sqlite(file_, made));
        append_before(log);
        if (shape_.is_closed) { must(log.close()); }
        for (char const* const suffix : {"", "-wal", ".lock"}) {
            fs::path const each = file_.string() + suffix;
            if (fs::exists(each)) {
                template_[each.filename().string()].write(bytes_of_file(each), 0);
            }
        }
    }
    fs::remove(file_.string() + "-shm");
    fs::remove(file_.string() + "-wal");
    // The log asks the file system whether there is a store, and SQLite for its bytes.
    write_file(file_, "in memory");
}

std::string swept_log::run(fault_point const& point) {
    faults_.heal();
    load(template_);
    told_ = {};
    consumed_ = {};
    problem_.clear();
    is_noticed_ = false;
    is_import_unknown_ = false;
    may_lie_ = point.kind == fault::short_read && point.nth != 0;
    for (std::uint64_t number = 1; number <= shape_.appends; ++number) {
        told_[number].what = told::answer::accepted;
    }
    std::optional<disk_image> killed;
    {
        projection_set projections;
        auto faulty = options(projections);
        faulty.store.vfs = faults_.name();
        std::optional<event_log> log;
        if (point.during != operation::open) { log.emplace(must(open_sqlite(file_, faulty))); }
        arm(point);
        perform(point, projections, faulty, log);
        judge_answers(point.kind);
        if (log && point.during != operation::close) { check_reads(*log); }
        if (point.is_killed) { killed = files(); }
    }
    faults_.heal();
    disk_image const left = files();
    check_backup();
    check_stored(killed ? *killed : left);
    return problem_;
}

sqlite_log_options swept_log::options(projection_set& projections) const {
    if (shape_.has_table) { projections.add(append_rows{}); }
    if (shape_.has_async_table) { projections.add_async(tallies{}); }
    sqlite_log_options made = shape_.options;
    made.store.vfs = memory_.name();
    made.state = projections;
    return made;
}

void swept_log::append_before(event_log& log) {
    auto source = log.make_producer();
    std::vector<pending_append> pending;
    for (std::uint64_t number = 1; number <= shape_.appends; ++number) {
        append_request request = source.new_append();
        numbered_append{number}.add_to(request);
        pending.push_back(must(source.try_append(std::move(request))));
        if (!shape_.is_grouped || number % 5 == 0) { log.run_once(); }
    }
    for (pending_append& each : pending) { static_cast<void>(must(each.get())); }
    if (!shape_.has_consumer) { return; }
    consumed_before_ = position{log.head().value / 2};
    must(must(log.open_consumer(consumer_name)).acknowledge(consumed_before_));
}

void swept_log::load(disk_image const& files) {
    memory_.load(files);
    write_file(folder_ / std::string{lock_name}, files.find(lock_name)->second.bytes());
    fs::remove(copy_);
    fs::remove(folder_ / std::string{copy_name});
    static_cast<void>(memory_.find_or_create(copy_name));
}

disk_image swept_log::files() const {
    disk_image all = memory_.image();
    file_image lock;
    lock.write(bytes_of_file(folder_ / std::string{lock_name}), 0);
    all.insert_or_assign(std::string{lock_name}, std::move(lock));
    return all;
}

void swept_log::arm(fault_point const& point) {
    auto const call = [&](fault_vfs::call only) {
        faults_.fail_at_call(only, point.nth, point.and_all_later);
    };
    switch (point.kind) {
    case fault::read: return call(fault_vfs::call::read);
    case fault::short_read: return faults_.shorten_read(point.nth, point.and_all_later);
    case fault::write: return call(fault_vfs::call::write);
    case fault::sync: return call(fault_vfs::call::sync);
    case fault::truncate: return call(fault_vfs::call::truncate);
    case fault::disk_full:
        return faults_.fail_at(point.nth, fault_vfs::fault::disk_full, point.and_all_later);
    case fault::allocation:
    case fault::sqlite_allocation: return;
    }
}

void swept_log::perform(fault_point const& point, projection_set& projections,
                        sqlite_log_options const& faulty, std::optional<event_log>& log) {
    std::optional<allocation_fault> memory;
    if (is_of_memory(point.kind)) {
        auto const of = point.kind == fault::allocation ? allocation_fault::allocator::program
                                                        : allocation_fault::allocator::sqlite;
        memory.emplace(point.nth, point.and_all_later, of);
    }
    try {
        act(point.during, projections, faulty, log);
    } catch (std::bad_alloc const&) {
        // Of the caller's own thread: what it asked for was not done.
    } catch (boost::system::system_error const&) { is_import_unknown_ = true; }
    calls_ = memory ? allocation_fault::count() : faults_.calls();
}

void swept_log::act(operation during, projection_set& projections, sqlite_log_options const& faulty,
                    std::optional<event_log>& log) {
    switch (during) {
    case operation::open: {
        auto opened = open_sqlite(file_, faulty);
        if (!opened) { return; }
        log.emplace(std::move(*opened));
        return append_some(*log, 1);
    }
    case operation::append: return append_some(*log, 4);
    case operation::checkpoint: static_cast<void>(log->checkpoint()); return append_some(*log, 1);
    case operation::consume: consume_some(*log); return append_some(*log, 1);
    case operation::rebuild:
        if (shape_.has_table) { static_cast<void>(projections.rebuild(append_rows::name)); }
        if (shape_.has_async_table) { static_cast<void>(projections.rebuild(tallies::name)); }
        return append_some(*log, 1);
    case operation::import: return import_some(*log);
    case operation::backup: static_cast<void>(log->backup_to(copy_.string())); return;
    case operation::close: static_cast<void>(log->close()); return;
    }
}

void swept_log::append_some(event_log& log, std::uint64_t count) {
    for (std::uint64_t more = 1; more <= count; ++more) {
        told& noted = told_[shape_.appends + more];
        // Unless it answers something else: what throws was not asked.
        noted.what = told::answer::refused;
        noted.code = errc::disk_full;
        try {
            auto source = log.make_producer();
            note(noted, append_number(source, shape_.appends + more));
        } catch (std::bad_alloc const&) { continue; }
    }
}

void swept_log::note(told& noted, result<receipt> const& answer) {
    noted.code = answer ? errc{} : static_cast<errc>(answer.error().code().value());
    noted.what = answer ? told::answer::accepted : told::answer::refused;
    if (noted.code == errc::in_doubt) { noted.what = told::answer::in_doubt; }
}

/// One batch, as the command's import makes it: of one append with several events.
void swept_log::import_some(event_log& log) {
    std::uint64_t number = shape_.appends + 1;
    while (numbered_append{number}.event_count() == 1) { ++number; }
    told& noted = told_[number];
    // What throws between the batch and its answer leaves open whether it was stored.
    noted = {told::answer::in_doubt, errc::in_doubt};
    is_import_unknown_ = true;
    auto source = log.make_producer();
    cli::rejections refused;
    cli::event_importer importer{source, refused};
    numbered_append const append{number};
    for (std::uint32_t part = 0; part != append.event_count(); ++part) {
        cli::input_event event;
        event.stream = append.stream_of(part);
        event.type = append.type();
        event.data = append.data_of(part);
        event.tags = {append.tag()};
        if (auto const added = importer.add(std::move(event), "line"); !added) { return; }
    }
    auto const done = importer.finish();
    is_import_unknown_ = false;
    note(noted, done ? result<receipt>{receipt{}} : result<receipt>{done.error()});
}

void swept_log::consume_some(event_log& log) {
    consumed_ = {told::answer::in_doubt, errc::in_doubt}; // whatever throws
    auto consumer = log.open_consumer(consumer_name);
    if (!consumer) {
        consumed_.what = told::answer::refused;
        return;
    }
    result<void> const done = consumer->acknowledge(log.head());
    note(consumed_, done ? result<receipt>{receipt{}} : result<receipt>{done.error()});
}

void swept_log::fail(std::string what) {
    if (problem_.empty()) { problem_ = std::move(what); }
}

void swept_log::notice(std::string what) {
    is_noticed_ = true;
    if (!may_lie_) { fail(std::move(what)); }
}

void swept_log::judge_answers(fault kind) {
    bool in_doubt = false;
    for (std::uint64_t number = 1; number != appends_max; ++number) {
        told const& noted = told_[number];
        if (noted.what == told::answer::accepted && in_doubt) {
            fail("append " + std::to_string(number) + " was accepted after one in doubt");
        }
        in_doubt = in_doubt || noted.what == told::answer::in_doubt;
        if (noted.what != told::answer::refused) { continue; }
        bool const is_expected =
            noted.code == errc::disk_full || noted.code == errc::io_error ||
            // A fold that throws, for want of memory too, rejects the append.
            (is_of_memory(kind) && noted.code == errc::projection_failed) ||
            (may_lie_ && (noted.code == errc::corrupt || noted.code == errc::read_only ||
                          noted.code == errc::projection_failed));
        if (!is_expected) {
            fail("append " + std::to_string(number) + " answered: " + error{noted.code}.message());
        }
    }
}

/// Reading goes on: all that was acknowledged is seen, and nothing else.
void swept_log::check_reads(event_log& log) {
    if (is_import_unknown_) { return; }
    faults_.heal();
    std::uint64_t events = 0;
    for (std::uint64_t number = 1; number != appends_max; ++number) {
        bool const is_there = told_[number].what == told::answer::accepted;
        events += is_there ? numbered_append{number}.event_count() : 0;
    }
    auto const all = log.read().collect();
    if (!all) {
        notice("reading answered: " + all.error().message());
    } else if (all->size() != events && !(may_lie_ && log.opened().corrupt_at)) {
        notice(std::to_string(all->size()) + " events are seen and " + std::to_string(events) +
               " were acknowledged");
    }
}

/// A copy that has its name is whole.
void swept_log::check_backup() {
    if (!fs::exists(copy_)) { return; }
    disk_image copy = memory_.image();
    auto const made = copy.find(copy_name);
    disk_image as_log;
    as_log.emplace(std::string{store_name}, std::move(made->second));
    as_log[std::string{lock_name}];
    check_stored(as_log);
}

void swept_log::check_stored(disk_image const& files) {
    load(files);
    projection_set projections;
    auto log = open_sqlite(file_, options(projections));
    if (!log) { return notice("it does not open again: " + log.error().message()); }
    if (log->opened().lost_events != 0 || log->opened().read_only) {
        return notice("opening found: " + log->opened().message);
    }
    auto const report = log->verify();
    if (!report) { return notice("verify answered: " + report.error().message()); }
    if (!report->sound()) { return notice("verify found: " + report->problems.front().what); }
    check_appends(*log);
    if (++checked_ % 16 == 0) { rebuild_tables(projections); }
    check_consumer(*log);
    auto source = log->make_producer();
    auto const more = append_number(source, number_afterwards);
    if (!more) { return notice("appending again answered: " + more.error().message()); }
    auto const closed = log->close();
    if (!closed) { return notice("closing again answered: " + closed.error().message()); }
}

void swept_log::check_appends(event_log& log) {
    std::array<std::uint32_t, appends_max> parts{};
    folds expected;
    auto const all = log.read().collect();
    if (!all) { return notice("reading again answered: " + all.error().message()); }
    for (event const& each : *all) {
        std::uint64_t const number = std::stoull(std::string{each.data.substr(10)});
        if (number >= appends_max ||
            each.data != numbered_append{number}.data_of(parts[number]++)) {
            return fail("other data at position " + std::to_string(each.position.value));
        }
        expected.add(number, each.stream);
    }
    for (std::uint64_t number = 1; number != appends_max; ++number) {
        check_append(number, parts[number]);
    }
    while (log.run_once()) {} // what follows the log catches up
    if (shape_.has_table) { check_rows(log, append_rows::name, expected.by_append); }
    if (shape_.has_async_table) { check_rows(log, tallies::name, expected.by_stream); }
}

template <class Row, class Key>
void swept_log::check_rows(event_log& log, std::string_view name,
                           std::map<Key, Row> const& expected) {
    auto const stored = log.table<Row>().all();
    if (!stored) { return notice("reading rows answered: " + stored.error().message()); }
    bool const is_same =
        std::equal(stored->begin(), stored->end(), expected.begin(), expected.end(),
                   [](Row const& one, auto const& other) { return one == other.second; });
    if (!is_same) { notice("the table " + std::string{name} + " is not what a fold makes"); }
}

void swept_log::check_append(std::uint64_t number, std::uint32_t parts) {
    auto const what = told_[number].what;
    bool const may_be_there = what == told::answer::accepted || what == told::answer::in_doubt;
    std::string const name = "append " + std::to_string(number);
    if (parts != 0 && parts != numbered_append{number}.event_count()) {
        fail(name + " is there by half");
    } else if (parts != 0 && !may_be_there) {
        fail(name + " was turned away and is there");
    } else if (parts == 0 && what == told::answer::accepted) {
        fail(name + " was acknowledged and is lost");
    }
}

void swept_log::rebuild_tables(projection_set& projections) {
    auto const check = [&](std::string_view name) {
        auto const rebuilt = projections.rebuild(name);
        if (!rebuilt) { return notice("rebuild answered: " + rebuilt.error().message()); }
        if (!rebuilt->is_identical) {
            notice("the table " + std::string{name} + " is not what a fresh fold makes");
        }
    };
    if (shape_.has_table) { check(append_rows::name); }
    if (shape_.has_async_table) { check(tallies::name); }
}

void swept_log::check_consumer(event_log& log) {
    auto const consumers = log.consumers();
    if (!consumers) { return notice("reading consumers answered: " + consumers.error().message()); }
    position stored;
    for (stored_checkpoint const& each : *consumers) { stored = each.at; }
    auto const what = consumed_.what;
    bool const is_old = stored == consumed_before_;
    bool const may_be_new = what == told::answer::accepted || what == told::answer::in_doubt;
    bool const is_right = is_old ? what != told::answer::accepted || stored == log.head()
                                 : may_be_new && stored <= log.head();
    if (!is_right) { notice("the consumer is at " + std::to_string(stored.value)); }
}

} // namespace swarmlog::test
