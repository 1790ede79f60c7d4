#include "queue_model/memory_model.hpp"

#include <algorithm>

namespace swarmlog::test {

namespace {

bool acquires(std::memory_order order) {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
}

bool releases(std::memory_order order) {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}

} // namespace

void vector_clock::join(vector_clock const& other) {
    for (std::size_t at = 0; at != steps_.size(); ++at) {
        steps_[at] = std::max(steps_[at], other.steps_[at]);
    }
}

void memory_model::reset() {
    threads_ = {};
    for (std::size_t at = 0; at != location_count_; ++at) { locations_[at].clear(); }
    location_count_ = 0;
    sequential_fences_ = {};
    plain_.clear();
}

void memory_model::begin_thread(std::size_t thread, std::size_t parent) {
    threads_[parent].now.tick(parent);
    threads_[thread].now.join(threads_[parent].now);
}

void memory_model::join_thread(std::size_t thread, std::size_t ended) {
    threads_[thread].now.join(threads_[ended].now);
}

std::size_t memory_model::make_location(std::size_t thread, std::uint64_t initial) {
    if (location_count_ == locations_.size()) { locations_.emplace_back(); }
    std::size_t const at = location_count_++;
    append(thread, at, initial, std::memory_order_relaxed, {});
    return at;
}

std::size_t memory_model::oldest_visible(std::vector<stored> const& stores, std::size_t thread,
                                         bool sequential) const {
    vector_clock const& now = threads_[thread].now;
    for (std::size_t at = stores.size(); at-- != 1;) {
        stored const& each = stores[at];
        if (sequential && each.sequential) { return at; }
        for (std::size_t other = 0; other != model_threads_max; ++other) {
            if (each.seen[other] != 0 && now.covers(other, each.seen[other])) { return at; }
        }
    }
    return 0;
}

void memory_model::meet(stored& met, std::size_t thread, std::memory_order order) {
    thread_state& self = threads_[thread];
    std::uint32_t const step = self.now.tick(thread);
    if (met.seen[thread] == 0) { met.seen[thread] = step; }
    if (order == std::memory_order_seq_cst) { met.sequential = true; }
    self.to_acquire.join(met.released);
    if (acquires(order)) { self.now.join(met.released); }
}

std::size_t memory_model::choose(std::size_t thread, std::size_t at, std::memory_order order) {
    auto const& stores = locations_[at];
    bool const sequential = order == std::memory_order_seq_cst;
    std::size_t const oldest = oldest_visible(stores, thread, sequential);
    std::size_t const newest = stores.size() - 1;
    if (oldest == newest || choice_.one_in(2)) { return newest; }
    return oldest + choice_.below(stores.size() - oldest);
}

std::uint64_t memory_model::load(std::size_t thread, std::size_t at, std::memory_order order) {
    stored& chosen = locations_[at][choose(thread, at, order)];
    meet(chosen, thread, order);
    return chosen.value;
}

bool memory_model::compare_exchange(std::size_t thread, std::size_t at, std::uint64_t& expected,
                                    std::uint64_t desired, std::memory_order success,
                                    std::memory_order failure) {
    auto& stores = locations_[at];
    std::size_t chosen = choose(thread, at, failure);
    if (stores[chosen].value == expected) { chosen = stores.size() - 1; }
    if (stores[chosen].value == expected) {
        update(thread, at, desired, success);
        return true;
    }
    meet(stores[chosen], thread, failure);
    expected = stores[chosen].value;
    return false;
}

void memory_model::append(std::size_t thread, std::size_t at, std::uint64_t value,
                          std::memory_order order, std::optional<vector_clock> const& sequence) {
    thread_state& self = threads_[thread];
    stored made;
    made.value = value;
    made.seen[thread] = self.now.tick(thread);
    made.released = releases(order) ? self.now : self.released;
    if (sequence) { made.released.join(*sequence); }
    made.sequential = order == std::memory_order_seq_cst;
    locations_[at].push_back(made);
}

void memory_model::store(std::size_t thread, std::size_t at, std::uint64_t value,
                         std::memory_order order) {
    append(thread, at, value, order, {});
}

std::uint64_t memory_model::newest(std::size_t at) const { return locations_[at].back().value; }

void memory_model::update(std::size_t thread, std::size_t at, std::uint64_t value,
                          std::memory_order order) {
    stored& last = locations_[at].back();
    meet(last, thread, order);
    append(thread, at, value, order, vector_clock{last.released});
}

void memory_model::fence(std::size_t thread, std::memory_order order) {
    thread_state& self = threads_[thread];
    self.now.tick(thread);
    if (acquires(order)) { self.now.join(self.to_acquire); }
    if (order == std::memory_order_seq_cst) {
        self.now.join(sequential_fences_);
        sequential_fences_.join(self.now);
    }
    if (releases(order)) { self.released = self.now; }
}

void memory_model::release_to(std::size_t thread, vector_clock& handed) {
    threads_[thread].now.tick(thread);
    handed.join(threads_[thread].now);
}

void memory_model::acquire_from(std::size_t thread, vector_clock const& handed) {
    threads_[thread].now.join(handed);
}

bool memory_model::plain_read(std::size_t thread, void const* at) {
    plain_memory& place = plain_[at];
    vector_clock& now = threads_[thread].now;
    place.read[thread] = now.tick(thread);
    return place.written == 0 || now.covers(place.writer, place.written);
}

bool memory_model::plain_write(std::size_t thread, void const* at) {
    plain_memory& place = plain_[at];
    vector_clock& now = threads_[thread].now;
    bool sound = place.written == 0 || now.covers(place.writer, place.written);
    for (std::size_t other = 0; other != model_threads_max; ++other) {
        sound = sound && now.covers(other, place.read[other]);
    }
    place = {.writer = thread, .written = now.tick(thread), .read = {}};
    return sound;
}

} // namespace swarmlog::test
