#include "apply/group_stage.hpp"

namespace swarmlog::detail {

void group_stage::post(tail_key& key, position at) {
    postings_.push_back({&key, at, key.writer.staged_last});
    ++key.writer.staged_count;
    key.writer.staged_last = at.value;
}

void group_stage::apply(applied_event const& event) {
    post(*event.stream, event.at);
    post(*event.type, event.at);
    for (tail_key* const tag : event.tags) { post(*tag, event.at); }
    if (event.id != nullptr) { post(*event.id, event.at); }
    if (event.idempotency_key != nullptr) { post(*event.idempotency_key, event.at); }
    events_.push_back({event.at, event.stream, event.type, static_cast<std::uint32_t>(tags_.size()),
                       static_cast<std::uint32_t>(event.tags.size())});
    tags_.insert(tags_.end(), event.tags.begin(), event.tags.end());
}

void group_stage::cut_back(mark const& to) {
    while (postings_.size() > to.postings) {
        posting const& last = postings_.back();
        --last.key->writer.staged_count;
        last.key->writer.staged_last = last.staged_before;
        postings_.pop_back();
    }
    events_.resize(to.events);
    tags_.resize(to.tags);
}

void group_stage::publish() {
    tail& keys = index_->current_tail();
    for (posting const& each : postings_) {
        auto& state = each.key->writer;
        ++state.count;
        --state.staged_count;
        state.last_position = each.at.value;
        keys.append(*each.key, each.at);
    }
    postings_.clear();
    events_.clear();
    tags_.clear();
}

void group_stage::drop() { cut_back({0, 0, 0}); }

} // namespace swarmlog::detail
