#include "event_importer.hpp"

#include <utility>

namespace swarmlog::cli {

event_importer::event_importer(producer& into, rejections& refused)
    : into_(into), refused_(refused) {}

result<void> event_importer::add(input_event event, std::string place) {
    std::size_t const bytes = event.data.size() + event.metadata.size();
    if (!filling_.empty() && filling_bytes_ + bytes > batch_bytes_max) {
        if (auto begun = begin_batch(); !begun) return begun;
    }
    filling_bytes_ += bytes;
    filling_.push_back({std::move(event), std::move(place)});
    return filling_.size() == batch_events_max ? begin_batch() : result<void>();
}

result<void> event_importer::finish() {
    if (auto begun = begin_batch(); !begun) return begun;
    return settle_batch();
}

append_request event_importer::request_of(items batch) const {
    append_request request = into_.new_append();
    for (item const& each : batch) each.event.add_to(request);
    return request;
}

result<void> event_importer::begin_batch() {
    // Built before the wait, so that the writer is busy meanwhile.
    append_request request = request_of(filling_);
    if (auto settled = settle_batch(); !settled) return settled;
    under_way_ = std::exchange(filling_, {});
    filling_bytes_ = 0;
    if (under_way_.empty()) return {};
    if (result<void> const status = request.status(); !status) {
        return take_apart(under_way_, status.error());
    }
    result<pending_append> answer = into_.try_append(std::move(request));
    if (!answer) return take_apart(under_way_, answer.error());
    answer_ = std::move(*answer);
    return {};
}

result<void> event_importer::settle_batch() {
    if (!answer_) return {};
    result<receipt> const got = std::exchange(answer_, std::nullopt)->get();
    if (!got) return take_apart(under_way_, got.error());
    count(under_way_, *got);
    return {};
}

result<void> event_importer::append_now(items batch) {
    result<receipt> const got = into_.append(request_of(batch));
    if (!got) return take_apart(batch, got.error());
    count(batch, *got);
    return {};
}

result<void> event_importer::take_apart(items batch, error const& failure) {
    if (!is_fault_of_input(failure)) return failure;
    if (batch.size() == 1) {
        refused_.add(batch.front().place, failure.message());
        return {};
    }
    std::size_t const half = batch.size() / 2;
    if (auto appended = append_now(batch.first(half)); !appended) return appended;
    return append_now(batch.subspan(half));
}

void event_importer::count(items batch, receipt const& got) {
    appended_ += batch.size();
    for (std::size_t at = 0; at < batch.size(); ++at) {
        input_event const& event = batch[at].event;
        bool const kept = (event.position == 0 || event.position == got.first.value + at) &&
                          (event.version == 0 || event.version == got.versions[at].value);
        if (!kept) ++moved_;
    }
}

} // namespace swarmlog::cli
