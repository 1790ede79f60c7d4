#include "memory/memory_view.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace swarmlog::detail {

namespace {

stored_run without_header(stored_run const& run) {
    return {run.id, run.level, run.first, run.last, run.block_count, {}};
}

} // namespace

result<void> memory_view::records_from(position from, record_visitor const& visit) {
    auto const& records = snapshot_.records;
    std::size_t index = records.count_up_to(from);
    if (index > 0 && records[index - 1].last >= from) --index;
    while (index < records.count && visit(records[index])) ++index;
    return {};
}

result<void> memory_view::records_back_from(position from, record_visitor const& visit) {
    auto const& records = snapshot_.records;
    std::size_t index = records.count_up_to(from);
    while (index > 0 && visit(records[index - 1])) --index;
    return {};
}

result<std::vector<stored_run>> memory_view::runs(bool with_headers) {
    std::vector<stored_run> found;
    for (auto const& [id, run] : *snapshot_.runs) {
        if (!run->indexed) continue;
        found.push_back(with_headers ? *run->indexed : without_header(*run->indexed));
    }
    std::sort(found.begin(), found.end(), [](stored_run const& left, stored_run const& right) {
        return std::tie(left.first, left.id) < std::tie(right.first, right.id);
    });
    return found;
}

result<std::string> memory_view::run_header(std::uint64_t run) {
    auto const found = snapshot_.runs->find(run);
    if (found != snapshot_.runs->end() && found->second->indexed) {
        return found->second->indexed->header;
    }
    return error{errc::corrupt, "index run " + std::to_string(run) + " is missing"};
}

result<std::string> memory_view::run_block(std::uint64_t run, std::uint32_t block) {
    auto const found = snapshot_.runs->find(run);
    std::string const* const bytes =
        found != snapshot_.runs->end() ? found->second->find_block(block) : nullptr;
    if (bytes != nullptr) return *bytes;
    return error{errc::corrupt, "block " + std::to_string(block) + " of index run " +
                                    std::to_string(run) + " is missing"};
}

result<std::optional<position>> memory_view::checkpoint_of(std::string_view name) {
    for (auto const& [each, at] : *snapshot_.checkpoints) {
        if (*each == name) return std::optional{at};
    }
    return std::optional<position>{};
}

result<std::vector<stored_checkpoint>> memory_view::checkpoints() {
    std::vector<stored_checkpoint> found;
    found.reserve(snapshot_.checkpoints->size());
    for (auto const& [name, at] : *snapshot_.checkpoints) found.push_back({*name, at});
    return found;
}

result<std::vector<stored_projection>> memory_view::projections() {
    std::vector<stored_projection> found;
    for (auto const& [name, each] : *snapshot_.projections) found.push_back(*each);
    return found;
}

result<std::optional<stored_snapshot>> memory_view::snapshot_of(std::string_view projection,
                                                                position at) {
    auto const& all = *snapshot_.snapshots;
    auto const after = all.upper_bound({std::string{projection}, at});
    if (after == all.begin()) return std::optional<stored_snapshot>{};
    auto const& [place, body] = *std::prev(after);
    if (place.first != projection) return std::optional<stored_snapshot>{};
    return std::optional{stored_snapshot{place.first, place.second, *body}};
}

result<std::vector<stored_snapshot>> memory_view::snapshots() {
    std::vector<stored_snapshot> found;
    for (auto const& [place, body] : *snapshot_.snapshots) {
        found.push_back({place.first, place.second, {}});
    }
    return found;
}

} // namespace swarmlog::detail
