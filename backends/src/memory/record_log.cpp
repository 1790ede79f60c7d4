#include "memory/record_log.hpp"

#include <algorithm>
#include <cstring>

namespace swarmlog::detail {

std::size_t record_log::range::count_up_to(position at) const noexcept {
    std::size_t low = 0;
    std::size_t high = count;
    while (low < high) {
        std::size_t const middle = low + (high - low) / 2;
        if ((*this)[middle].first <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

record_log::record_log() : directory_(std::make_shared<directory>()) {}

void record_log::stage(stored_record const& record) {
    if (count_ == chunks_.size() * chunk_records) add_chunk();
    std::string_view const body = copy(record.body);
    stored_record& kept = chunks_[count_ / chunk_records][count_ % chunk_records];
    kept = record;
    kept.body = body;
    ++count_;
}

record_log::range record_log::publish() noexcept {
    published_.records = count_;
    published_.segments = segments_.size();
    published_.used = segments_.empty() ? 0 : segments_.back().used;
    return {directory_, count_};
}

void record_log::drop_staged() noexcept {
    // Chunks stay for what is staged next; segments may be large, so they go.
    count_ = published_.records;
    segments_.resize(published_.segments);
    if (!segments_.empty()) segments_.back().used = published_.used;
}

std::string_view record_log::copy(std::string_view body) {
    if (body.empty()) return {};
    if (segments_.empty() || segments_.back().size - segments_.back().used < body.size()) {
        std::size_t const size = std::max(segment_bytes, body.size());
        segments_.push_back({std::make_unique_for_overwrite<char[]>(size), size, 0});
    }
    segment& last = segments_.back();
    char* const target = last.bytes.get() + last.used;
    std::memcpy(target, body.data(), body.size());
    last.used += body.size();
    return {target, body.size()};
}

void record_log::add_chunk() {
    auto chunk = std::make_unique<stored_record[]>(chunk_records);
    auto longer = std::make_shared<directory>(*directory_);
    longer->push_back(chunk.get());
    chunks_.push_back(std::move(chunk));
    directory_ = std::move(longer);
}

} // namespace swarmlog::detail
