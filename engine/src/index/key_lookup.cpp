#include "index/key_lookup.hpp"

#include "index/run_lookup.hpp"

namespace swarmlog::detail {

namespace {

/// The last page of `key` up to `bound` in the newest run that has one; false when none has.
result<bool> newest_page(index_snapshot const& index, read_view& view, key_ref const& key,
                         position bound, posting_page& page) {
    auto const& runs = index.runs();
    for (auto each = runs.rbegin(); each != runs.rend(); ++each) {
        if ((*each)->meta().first > bound || (*each)->surely_lacks(key)) { continue; }
        auto const found = run_lookup{**each, block_source{view, index.blocks()}}.find_backwards(
            key, bound.value, page);
        if (!found || *found) { return found; }
    }
    return false;
}

} // namespace

result<std::optional<key_summary>> newest(index_snapshot const& index, read_view& view,
                                          key_ref const& stream, position bound) {
    key_summary summary;
    posting_page page;
    auto const found = newest_page(index, view, stream, bound, page);
    if (!found) { return found.error(); }
    if (*found) {
        summary.count = page.ordinal + page.positions.size();
        summary.last = position{page.positions.back()};
    }
    tail const& unflushed = index.unflushed();
    if (tail_key const* const key = unflushed.find(stream)) {
        if (std::uint32_t const count = unflushed.count_at_most(*key, bound); count != 0) {
            summary.count += count;
            summary.last = unflushed.posting_at(*key, count - 1);
        }
    }
    if (summary.count == 0) { return std::nullopt; }
    return summary;
}

result<std::optional<position>> last_position(index_snapshot const& index, read_view& view,
                                              key_ref const& key, position bound) {
    tail const& unflushed = index.unflushed();
    if (tail_key const* const found = unflushed.find(key)) {
        position const last = unflushed.last_at_most(*found, bound);
        if (last != position{0}) { return last; }
    }
    posting_page page;
    auto const found = newest_page(index, view, key, bound, page);
    if (!found) { return found.error(); }
    if (!*found) { return std::nullopt; }
    return position{page.positions.back()};
}

result<std::uint64_t> count_of(index_snapshot const& index, read_view& view, key_ref const& key,
                               position bound) {
    if (key.kind == key_kind::stream) {
        auto const summary = newest(index, view, key, bound);
        if (!summary) { return summary.error(); }
        return *summary ? (*summary)->count : 0;
    }
    std::uint64_t count = 0;
    posting_page page;
    for (auto const& each : index.runs()) {
        if (each->meta().first > bound) { break; }
        if (each->surely_lacks(key)) { continue; }
        auto const found = run_lookup{*each, block_source{view, index.blocks()}}.find_backwards(
            key, bound.value, page);
        if (!found) { return found.error(); }
        if (*found) { count += page.ordinal + page.positions.size(); }
    }
    tail const& unflushed = index.unflushed();
    if (tail_key const* const found = unflushed.find(key)) {
        count += unflushed.count_at_most(*found, bound);
    }
    return count;
}

result<std::optional<position>> position_of_version(index_snapshot const& index, read_view& view,
                                                    key_ref const& stream, version wanted,
                                                    position bound) {
    if (wanted == version{0}) { return std::nullopt; }
    std::uint64_t const ordinal = wanted.value - 1;
    std::uint64_t in_runs = 0;
    posting_page page;
    auto const& runs = index.runs();
    for (auto each = runs.rbegin(); each != runs.rend(); ++each) {
        if ((*each)->surely_lacks(stream)) { continue; }
        auto const found = run_lookup{**each, block_source{view, index.blocks()}}.find_ordinal(
            stream, ordinal, page);
        if (!found) { return found.error(); }
        if (!*found) { continue; }
        std::uint64_t const place = ordinal - page.ordinal;
        if (place < page.positions.size()) {
            position const at{page.positions[static_cast<std::size_t>(place)]};
            return at <= bound ? std::optional{at} : std::nullopt;
        }
        // The newest run with the stream ends before it: the tail goes on from there.
        in_runs = page.ordinal + page.positions.size();
        break;
    }
    tail const& unflushed = index.unflushed();
    tail_key const* const key = unflushed.find(stream);
    if (key == nullptr || ordinal - in_runs >= unflushed.count_at_most(*key, bound)) {
        return std::nullopt;
    }
    return unflushed.posting_at(*key, static_cast<std::uint32_t>(ordinal - in_runs));
}

} // namespace swarmlog::detail
