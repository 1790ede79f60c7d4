#include "indexed_log.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::detail;

namespace {

constexpr std::uint64_t stream_count = 50;

/// Event p is of stream p % 50: what every reader knows without a model.
std::string stream_of(std::uint64_t at) { return "stream-" + std::to_string(at % stream_count); }

/// Takes head, snapshot and view in the order that the snapshot asks for, and checks one answer.
bool reads_rightly(detail::index& index, test::fake_store& store,
                   std::atomic<std::uint64_t> const& head, std::uint64_t turn) {
    position const bound{head.load(std::memory_order_acquire)};
    auto const snapshot = index.snapshot();
    auto view = store.read().value();
    std::uint64_t const wanted = turn % stream_count;
    bool const forwards = turn % 2 == 0;
    auto cursor =
        position_cursor::open(snapshot, *view, query{}.stream(stream_of(wanted)).type("t"),
                              forwards ? direction::forwards : direction::backwards,
                              forwards ? position{1} : bound, forwards ? bound : position{1})
            .value();
    std::uint64_t count = 0;
    while (auto const at = cursor.next().value()) {
        if (at->value % stream_count != wanted) { return false; }
        ++count;
    }
    std::uint64_t const expected =
        bound.value / stream_count + (wanted != 0 && bound.value % stream_count >= wanted ? 1 : 0);
    auto const key = stream_of(wanted);
    return count == expected &&
           count_of(*snapshot, *view, key_ref::of(key_kind::stream, key), bound).value() == count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(index_threads)

BOOST_AUTO_TEST_CASE(readers_get_full_answers_while_the_writer_appends_flushes_and_merges) {
    constexpr std::uint64_t events = 12'000;
    test::fake_store store;
    detail::index_options options;
    options.tail_events = 50;
    options.filter_bytes_max = 8'000;
    detail::index index{options};
    std::atomic<std::uint64_t> head{0};
    std::atomic<bool> wrong{false};
    auto const read = [&](std::uint64_t turn) {
        while (head.load(std::memory_order_acquire) < events) {
            if (!reads_rightly(index, store, head, turn++)) { wrong.store(true); }
            static_cast<void>(index.statistics());
        }
    };
    std::thread first{read, 0};
    std::thread second{read, 17};
    for (std::uint64_t at = 1; at <= events; ++at) {
        std::string const stream = stream_of(at);
        tail_key& key = index.current_tail().find_or_insert(key_ref::of(key_kind::stream, stream));
        if (!key.writer.resolved) { index.resolve(key, store).value(); }
        index.current_tail().append(key, position{at});
        ++key.writer.count;
        key.writer.last_position = at;
        index.current_tail().append(
            index.current_tail().find_or_insert(key_ref::of(key_kind::type, "t")), position{at});
        if (index.wants_flush()) {
            auto transaction = store.begin().value();
            index.flush(*transaction, position{at}).value();
            static_cast<void>(transaction->commit());
            index.flush_committed();
        }
        head.store(at, std::memory_order_release);
    }
    first.join();
    second.join();
    BOOST_TEST(!wrong.load());
}

BOOST_AUTO_TEST_SUITE_END()
