#include "index/run.hpp"

#include "fake_store.hpp"
#include "support/random_seed.hpp"

#include "index/run_lookup.hpp"
#include "index/run_scanner.hpp"
#include "index/run_writer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::detail;

namespace {

struct key_postings {
    key_ref key;
    std::string name;
    std::uint64_t ordinal = 0;
    std::vector<std::uint64_t> positions;
};

/// Writes lists as a run, in pieces of up to `piece` postings.
class written_run {
public:
    written_run(std::vector<key_postings> lists, position last, std::size_t piece = 512)
        : lists_(std::move(lists)) {
        std::sort(lists_.begin(), lists_.end(), [](auto const& left, auto const& right) {
            auto const place = [](key_postings const& list) {
                return std::tuple<std::uint64_t, key_kind, std::string const&>{
                    list.key.hash, list.key.kind, list.name};
            };
            return place(left) < place(right);
        });
        for (auto& list : lists_) { list.key.name = list.name; } // it has moved
        auto transaction = store_.begin().value();
        run_writer writer{7, 0, position{1}, last};
        for (auto const& list : lists_) { add(writer, *transaction, list, piece); }
        auto meta = writer.finish(*transaction).value();
        static_cast<void>(transaction->commit());
        run_ = run::open(std::move(meta), true).value();
        view_ = store_.read().value();
    }

    [[nodiscard]] std::vector<key_postings> const& lists() const { return lists_; }
    [[nodiscard]] detail::run const& operator*() const { return *run_; }
    [[nodiscard]] std::shared_ptr<detail::run const> const& handle() const { return run_; }
    [[nodiscard]] block_source source() { return block_source{*view_}; }
    [[nodiscard]] run_lookup lookup() { return {*run_, source()}; }
    [[nodiscard]] test::fake_store& store() { return store_; }
    [[nodiscard]] read_view& view() { return *view_; }
    void refresh() { view_ = store_.read().value(); }

private:
    static void add(run_writer& writer, write_transaction& transaction, key_postings const& list,
                    std::size_t piece) {
        for (std::size_t done = 0; done < list.positions.size();) {
            std::size_t const count = std::min(piece, list.positions.size() - done);
            std::string deltas;
            for (std::size_t i = 1; i < count; ++i) {
                append_varint(deltas, list.positions[done + i] - list.positions[done + i - 1]);
            }
            run_entry entry;
            entry.hash = list.key.hash;
            entry.kind = list.key.kind;
            entry.name = list.name;
            entry.ordinal = list.ordinal + done;
            entry.first = list.positions[done];
            entry.span = list.positions[done + count - 1] - entry.first;
            entry.count = static_cast<std::uint32_t>(count);
            entry.deltas = deltas;
            writer.add(transaction, entry).value();
            done += count;
        }
    }

    std::vector<key_postings> lists_;
    test::fake_store store_;
    std::shared_ptr<detail::run const> run_;
    std::unique_ptr<read_view> view_;
};

/// A store that counts what is read from it.
struct counting_store {
    read_view& view;
    std::size_t reads = 0;

    [[nodiscard]] result<std::string> run_block(std::uint64_t run, std::uint32_t block) {
        ++reads;
        return view.run_block(run, block);
    }
};

key_postings list_of(key_kind kind, std::string name, std::uint64_t ordinal,
                     std::vector<std::uint64_t> positions) {
    key_postings list;
    list.key = key_ref::of(kind, name);
    list.name = std::move(name);
    list.ordinal = ordinal;
    list.positions = std::move(positions);
    return list;
}

/// Every stream once, some of them often, one type always.
written_run large_run(std::mt19937_64& random, std::uint64_t streams) {
    std::vector<key_postings> lists;
    std::uint64_t const last = streams * 2;
    std::vector<std::uint64_t> every;
    for (std::uint64_t at = 1; at <= last; ++at) { every.push_back(at); }
    lists.push_back(list_of(key_kind::type, "every", 0, every));
    for (std::uint64_t i = 0; i < streams; ++i) {
        std::vector<std::uint64_t> positions;
        std::uint64_t at = 1 + random() % last;
        std::size_t const count = i % 500 == 0 ? 3'000 : 1 + random() % 2;
        for (std::size_t n = 0; n < count && at <= last; ++n) {
            positions.push_back(at);
            at += 1 + random() % 9;
        }
        lists.push_back(
            list_of(key_kind::stream, "stream-" + std::to_string(i), random() % 100, positions));
    }
    return {std::move(lists), position{last}, 100};
}

void check_lookups(written_run& written, key_postings const& list, std::mt19937_64& random) {
    auto const& all = list.positions;
    auto lookup = written.lookup();
    posting_page page;
    for (int i = 0; i < 8; ++i) {
        std::uint64_t const at = i == 0   ? 0
                                 : i == 1 ? position::max_value
                                          : random() % ((*written).meta().last.value + 2);
        auto const next = std::lower_bound(all.begin(), all.end(), at);
        bool found = lookup.find_forwards(list.key, at, page).value();
        BOOST_REQUIRE(found == (next != all.end()));
        if (found) {
            BOOST_REQUIRE(std::binary_search(page.positions.begin(), page.positions.end(), *next));
            BOOST_REQUIRE(!page.ends_run || page.positions.back() == all.back());
        }
        auto const past = std::upper_bound(all.begin(), all.end(), at);
        found = lookup.find_backwards(list.key, at, page).value();
        BOOST_REQUIRE(found == (past != all.begin()));
        if (found) {
            BOOST_REQUIRE(page.positions.back() == *(past - 1));
            BOOST_REQUIRE(!page.ends_run || page.positions.front() == all.front());
        }

        std::uint64_t const place = random() % all.size();
        bool const is_stream = list.key.kind == key_kind::stream;
        std::uint64_t const ordinal = (is_stream ? list.ordinal : 0) + place;
        BOOST_REQUIRE(lookup.find_ordinal(list.key, ordinal, page).value());
        BOOST_REQUIRE(ordinal - page.ordinal < page.positions.size());
        BOOST_REQUIRE(page.positions[ordinal - page.ordinal] == all[place]);
        if (is_stream && list.ordinal > 0) {
            BOOST_REQUIRE(!lookup.find_ordinal(list.key, list.ordinal - 1, page).value());
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(index_run)

BOOST_AUTO_TEST_CASE(every_key_is_found_forwards_backwards_and_by_ordinal) {
    std::mt19937_64 random{test::random_seed()};
    auto written = large_run(random, 30'000);
    BOOST_TEST((*written).header().guides.size() > 3U); // more than one guide is at work
    for (std::size_t i = 0; i < written.lists().size(); i += 1 + random() % 20) {
        check_lookups(written, written.lists()[i], random);
    }
    for (auto const& list : written.lists()) {
        if (list.positions.size() > 1'000) { check_lookups(written, list, random); }
    }
    for (auto const& list : written.lists()) {
        BOOST_REQUIRE(written.lookup().may_contain(list.key).value());
        BOOST_REQUIRE(!(*written).surely_lacks(list.key));
    }
}

BOOST_AUTO_TEST_CASE(absent_keys_are_absent_and_mostly_cost_no_block) {
    std::mt19937_64 random{test::random_seed()};
    auto written = large_run(random, 20'000);
    posting_page page;
    int maybe = 0;
    for (int i = 0; i < 10'000; ++i) {
        std::string const name = "absent-" + std::to_string(i);
        auto lookup = written.lookup();
        auto const key = key_ref::of(key_kind::stream, name);
        maybe += lookup.may_contain(key).value() ? 1 : 0;
        BOOST_REQUIRE(!lookup.find_forwards(key, 0, page).value());
        BOOST_REQUIRE(!lookup.find_backwards(key, position::max_value, page).value());
        BOOST_REQUIRE(!lookup.find_ordinal(key, 0, page).value());
    }
    BOOST_TEST(maybe < 50); // 0.5 % of 10,000; about 0.13 % are expected
}

BOOST_AUTO_TEST_CASE(keys_of_one_hash_are_found_even_when_they_fill_many_blocks) {
    std::mt19937_64 random{test::random_seed()};
    std::vector<key_postings> lists;
    for (int i = 0; i < 6; ++i) {
        std::vector<std::uint64_t> positions;
        for (std::uint64_t at = 1 + random() % 50; at < 40'000; at += 1 + random() % 300) {
            positions.push_back(at);
        }
        lists.push_back(list_of(key_kind::stream, "colliding-" + std::to_string(i), 0, positions));
        lists.back().key.hash = 42;
    }
    lists.push_back(list_of(key_kind::stream, "after", 0, {1, 2}));
    written_run written{std::move(lists), position{40'000}, 20};
    BOOST_TEST((*written).header().colliding);
    for (auto const& list : written.lists()) { check_lookups(written, list, random); }
}

BOOST_AUTO_TEST_CASE(small_pieces_of_one_key_are_joined_without_loss) {
    std::vector<std::uint64_t> positions;
    for (std::uint64_t at = 1; at <= 2'000; ++at) { positions.push_back(3 * at); }
    written_run written{{list_of(key_kind::stream, "a", 10, positions)}, position{6'000}, 3};
    run_scanner scanner{written.handle()};
    std::vector<std::uint64_t> found;
    std::size_t entries = 0;
    while (scanner.next(written.source()).value()) {
        BOOST_TEST(scanner.entry().ordinal == 10 + found.size());
        BOOST_TEST(scanner.entry().append_positions(found));
        ++entries;
    }
    BOOST_TEST(found == positions, boost::test_tools::per_element());
    BOOST_TEST(entries == 4U); // 2,000 in pieces of at most 512, here 510
}

BOOST_AUTO_TEST_CASE(a_run_that_may_not_keep_its_guides_answers_the_same) {
    std::mt19937_64 random{test::random_seed()};
    auto written = large_run(random, 15'000);
    auto const without = (*written).reopened(false);
    posting_page page;
    for (std::size_t i = 0; i < written.lists().size(); i += 50) {
        auto const& list = written.lists()[i];
        run_lookup lookup{*without, written.source()};
        BOOST_REQUIRE(lookup.find_forwards(list.key, 0, page).value());
        BOOST_TEST(page.positions.front() == list.positions.front());
    }
    BOOST_TEST(without->kept_guide_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_anywhere_is_corrupt_and_named) {
    std::mt19937_64 random{test::random_seed()};
    for (int round = 0; round < 200; ++round) {
        written_run written{{list_of(key_kind::stream, "a", 0, {1, 5, 9})}, position{10}};
        auto const block = static_cast<std::uint32_t>(random() % 2);
        written.store().damage_block(7, block, random());
        written.refresh();
        posting_page page;
        auto const key = key_ref::of(key_kind::stream, "a");
        auto const found = written.lookup().find_forwards(key, 0, page);
        BOOST_REQUIRE(!found.has_value());
        BOOST_TEST((found.error() == errc::corrupt));
        std::string const named = "run 7, block " + std::to_string(block);
        BOOST_TEST(found.error().message().find(named) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_header_is_corrupt) {
    written_run written{{list_of(key_kind::stream, "a", 0, {1, 5, 9})}, position{10}};
    stored_run const sound = written.store().stored_runs().front();
    for (std::size_t byte = 0; byte < sound.header.size(); ++byte) {
        stored_run damaged = sound;
        damaged.header[byte] ^= 0x10;
        BOOST_TEST((run::open(damaged, true).error() == errc::corrupt));
        damaged = sound;
        damaged.header.resize(byte);
        BOOST_TEST((run::open(damaged, true).error() == errc::corrupt));
    }
    stored_run other = sound;
    other.last = position{11};
    BOOST_TEST((run::open(other, true).error() == errc::corrupt));
}

BOOST_AUTO_TEST_CASE(a_block_in_another_blocks_place_is_corrupt) {
    std::mt19937_64 random{test::random_seed()};
    auto written = large_run(random, 1'000);
    auto const block = written.source().read(7, 1).value();
    BOOST_TEST(open_block(block, 7, 1).has_value());
    BOOST_TEST((open_block(block, 7, 2).error() == errc::corrupt));
    BOOST_TEST((open_block(block, 8, 1).error() == errc::corrupt));
}

BOOST_AUTO_TEST_CASE(random_bytes_as_entries_guides_and_headers_never_do_harm) {
    std::mt19937_64 random{test::random_seed()};
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 64, '\0');
        for (char& byte : bytes) { byte = static_cast<char>(random() % (round % 2 ? 256 : 8)); }
        entry_reader entries{bytes, position{1}};
        std::vector<std::uint64_t> positions;
        for (run_entry entry; entries.next(entry);) {
            positions.clear();
            static_cast<void>(entry.append_positions(positions));
            BOOST_REQUIRE(positions.size() <= entry_postings_max);
        }
        stored_run meta;
        meta.id = 7;
        meta.first = position{1};
        meta.last = position{100};
        static_cast<void>(decode_guide(bytes, meta, 0));
        meta.header = bytes;
        seal_block(meta.header, 7, header_block_number);
        static_cast<void>(run::open(meta, true));
    }
}

BOOST_AUTO_TEST_CASE(with_a_cache_a_block_is_read_once_for_all_lookups) {
    std::mt19937_64 random{7};
    auto written = large_run(random, 2'000);
    block_cache blocks{4 << 20};
    counting_store store{written.view()};
    std::size_t reads_of_first_round = 0;
    for (int round = 0; round != 2; ++round) {
        for (auto const& list : written.lists()) {
            run_lookup lookup{*written, block_source{store, &blocks}};
            posting_page page;
            BOOST_REQUIRE(lookup.find_forwards(list.key, 0, page).value());
            BOOST_REQUIRE(page.positions.front() == list.positions.front());
        }
        if (round == 0) { reads_of_first_round = store.reads; }
    }
    BOOST_TEST(reads_of_first_round <= (*written).meta().block_count);
    BOOST_TEST(store.reads == reads_of_first_round);
    BOOST_TEST(blocks.bytes() > 0U);
}

BOOST_AUTO_TEST_CASE(a_damaged_block_is_not_kept) {
    std::mt19937_64 random{7};
    auto written = large_run(random, 20);
    block_cache blocks{4 << 20};
    written.store().damage_block(7, 0, 20);
    written.refresh();
    block_source const source{written.view(), &blocks};
    key_ref const key = written.lists().front().key;
    posting_page page;
    run_lookup lookup{*written, source};
    for (int each = 0; each != 2; ++each) {
        BOOST_TEST((lookup.find_forwards(key, 0, page).error() == errc::corrupt));
    }
    BOOST_TEST(blocks.bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
