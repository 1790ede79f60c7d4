// What is left in the file when the n-th write, flush or truncation fails, for every n.
#include "store_harness.hpp"

#include "support/fault_vfs.hpp"

#include <boost/test/data/test_case.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace swarmlog;
using namespace swarmlog::test;
using fault = fault_vfs::fault;
using files = fault_vfs::files;

/// A write-ahead log so short that the workload moves it into the main file several times, and
/// pages so small that a transaction is many writes.
sqlite_store_options small_options(durability mode, std::string vfs = {}) {
    return {.mode = mode,
            .relaxed_sync_interval = std::chrono::milliseconds{0},
            .page_bytes = 1024,
            .cache_bytes = 64 * 1024,
            .wal_bytes_max = 64 * 1024,
            .vfs = std::move(vfs)};
}

/// What a caller knows after its writes.
struct knowledge {
    std::uint64_t committed = 0;          ///< acknowledged
    std::optional<std::uint64_t> doubted; ///< its outcome was in_doubt
};

constexpr std::uint64_t transactions = 8;
constexpr std::uint64_t records_per_transaction = 5;

/// One transaction: records, a block and a run, a checkpoint. False when it was refused.
bool write_one(backend& store, knowledge& known) {
    auto const transaction = store.begin();
    if (!transaction) return false;
    std::uint64_t const first = known.committed + 1;
    std::uint64_t const last = known.committed + records_per_transaction;
    for (std::uint64_t at = first; at <= last; ++at) {
        // Large enough that the small cache spills into the log before the commit.
        auto const appended = (*transaction)->append_record(view_of(make_record(at, at, 4'000)));
        if (!appended) return false;
    }
    if (!(*transaction)->put_run_block(first, 0, "block")) return false;
    if (!(*transaction)->put_run({first, 0, position{first}, position{last}, 1, "header"})) {
        return false;
    }
    if (!(*transaction)->put_checkpoint("consumer", position{last})) return false;
    auto const done = (*transaction)->commit();
    if (done.outcome == commit_outcome::in_doubt) {
        BOOST_TEST(done.failure.is_in_doubt());
        known.doubted = last;
    }
    if (done.outcome == commit_outcome::committed) known.committed = last;
    return done.outcome == commit_outcome::committed;
}

/// Writes as a careful caller does: after a commit in doubt, or a failure of the store, it
/// stops; after a transaction that failed it tries the same again, a few times.
knowledge run_workload(backend& store) {
    knowledge known;
    for (std::uint64_t tries = 0; tries < transactions + 3; ++tries) {
        if (known.committed == transactions * records_per_transaction) break;
        if (!write_one(store, known)) {
            if (known.doubted) break;
            continue;
        }
        auto const kept = store.after_commit(position{known.committed});
        if (!kept && kept.error() != errc::disk_full) break;
    }
    static_cast<void>(store.close());
    return known;
}

/// True when the store holds exactly what was acknowledged, and what was in doubt wholly or
/// not at all.
bool holds_exactly(backend& store, knowledge const& known) {
    std::uint64_t const head = head_of(store);
    if (head != known.committed && head != known.doubted) {
        BOOST_TEST_MESSAGE("head " << head << ", acknowledged " << known.committed);
        return false;
    }
    auto const records = all_records(store);
    if (records.size() != head) return false;
    for (std::uint64_t at = 1; at <= head; ++at) {
        if (records[at - 1] != make_record(at, at, 4'000)) return false;
    }
    auto const view = must(store.read());
    std::uint64_t const groups = head / records_per_transaction;
    if (must(view->runs(true)).size() != groups) return false;
    for (auto const& run : must(view->runs(true))) {
        if (must(view->run_block(run.id, 0)) != "block") return false;
    }
    auto const checkpoint = must(view->checkpoint_of("consumer"));
    return checkpoint.value_or(position{}).value == head;
}

struct sweep {
    durability mode;
    fault kind;
    bool and_all_later;
    files which;
};

std::ostream& operator<<(std::ostream& out, sweep const& each) {
    return out << to_string(each.mode) << (each.kind == fault::disk_full ? " full" : " io_error")
               << (each.and_all_later ? " from n on" : " once")
               << (each.which == files::wal ? " in the log" : "");
}

constexpr std::array sweeps{
    sweep{durability::durable, fault::io_error, false, files::all},
    sweep{durability::durable, fault::io_error, true, files::all},
    sweep{durability::durable, fault::io_error, false, files::wal},
    sweep{durability::durable, fault::disk_full, false, files::all},
    sweep{durability::durable, fault::disk_full, true, files::all},
    sweep{durability::relaxed, fault::io_error, false, files::all},
    sweep{durability::relaxed, fault::disk_full, true, files::all},
};

void make_empty_store(fs::path const& path, durability mode) {
    must(must(open_sqlite_store(path, small_options(mode)))->close());
}

void check_and_write_on(fs::path const& path, durability mode, knowledge const& known) {
    auto const store = must(open_sqlite_store(path, small_options(mode)));
    BOOST_TEST(holds_exactly(*store, known));
    auto const mark = store->facts().high_water_mark.value_or(position{});
    BOOST_TEST(mark.value <= head_of(*store));
    auto const next = head_of(*store) + 1;
    append(*store, {make_record(next, next)});
    BOOST_TEST(head_of(*store) == next);
}

table_spec const cards{
    "cards", {{"id", column_kind::integer, false}, {"text", column_kind::text, true}}, 0, {{{1}}}};

/// A store with something of every kind, and nothing in its write-ahead log.
void make_full_store(fs::path const& path) {
    auto const store = must(open_sqlite_store(path, small_options(durability::durable)));
    append_singles(*store, 1, 40, 900);
    auto const transaction = must(store->begin());
    for (std::uint32_t block = 0; block != 20; ++block) {
        must(transaction->put_run_block(1, block, std::string(900, 'b')));
    }
    must(transaction->put_run({1, 0, position{1}, position{40}, 20, std::string(3'000, 'h')}));
    must(transaction->create_table(cards));
    for (std::int64_t id = 0; id != 100; ++id) {
        must(transaction->put_row(cards, {cell{id}, cell{std::string(200, 'c')}}));
    }
    must(transaction->put_projection({"cards", 1, layout_of(cards), position{40}}));
    for (std::uint64_t at = 1; at != 40; ++at) {
        must(transaction->put_snapshot({"cards", position{at}, std::string(500, 's')}));
        must(transaction->put_checkpoint("reader " + std::to_string(at), position{at}));
    }
    must(transaction->commit());
    must(store->close());
}

/// What a call has read, in words that can be compared.
using read_call = std::function<result<std::string>(backend& store, read_view& view)>;

template <class T>
result<std::string> size_of(result<T> const& got) {
    if (!got) return got.error();
    return std::to_string(got->size());
}
template <class T>
result<std::string> number_of(result<T> const& got) {
    if (!got) return got.error();
    return std::to_string(std::uint64_t{*got});
}
result<std::string> count_visits(std::function<result<void>(std::function<bool()>)> const& read) {
    std::size_t visits = 0;
    auto const done = read([&] { return ++visits > 0; });
    if (!done) return done.error();
    return std::to_string(visits);
}

std::vector<std::pair<std::string, read_call>> calls_of_a_view() {
    using store = backend;
    using view = read_view;
    return {
        {"records_from",
         [](store&, view& from) {
             return count_visits([&](auto const& visit) {
                 return from.records_from(position{1}, [&](auto const&) { return visit(); });
             });
         }},
        {"records_back_from",
         [](store&, view& from) {
             return count_visits([&](auto const& visit) {
                 return from.records_back_from(position{40}, [&](auto const&) { return visit(); });
             });
         }},
        {"runs", [](store&, view& from) { return size_of(from.runs(true)); }},
        {"run_header", [](store&, view& from) { return size_of(from.run_header(1)); }},
        {"run_block", [](store&, view& from) { return size_of(from.run_block(1, 19)); }},
        {"run_generation", [](store&, view& from) { return number_of(from.run_generation()); }},
        {"checkpoint_of",
         [](store&, view& from) -> result<std::string> {
             auto const at = from.checkpoint_of("reader 39");
             if (!at) return at.error();
             return std::to_string((*at)->value);
         }},
        {"checkpoints", [](store&, view& from) { return size_of(from.checkpoints()); }},
        {"projections", [](store&, view& from) { return size_of(from.projections()); }},
        {"snapshot_of",
         [](store&, view& from) -> result<std::string> {
             auto const found = from.snapshot_of("cards", position{39});
             if (!found) return found.error();
             return (*found)->body;
         }},
        {"snapshots", [](store&, view& from) { return size_of(from.snapshots()); }},
        {"find_row",
         [](store&, view& from) -> result<std::string> {
             auto const row = from.find_row(cards, cell{std::int64_t{77}});
             if (!row) return row.error();
             return std::to_string((*row)->size());
         }},
        {"select_rows",
         [](store&, view& from) {
             return count_visits([&](auto const& visit) {
                 return from.select_rows(cards, {}, [&](auto const&) { return visit(); });
             });
         }},
        {"count_rows", [](store&, view& from) { return number_of(from.count_rows(cards, {})); }},
        {"sizes",
         [](store& of, view&) -> result<std::string> {
             auto const sizes = of.sizes();
             if (!sizes) return sizes.error();
             return std::to_string(sizes->total_bytes);
         }},
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_faults)

BOOST_DATA_TEST_CASE(nothing_acknowledged_is_lost_whichever_call_fails,
                     boost::unit_test::data::make(sweeps)) {
    fault_vfs vfs{"swarmlog-fault"};
    std::uint64_t doubts = 0;
    std::uint64_t refusals = 0;
    // Steps grow, so that the sweep is dense where commits are and does not last.
    for (std::uint64_t nth = 1;; nth += 1 + nth / 24) {
        temporary_folder folder;
        auto const path = folder / "store.db";
        make_empty_store(path, sample.mode);
        vfs.fail_at(nth, sample.kind, sample.and_all_later, sample.which);
        knowledge known;
        if (auto store = open_sqlite_store(path, small_options(sample.mode, vfs.name()))) {
            known = run_workload(**store);
        } else {
            ++refusals;
        }
        bool const has_failed = vfs.has_failed();
        vfs.heal();
        doubts += known.doubted ? 1U : 0U;
        BOOST_TEST_CONTEXT("n = " << nth) { check_and_write_on(path, sample.mode, known); }
        if (!has_failed) break;
    }
    BOOST_TEST_MESSAGE(sample << ": " << doubts << " in doubt, " << refusals << " not opened");
    BOOST_TEST((doubts > 0) == (sample.kind == fault::io_error));
}

BOOST_AUTO_TEST_CASE(checker_notices_a_lost_an_extra_and_a_half_commit) {
    temporary_folder folder;
    auto const store =
        must(open_sqlite_store(folder / "store.db", small_options(durability::relaxed)));
    knowledge known;
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE(write_one(*store, known));
    BOOST_TEST(holds_exactly(*store, {known.committed, {}}));
    BOOST_TEST(holds_exactly(*store, {known.committed - 5, known.committed}));
    BOOST_TEST(!holds_exactly(*store, {known.committed + 5, {}}));
    BOOST_TEST(!holds_exactly(*store, {known.committed - 5, {}}));
    append(*store, {make_record(known.committed + 1, known.committed + 1, 4'000)});
    BOOST_TEST(!holds_exactly(*store, {known.committed + 1, {}}));
}

BOOST_AUTO_TEST_CASE(creation_that_fails_leaves_no_store_or_a_whole_one) {
    fault_vfs vfs{"swarmlog-fault"};
    for (auto const kind : {fault::io_error, fault::disk_full}) {
        for (std::uint64_t nth = 1;; ++nth) {
            temporary_folder folder;
            auto const path = folder / "store.db";
            vfs.fail_at(nth, kind, true);
            auto const made =
                open_sqlite_store(path, small_options(durability::durable, vfs.name()));
            bool const has_failed = vfs.has_failed();
            vfs.heal();
            if (made) must((*made)->close());
            BOOST_TEST_CONTEXT("n = " << nth) {
                auto const again =
                    must(open_sqlite_store(path, small_options(durability::durable)));
                BOOST_TEST(head_of(*again) == 0U);
            }
            if (!has_failed) break;
        }
    }
}

BOOST_AUTO_TEST_CASE(full_disk_rejects_and_writing_resumes_when_there_is_space) {
    temporary_folder folder;
    fault_vfs vfs{"swarmlog-fault"};
    auto const store = must(
        open_sqlite_store(folder / "store.db", small_options(durability::durable, vfs.name())));
    knowledge known;
    BOOST_REQUIRE(write_one(*store, known));
    vfs.fail_at(1, fault::disk_full, true);
    {
        auto const transaction = must(store->begin());
        must(transaction->append_record(view_of(make_record(6, 6))));
        auto const done = transaction->commit();
        BOOST_TEST((done.outcome == commit_outcome::not_committed));
        BOOST_TEST((done.failure == errc::disk_full));
    }
    {
        // So large that it is met before the commit.
        auto const transaction = must(store->begin());
        auto const appended = transaction->append_record(view_of(make_record(6, 6, 1024 * 1024)));
        BOOST_TEST(fails_with(appended, errc::disk_full));
        BOOST_TEST(fails_with(transaction->put_checkpoint("x", position{1}), errc::disk_full));
        BOOST_TEST((transaction->commit().outcome == commit_outcome::not_committed));
    }
    BOOST_TEST(holds_exactly(*store, known)); // reads go on
    vfs.heal();
    BOOST_TEST(write_one(*store, known));
    BOOST_TEST(holds_exactly(*store, known));
}

BOOST_AUTO_TEST_CASE(failed_flush_at_commit_is_in_doubt_and_ends_writing) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    fault_vfs vfs{"swarmlog-fault"};
    knowledge known;
    {
        auto const store =
            must(open_sqlite_store(path, small_options(durability::durable, vfs.name())));
        BOOST_REQUIRE(write_one(*store, known));
        vfs.fail_at_sync(1, files::wal);
        BOOST_TEST(!write_one(*store, known));
        BOOST_TEST(known.doubted.has_value());
        vfs.heal();
        // The flush is not repeated, and nothing else is written; what was there is read.
        BOOST_TEST(fails_with(store->begin(), errc::in_doubt));
        BOOST_TEST(fails_with(store->after_commit(position{5}), errc::in_doubt));
        BOOST_TEST(fails_with(store->checkpoint(), errc::in_doubt));
        BOOST_TEST(head_of(*store) == known.committed);
        must(store->close());
        BOOST_TEST(vfs.calls() == 0U);
    }
    auto const store = must(open_sqlite_store(path, small_options(durability::durable)));
    BOOST_TEST(holds_exactly(*store, known));
    // What SQLite 3.40.1 does: its frames are whole, so the commit has come back.
    BOOST_TEST(head_of(*store) == known.doubted.value());
}

BOOST_AUTO_TEST_CASE(failed_flush_of_a_compaction_ends_writing) {
    temporary_folder folder;
    fault_vfs vfs{"faulty"};
    {
        auto const store = must(open_sqlite_store(folder / "store.db", {.vfs = vfs.name()}));
        append_singles(*store, 1, 3);
        vfs.fail_at_sync(1, fault_vfs::files::wal);
        BOOST_TEST(fails_with(store->compact(), errc::io_error));
        vfs.heal();
        BOOST_TEST(fails_with(store->begin(), errc::io_error));
    }
    BOOST_TEST(head_of(*must(open_sqlite_store(folder / "store.db"))) == 3U);
}

BOOST_AUTO_TEST_CASE(full_disk_in_a_compaction_leaves_all_as_it_was) {
    temporary_folder folder;
    fault_vfs vfs{"faulty"};
    auto const store = must(open_sqlite_store(folder / "store.db", {.vfs = vfs.name()}));
    append_singles(*store, 1, 3);
    for (std::uint64_t nth = 1; nth != 4; ++nth) {
        vfs.fail_at(nth, fault_vfs::fault::disk_full, true);
        BOOST_TEST(fails_with(store->compact(), errc::disk_full));
        vfs.heal();
        append_singles(*store, head_of(*store) + 1, 1);
    }
    must(store->compact());
    BOOST_TEST(head_of(*store) == 6U);
}

BOOST_AUTO_TEST_CASE(failed_flush_of_relaxed_commits_puts_them_in_doubt) {
    temporary_folder folder;
    fault_vfs vfs{"swarmlog-fault"};
    auto const store = must(
        open_sqlite_store(folder / "store.db", small_options(durability::relaxed, vfs.name())));
    knowledge known;
    BOOST_REQUIRE(write_one(*store, known));
    vfs.fail_at_sync(1, files::wal);
    BOOST_TEST(fails_with(store->after_commit(position{5}), errc::in_doubt));
    BOOST_TEST(fails_with(store->begin(), errc::in_doubt));
}

BOOST_AUTO_TEST_CASE(durable_flushes_each_commit_and_relaxed_only_in_time) {
    temporary_folder folder;
    fault_vfs vfs{"swarmlog-fault"};
    auto const syncs_of = [&](std::string const& name, durability mode,
                              std::chrono::milliseconds interval) {
        auto const store = must(open_sqlite_store(
            folder / name, {.mode = mode, .relaxed_sync_interval = interval, .vfs = vfs.name()}));
        append_singles(*store, 1, 1);
        vfs.heal();
        append_singles(*store, 2, 10);
        return vfs.syncs();
    };
    using std::chrono::milliseconds;
    BOOST_TEST(syncs_of("durable.db", durability::durable, milliseconds{0}) == 10U);
    BOOST_TEST(syncs_of("at once.db", durability::relaxed, milliseconds{0}) == 10U);
    BOOST_TEST(syncs_of("later.db", durability::relaxed, milliseconds{3'600'000}) == 0U);
}

BOOST_AUTO_TEST_CASE(read_that_fails_is_told_and_the_next_one_answers) {
    temporary_folder folder;
    fault_vfs vfs{"swarmlog-fault"};
    auto const path = folder / "store.db";
    make_full_store(path);
    auto const options = small_options(durability::durable, vfs.name());
    std::uint64_t failures = 0;
    for (auto const& [name, call] : calls_of_a_view()) {
        std::string wanted;
        // Once for each read that the call makes of a file that nothing is known of, and once
        // more, when none fails. The first of them begins the view.
        for (std::uint64_t nth = 1; nth != 12; ++nth) {
            auto const store = must(open_sqlite_store_read_only(path, options));
            vfs.fail_at_call(fault_vfs::call::read, nth);
            auto view = store->read();
            if (!view) {
                BOOST_TEST(fails_with(view, errc::io_error, path.string()));
                vfs.heal();
                view = must(store->read());
            }
            auto const answer = call(*store, **view);
            bool const has_failed = vfs.has_failed();
            vfs.heal();
            BOOST_TEST_CONTEXT(name << ", read " << nth) {
                if (!answer) {
                    ++failures;
                    BOOST_TEST(fails_with(answer, errc::io_error, path.string()));
                }
                auto const again = must(call(*store, **view));
                if (wanted.empty()) wanted = again;
                BOOST_TEST(again == wanted);
                BOOST_TEST((answer ? *answer : again) == wanted);
            }
            if (!has_failed) break;
        }
    }
    BOOST_TEST(failures > 30U);
}

BOOST_AUTO_TEST_CASE(store_that_cannot_be_read_does_not_open_until_it_can) {
    temporary_folder folder;
    fault_vfs vfs{"swarmlog-fault"};
    auto const path = folder / "store.db";
    make_full_store(path);
    auto const options = small_options(durability::durable, vfs.name());
    using opening =
        result<std::unique_ptr<backend>> (*)(fs::path const&, sqlite_store_options const&);
    for (opening const open :
         {opening{&open_sqlite_store}, opening{&open_sqlite_store_read_only}}) {
        std::uint64_t refusals = 0;
        for (std::uint64_t nth = 1;; ++nth) {
            vfs.fail_at_call(fault_vfs::call::read, nth);
            auto const opened = open(path, options);
            bool const has_failed = vfs.has_failed();
            vfs.heal();
            if (!opened) {
                ++refusals;
                BOOST_TEST(fails_with(opened, errc::io_error, path.string()));
                BOOST_TEST(head_of(*must(open(path, options))) == 40U);
            } else {
                BOOST_TEST(head_of(**opened) == 40U);
            }
            if (!has_failed) break;
        }
        BOOST_TEST(refusals > 3U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
