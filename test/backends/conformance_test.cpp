// What the port promises, on every backend.
#include "store_harness.hpp"

#include <boost/mpl/list.hpp>

#include <atomic>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

struct durable_sqlite {
    temporary_folder folder;
    std::unique_ptr<backend> store = must(open_sqlite_store(folder / "store.db"));
};

struct relaxed_sqlite {
    temporary_folder folder;
    std::unique_ptr<backend> store = must(open_sqlite_store(
        folder / "store.db",
        {.mode = durability::relaxed, .relaxed_sync_interval = std::chrono::milliseconds{0}}));
};

struct memory {
    std::unique_ptr<backend> store = must(open_memory_store());
};

using backends = boost::mpl::list<durable_sqlite, relaxed_sqlite, memory>;

stored_run make_run(std::uint64_t id, std::uint64_t first, std::uint64_t last,
                    std::uint32_t block_count = 2) {
    return {id, 1, position{first}, position{last}, block_count, "header " + std::to_string(id)};
}

void put_whole_run(backend& store, stored_run const& run) {
    auto transaction = must(store.begin());
    for (std::uint32_t block = 0; block < run.block_count; ++block) {
        must(transaction->put_run_block(run.id, block, "block " + std::to_string(block)));
    }
    must(transaction->put_run(run));
    must(transaction->commit());
}

using transaction_call = std::function<result<void>(write_transaction&)>;

/// Every call but `commit`, each of which would succeed, or miss what it asks for.
std::vector<std::pair<std::string, transaction_call>> calls_of_a_transaction() {
    static table_spec const table{"things", {{"id", column_kind::integer, false}}, 0, {}};
    auto const outcome = [](auto const& got) {
        return got ? result<void>{} : result<void>{got.error()};
    };
    using at = write_transaction;
    return {
        {"append_record", [](at& to) { return to.append_record(view_of(make_record(2, 2))); }},
        {"put_run_block", [](at& to) { return to.put_run_block(1, 0, "block"); }},
        {"put_run", [](at& to) { return to.put_run(make_run(1, 1, 1)); }},
        {"drop_run", [](at& to) { return to.drop_run(7); }},
        {"erase_run_blocks", [](at& to) { return to.erase_run_blocks(7); }},
        {"run_block", [=](at& to) { return outcome(to.run_block(7, 0)); }},
        {"put_checkpoint", [](at& to) { return to.put_checkpoint("reader", position{1}); }},
        {"erase_checkpoint", [](at& to) { return to.erase_checkpoint("reader"); }},
        {"find_row", [=](at& to) { return outcome(to.find_row(table, cell{std::int64_t{1}})); }},
        {"select_rows",
         [](at& to) { return to.select_rows(table, {}, [](auto const&) { return true; }); }},
        {"count_rows", [=](at& to) { return outcome(to.count_rows(table, {})); }},
        {"create_table", [](at& to) { return to.create_table(table); }},
        {"add_indexes", [](at& to) { return to.add_indexes(table); }},
        {"drop_table", [](at& to) { return to.drop_table("things"); }},
        {"rename_table", [](at& to) { return to.rename_table("things", "others"); }},
        {"put_row", [](at& to) { return to.put_row(table, {cell{std::int64_t{1}}}); }},
        {"erase_row", [](at& to) { return to.erase_row(table, cell{std::int64_t{1}}); }},
        {"put_projection",
         [](at& to) {
             return to.put_projection({"things", 1, "", {}});
         }},
        {"erase_projection", [](at& to) { return to.erase_projection("things"); }},
        {"put_snapshot",
         [](at& to) {
             return to.put_snapshot({"things", position{1}, "body"});
         }},
        {"erase_snapshots", [](at& to) { return to.erase_snapshots("things", position{}); }},
    };
}

std::vector<std::uint64_t> run_ids(backend& store) {
    std::vector<std::uint64_t> ids;
    for (auto const& run : must(must(store.read())->runs(false))) ids.push_back(run.id);
    return ids;
}

} // namespace

BOOST_AUTO_TEST_SUITE(backend_conformance)

BOOST_AUTO_TEST_CASE_TEMPLATE(new_store_is_empty_and_has_an_id, Backend, backends) {
    Backend on;
    BOOST_TEST(on.store->facts().created);
    BOOST_TEST(!on.store->facts().read_only);
    BOOST_TEST((on.store->facts().id != store_id{}));
    BOOST_TEST(head_of(*on.store) == 0U);
    BOOST_TEST(all_records(*on.store).empty());
    BOOST_TEST(must(must(on.store->read())->run_generation()) == 0U);
    BOOST_TEST(must(must(on.store->read())->checkpoints()).empty());
    BOOST_TEST(run_ids(*on.store).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(records_come_back_as_they_were, Backend, backends) {
    Backend on;
    std::vector<owned_record> const records{
        make_record(1, 1, 0), make_record(2, 100, 250), make_record(101, 101, 6'000),
        make_record(102, 40'000, 100'000), make_record(40'001, 40'001, 3'000'000)};
    append(*on.store, {records[0], records[1]});
    append(*on.store, {records[2], records[3], records[4]});
    BOOST_TEST(all_records(*on.store) == records, boost::test_tools::per_element());
    BOOST_TEST(head_of(*on.store) == 40'001U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(largest_position_and_times_before_the_epoch_fit, Backend, backends) {
    Backend on;
    auto record = make_record(position::max_value, position::max_value);
    record.recorded_at = std::numeric_limits<std::int64_t>::min();
    append(*on.store, {record});
    BOOST_TEST(all_records(*on.store).back() == record);
    auto const view = must(on.store->read());
    constexpr auto beyond = std::numeric_limits<std::uint64_t>::max();
    BOOST_TEST(records_from(*view, position::max_value).size() == 1U);
    BOOST_TEST(records_from(*view, beyond).empty());
    BOOST_TEST(records_back_from(*view, beyond).size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reading_starts_at_the_record_that_holds_the_position, Backend,
                              backends) {
    Backend on;
    auto const a = make_record(1, 10);
    auto const b = make_record(11, 11);
    auto const c = make_record(20, 30); // a gap before it, as after a retention
    append(*on.store, {a, b, c});
    auto const view = must(on.store->read());
    using records = std::vector<owned_record>;
    auto const same = [](records const& left, records const& right) {
        BOOST_TEST(left == right, boost::test_tools::per_element());
    };
    same(records_from(*view, 0), {a, b, c});
    same(records_from(*view, 1), {a, b, c});
    same(records_from(*view, 10), {a, b, c});
    same(records_from(*view, 11), {b, c});
    same(records_from(*view, 12), {c});
    same(records_from(*view, 30), {c});
    same(records_from(*view, 31), {});
    same(records_back_from(*view, 0), {});
    same(records_back_from(*view, 1), {a});
    same(records_back_from(*view, 10), {a});
    same(records_back_from(*view, 12), {b, a});
    same(records_back_from(*view, 25), {c, b, a});
    same(records_back_from(*view, 1'000), {c, b, a});
    same(records_from(*view, 1, 2), {a, b});
    same(records_back_from(*view, 30, 1), {c});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(visitor_may_read_the_same_view, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 5);
    auto const view = must(on.store->read());
    std::size_t inner = 0;
    must(view->records_from(position{1}, [&](stored_record const& record) {
        auto const before = own(record);
        inner += records_from(*view, record.first.value).size();
        BOOST_TEST(own(record) == before);
        return true;
    }));
    BOOST_TEST(inner == 5U + 4 + 3 + 2 + 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(dropped_transaction_leaves_nothing, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 2);
    {
        auto const transaction = must(on.store->begin());
        must(transaction->append_record(view_of(make_record(3, 3, 2'000'000))));
        must(transaction->put_checkpoint("consumer", position{3}));
        must(transaction->put_run_block(1, 0, "block"));
        must(transaction->put_run(make_run(1, 1, 3, 1)));
    }
    BOOST_TEST(head_of(*on.store) == 2U);
    BOOST_TEST(must(must(on.store->read())->checkpoints()).empty());
    BOOST_TEST(run_ids(*on.store).empty());
    BOOST_TEST(must(must(on.store->read())->run_generation()) == 0U);
    append_singles(*on.store, 3, 1);
    BOOST_TEST(all_records(*on.store).back() == make_record(3, 3));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_transaction_at_a_time, Backend, backends) {
    Backend on;
    auto const transaction = must(on.store->begin());
    BOOST_TEST(fails_with(on.store->begin(), errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ended_transaction_takes_nothing_more, Backend, backends) {
    Backend on;
    auto const transaction = must(on.store->begin());
    must(transaction->append_record(view_of(make_record(1, 1))));
    must(transaction->put_run(make_run(7, 1, 1)));
    must(transaction->commit());
    for (auto const& [name, call] : calls_of_a_transaction()) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(fails_with(call(*transaction), errc::invalid_argument, "has ended"));
        }
    }
    auto const again = transaction->commit();
    BOOST_TEST((again.outcome == commit_outcome::not_committed));
    BOOST_TEST(head_of(*on.store) == 1U);
    BOOST_TEST(run_ids(*on.store) == std::vector<std::uint64_t>{7},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(failed_transaction_repeats_its_failure_and_stores_nothing, Backend,
                              backends) {
    Backend on;
    for (auto const& [name, call] : calls_of_a_transaction()) {
        auto const transaction = must(on.store->begin());
        must(transaction->append_record(view_of(make_record(1, 1))));
        BOOST_TEST(
            fails_with(transaction->rename_table("nothing", "other"), errc::not_found, "nothing"));
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(fails_with(call(*transaction), errc::not_found, "nothing"));
        }
        BOOST_TEST((transaction->commit().outcome == commit_outcome::not_committed));
    }
    BOOST_TEST(head_of(*on.store) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(positions_only_rise, Backend, backends) {
    Backend on;
    append(*on.store, {make_record(1, 10)});
    auto const transaction = must(on.store->begin());
    for (auto const& wrong : {make_record(10, 12), make_record(1, 1), make_record(12, 11),
                              make_record(11, position::max_value + 1)}) {
        BOOST_TEST(fails_with(transaction->append_record(view_of(wrong)), errc::invalid_argument));
    }
    must(transaction->append_record(view_of(make_record(11, 12))));
    must(transaction->commit());
    BOOST_TEST(head_of(*on.store) == 12U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(view_keeps_seeing_what_it_saw, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 3);
    put_whole_run(*on.store, make_run(7, 1, 3));
    auto const view = must(on.store->read()); // has read nothing yet

    auto const transaction = must(on.store->begin());
    must(transaction->append_record(view_of(make_record(4, 4))));
    must(transaction->put_checkpoint("consumer", position{4}));
    must(transaction->drop_run(7));
    must(transaction->erase_run_blocks(7));
    must(transaction->commit());
    must(on.store->after_commit(position{4}));

    BOOST_TEST(must(view->head()).value == 3U);
    BOOST_TEST(records_from(*view, 1).size() == 3U);
    BOOST_TEST(!must(view->checkpoint_of("consumer")).has_value());
    BOOST_TEST(must(view->runs(false)).size() == 1U);
    BOOST_TEST(must(view->run_block(7, 1)) == "block 1");
    BOOST_TEST(must(view->run_header(7)) == "header 7");
    BOOST_TEST(must(view->run_generation()) == 1U);

    auto const later = must(on.store->read());
    BOOST_TEST(must(later->head()).value == 4U);
    BOOST_TEST(must(later->checkpoint_of("consumer")).value().value == 4U);
    BOOST_TEST(must(later->runs(false)).empty());
    BOOST_TEST(fails_with(later->run_block(7, 1), errc::corrupt));
    BOOST_TEST(fails_with(later->run_header(7), errc::corrupt));
    BOOST_TEST(must(later->run_generation()) == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(runs_come_by_first_position_with_or_without_headers, Backend,
                              backends) {
    Backend on;
    put_whole_run(*on.store, make_run(3, 21, 30));
    put_whole_run(*on.store, make_run(9, 1, 10, 1));
    put_whole_run(*on.store, make_run(4, 11, 20, 3));
    BOOST_TEST(run_ids(*on.store) == (std::vector<std::uint64_t>{9, 4, 3}),
               boost::test_tools::per_element());
    auto const runs = must(must(on.store->read())->runs(true));
    BOOST_REQUIRE(runs.size() == 3U);
    BOOST_TEST(runs[1].id == 4U);
    BOOST_TEST(runs[1].level == 1U);
    BOOST_TEST(runs[1].first.value == 11U);
    BOOST_TEST(runs[1].last.value == 20U);
    BOOST_TEST(runs[1].block_count == 3U);
    BOOST_TEST(runs[1].header == "header 4");
    BOOST_TEST(must(must(on.store->read())->runs(false))[1].header.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(blocks_are_put_in_any_order_and_a_missing_one_is_corrupt, Backend,
                              backends) {
    Backend on;
    {
        auto const transaction = must(on.store->begin());
        must(transaction->put_run_block(5, 2, "two"));
        must(transaction->put_run_block(5, 0, "zero"));
        must(transaction->put_run_block(5, 4, {}));
        must(transaction->put_checkpoint({}, position{3}));
        must(transaction->put_run(make_run(5, 1, 10, 3)));
        BOOST_TEST(must(transaction->run_block(5, 2)) == "two");
        BOOST_TEST(fails_with(transaction->run_block(5, 1), errc::corrupt, "block 1"));
        BOOST_TEST(fails_with(transaction->run_block(5, 3), errc::corrupt, "block 3"));
        BOOST_TEST(fails_with(transaction->run_block(6, 0), errc::corrupt, "run 6"));
        must(transaction->commit());
    }
    auto const check = [&](std::uint64_t run, std::uint32_t block) {
        auto const view = must(on.store->read());
        BOOST_TEST(fails_with(view->run_block(run, block), errc::corrupt));
    };
    BOOST_TEST(must(must(on.store->read())->run_block(5, 0)) == "zero");
    BOOST_TEST(must(must(on.store->read())->run_block(5, 4)) == "");
    BOOST_TEST(must(must(on.store->read())->checkpoint_of("")).value().value == 3U);
    check(5, 1);
    check(5, 1U << 24U);
    check(6, 0);
    check(std::uint64_t{1} << 39U, 0);
    BOOST_TEST(
        fails_with(must(on.store->read())->run_header(std::uint64_t{1} << 39U), errc::corrupt));
    {
        auto const transaction = must(on.store->begin());
        must(transaction->erase_run_blocks(5));
        must(transaction->put_run_block(8, 0, "of a run that is not there yet"));
        must(transaction->commit());
    }
    check(5, 0);
    BOOST_TEST(must(must(on.store->read())->run_header(5)) == "header 5"); // it is the index's yet
    BOOST_TEST(fails_with(must(on.store->read())->run_header(8), errc::corrupt));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(run_may_be_built_over_several_transactions, Backend, backends) {
    Backend on;
    for (std::uint32_t block = 0; block < 5; ++block) {
        auto const transaction = must(on.store->begin());
        must(transaction->put_run_block(2, block, std::string(1'000, 'x') + char('0' + block)));
        if (block > 0) {
            BOOST_TEST(must(transaction->run_block(2, block - 1)).back() == '0' + int(block) - 1);
        }
        must(transaction->commit());
        BOOST_TEST(run_ids(*on.store).empty());
    }
    auto const transaction = must(on.store->begin());
    must(transaction->put_run(make_run(2, 1, 50, 5)));
    must(transaction->commit());
    BOOST_TEST(must(must(on.store->read())->run_block(2, 4)).back() == '4');
    BOOST_TEST(fails_with(must(on.store->read())->run_block(2, 5), errc::corrupt));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(dropped_runs_blocks_stay_until_erased, Backend, backends) {
    Backend on;
    put_whole_run(*on.store, make_run(5, 1, 9));
    {
        auto const transaction = must(on.store->begin());
        must(transaction->drop_run(5));
        must(transaction->commit());
    }
    BOOST_TEST(run_ids(*on.store).empty());
    BOOST_TEST(must(must(on.store->read())->run_block(5, 0)) == "block 0");
    {
        auto const transaction = must(on.store->begin());
        BOOST_TEST(fails_with(transaction->drop_run(5), errc::invalid_argument));
        must(transaction->erase_run_blocks(5));
        must(transaction->erase_run_blocks(6)); // of a run that never was
        must(transaction->commit());
    }
    BOOST_TEST(fails_with(must(on.store->read())->run_block(5, 0), errc::corrupt));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(block_or_run_is_put_once, Backend, backends) {
    Backend on;
    put_whole_run(*on.store, make_run(5, 1, 9));
    {
        auto const transaction = must(on.store->begin());
        BOOST_TEST(fails_with(transaction->put_run_block(5, 0, "other"), errc::invalid_argument));
    }
    {
        auto const transaction = must(on.store->begin());
        BOOST_TEST(fails_with(transaction->put_run(make_run(5, 1, 9)), errc::invalid_argument));
    }
    BOOST_TEST(must(must(on.store->read())->run_block(5, 0)) == "block 0");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(run_generation_rises_with_the_set_of_runs_only, Backend, backends) {
    Backend on;
    auto const generation = [&] { return must(must(on.store->read())->run_generation()); };
    append_singles(*on.store, 1, 2);
    BOOST_TEST(generation() == 0U);
    put_whole_run(*on.store, make_run(1, 1, 2));
    BOOST_TEST(generation() == 1U);
    append_singles(*on.store, 3, 1);
    BOOST_TEST(generation() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(checkpoints_are_put_moved_and_erased, Backend, backends) {
    Backend on;
    std::string const odd{"with\0zero, \xc3\xbc and '", 17};
    {
        auto const transaction = must(on.store->begin());
        must(transaction->put_checkpoint("b", position{2}));
        must(transaction->put_checkpoint("a", position{1}));
        must(transaction->put_checkpoint(odd, position::max()));
        must(transaction->put_checkpoint("a", position{5}));
        must(transaction->commit());
    }
    auto view = must(on.store->read());
    auto const all = must(view->checkpoints());
    BOOST_REQUIRE(all.size() == 3U);
    BOOST_TEST(all[0].name == "a");
    BOOST_TEST(all[0].at.value == 5U);
    BOOST_TEST(must(view->checkpoint_of(odd)).value().value == position::max_value);
    BOOST_TEST(!must(view->checkpoint_of("with")).has_value());
    {
        auto const transaction = must(on.store->begin());
        must(transaction->erase_checkpoint("a"));
        must(transaction->erase_checkpoint("never there"));
        must(transaction->commit());
    }
    BOOST_TEST(!must(must(on.store->read())->checkpoint_of("a")).has_value());
    BOOST_TEST(must(must(on.store->read())->checkpoints()).size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sizes_grow_with_what_is_stored, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 1);
    auto const before = must(on.store->sizes());
    append_singles(*on.store, 2, 100, 10'000);
    auto const transaction = must(on.store->begin());
    must(transaction->put_run_block(1, 0, std::string(500'000, 'x')));
    must(transaction->put_run(make_run(1, 1, 101, 1)));
    must(transaction->commit());
    auto const after = must(on.store->sizes());
    BOOST_TEST(after.log_bytes >= before.log_bytes + 1'000'000);
    BOOST_TEST(after.log_bytes < before.log_bytes + 1'300'000);
    BOOST_TEST(after.index_bytes >= before.index_bytes + 500'000);
    BOOST_TEST(after.index_bytes < before.index_bytes + 600'000);
    BOOST_TEST(after.total_bytes >= 1'500'000U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(maintenance_changes_nothing_that_is_read, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 50, 5'000);
    put_whole_run(*on.store, make_run(1, 1, 50));
    auto const before = all_records(*on.store);
    must(on.store->checkpoint());
    must(on.store->compact());
    BOOST_TEST(all_records(*on.store) == before, boost::test_tools::per_element());
    BOOST_TEST(must(must(on.store->read())->run_block(1, 1)) == "block 1");
    append_singles(*on.store, 51, 1);
    BOOST_TEST(head_of(*on.store) == 51U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(closed_store_refuses, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 1);
    auto const view = must(on.store->read());
    must(on.store->close());
    BOOST_TEST(fails_with(on.store->begin(), errc::closed));
    BOOST_TEST(fails_with(on.store->read(), errc::closed));
    BOOST_TEST(fails_with(on.store->sizes(), errc::closed));
    // A view that is still open ends in its own time.
    BOOST_TEST(records_from(*view, 1).size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(view_outlives_the_store, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 3);
    auto const view = must(on.store->read());
    on.store.reset();
    BOOST_TEST(records_from(*view, 1).size() == 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readers_see_whole_commits_in_order_beside_the_writer, Backend,
                              backends) {
    Backend on;
    constexpr std::uint64_t commits = 300;
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> wrong{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            std::uint64_t seen = 0;
            for (bool last_round = false; !last_round;) {
                last_round = done.load();
                auto view = on.store->read();
                if (!view) {
                    ++wrong;
                    return;
                }
                auto const head = (*view)->head();
                std::uint64_t next = 1;
                auto const read = (*view)->records_from(position{1}, [&](stored_record const& r) {
                    wrong += r.first.value == next && own(r) == make_record(next, next + 2) ? 0 : 1;
                    next = r.last.value + 1;
                    return true;
                });
                // A commit is two records of three positions.
                bool const whole = (next - 1) % 6 == 0 && next >= seen;
                wrong += read && head && head->value + 1 == next && whole ? 0 : 1;
                seen = next;
            }
            wrong += seen == commits * 6 + 1 ? 0 : 1;
        });
    }
    for (std::uint64_t i = 0; i < commits; ++i) {
        append(*on.store, {make_record(6 * i + 1, 6 * i + 3), make_record(6 * i + 4, 6 * i + 6)});
    }
    done = true;
    for (auto& reader : readers) reader.join();
    BOOST_TEST(wrong.load() == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(forked_child_gives_up_without_harm, Backend, backends) {
    Backend on;
    append_singles(*on.store, 1, 2);
    auto view = must(on.store->read());
    auto transaction = must(on.store->begin());
    must(transaction->append_record(view_of(make_record(3, 3))));
    int const verdict = in_child([&] {
        on.store->abandon();
        auto const is_refused = [](auto const& got) {
            return !got && got.error() == errc::forked_handle;
        };
        bool const refuses = is_refused(on.store->begin()) && is_refused(on.store->read()) &&
                             is_refused(on.store->find_row({}, cell{"a"})) &&
                             is_refused(on.store->sizes());
        bool const is_left_alone = on.store->close().has_value();
        view.reset();
        transaction.reset();
        on.store.reset();
        return refuses && is_left_alone ? 0 : 1;
    });
    BOOST_TEST(verdict == 0);
    must(transaction->commit());
    BOOST_TEST(records_from(*view, 1).size() == 2U);
    BOOST_TEST(head_of(*on.store) == 3U);
    append_singles(*on.store, 4, 1);
    BOOST_TEST(all_records(*on.store).size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
