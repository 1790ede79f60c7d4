#include "index/tail_flush.hpp"

#include "record/varint.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string>
#include <vector>

namespace swarmlog::detail {

namespace {

/// The keys lie scattered in memory, in the order of their first events: what is needed soon is
/// fetched early, so that the misses overlap.
constexpr std::size_t keys_fetched_ahead = 16;

void prefetch(tail_key const* key) noexcept {
    __builtin_prefetch(key);
    __builtin_prefetch(&key->inline_offsets);
}

/// The deltas between `count` positions at `positions`.
void encode_deltas(std::uint64_t const* positions, std::uint32_t count, std::string& out) {
    out.clear();
    for (std::uint32_t i = 1; i < count; ++i) {
        append_varint(out, positions[i] - positions[i - 1]);
    }
}

/// How many events of its stream came before the first one in the tail.
std::uint64_t events_before(tail_key const& stream, std::size_t in_tail) {
    assert(stream.writer.resolved && stream.writer.count >= in_tail);
    return stream.writer.count - in_tail;
}

} // namespace

result<void> write_tail(tail const& flushed, run_writer& writer, write_transaction& transaction) {
    auto const keys = flushed.sorted_keys();
    std::vector<std::uint64_t> positions;
    std::string deltas;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i + keys_fetched_ahead < keys.size()) { prefetch(keys[i + keys_fetched_ahead].key); }
        tail_key const& key = *keys[i].key;
        positions.clear();
        flushed.collect(key, position{0}, position::max(), positions);
        if (positions.empty()) { continue; }

        run_entry entry;
        entry.hash = key.hash;
        entry.kind = key.kind;
        entry.name = key.name;
        if (key.kind == key_kind::stream) { entry.ordinal = events_before(key, positions.size()); }
        for (std::size_t done = 0; done < positions.size(); done += entry.count) {
            entry.count = static_cast<std::uint32_t>(
                std::min<std::size_t>(entry_postings_max, positions.size() - done));
            entry.first = positions[done];
            entry.span = positions[done + entry.count - 1] - entry.first;
            encode_deltas(&positions[done], entry.count, deltas);
            entry.deltas = deltas;
            if (auto added = writer.add(transaction, entry); !added) { return added; }
            entry.ordinal += entry.count;
        }
    }
    return {};
}

} // namespace swarmlog::detail
