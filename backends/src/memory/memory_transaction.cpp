#include "memory/memory_transaction.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

constexpr auto by_name = [](auto const& entry, std::string_view name) {
    return *entry.first < name;
};

error no_run(std::uint64_t run) {
    return {errc::invalid_argument, "there is no run " + std::to_string(run)};
}

} // namespace

memory_transaction::memory_transaction(std::shared_ptr<memory_state> state)
    : state_(std::move(state)), next_(state_->snapshot()), head_(next_.head()) {
    state_->in_transaction = true;
}

memory_transaction::~memory_transaction() {
    if (is_open_) end();
}

result<void> memory_transaction::append_record(stored_record const& record) {
    if (auto open = check_open(); !open) return open;
    if (record.first <= head_ || record.last < record.first || record.last > position::max()) {
        return error{errc::invalid_argument,
                     "a record of positions " + std::to_string(record.first.value) + " to " +
                         std::to_string(record.last.value) + " cannot follow position " +
                         std::to_string(head_.value)};
    }
    return change([&]() -> result<void> {
        auto grown = grow(next_.sizes.log_bytes, sizeof(stored_record) + record.body.size());
        if (!grown) return grown;
        state_->records.stage(record);
        head_ = record.last;
        return {};
    });
}

result<void> memory_transaction::put_run_block(std::uint64_t run, std::uint32_t block,
                                               std::string_view bytes) {
    return change([&]() -> result<void> {
        if (auto grown = grow(next_.sizes.index_bytes, bytes.size()); !grown) return grown;
        if (this->run(run).add_block(block, bytes)) return {};
        return error{errc::invalid_argument, "block " + std::to_string(block) + " of run " +
                                                 std::to_string(run) + " is there already"};
    });
}

result<void> memory_transaction::put_run(stored_run const& run) {
    return change([&]() -> result<void> {
        auto grown = grow(next_.sizes.index_bytes, run.header.size());
        if (!grown) return grown;
        memory_run& target = this->run(run.id);
        if (target.indexed) {
            return error{errc::invalid_argument,
                         "run " + std::to_string(run.id) + " is there already"};
        }
        target.indexed = run;
        runs_changed_ = true;
        return {};
    });
}

result<void> memory_transaction::drop_run(std::uint64_t run) {
    if (auto open = check_open(); !open) return open;
    auto const found = next_.runs->find(run);
    if (found == next_.runs->end() || !found->second->indexed) return no_run(run);
    return change([&]() -> result<void> {
        memory_run& target = this->run(run);
        next_.sizes.index_bytes -= target.indexed->header.size();
        target.indexed.reset();
        runs_changed_ = true;
        return {};
    });
}

result<void> memory_transaction::erase_run_blocks(std::uint64_t run) {
    return change([&]() -> result<void> {
        if (!next_.runs->contains(run)) return {};
        memory_run& target = this->run(run);
        for (auto const& [number, block] : target.blocks) next_.sizes.index_bytes -= block->size();
        target.blocks.clear();
        if (target.indexed) return {};
        runs().erase(run);
        staged_each_.erase(run);
        return {};
    });
}

result<std::string> memory_transaction::run_block(std::uint64_t run, std::uint32_t block) {
    if (auto open = check_open(); !open) return open.error();
    auto const found = next_.runs->find(run);
    std::string const* const bytes =
        found != next_.runs->end() ? found->second->find_block(block) : nullptr;
    if (bytes != nullptr) return *bytes;
    return error{errc::corrupt, "block " + std::to_string(block) + " of index run " +
                                    std::to_string(run) + " is missing"};
}

result<void> memory_transaction::put_checkpoint(std::string_view name, position at) {
    return change([&]() -> result<void> {
        auto& all = checkpoints();
        auto const found = std::lower_bound(all.begin(), all.end(), name, by_name);
        if (found != all.end() && *found->first == name) {
            found->second = at;
            return {};
        }
        if (auto grown = grow(next_.sizes.row_bytes, name.size() + 8); !grown) return grown;
        all.emplace(found, std::make_shared<std::string const>(name), at);
        return {};
    });
}

result<void> memory_transaction::erase_checkpoint(std::string_view name) {
    return change([&]() -> result<void> {
        auto& all = checkpoints();
        auto const found = std::lower_bound(all.begin(), all.end(), name, by_name);
        if (found == all.end() || *found->first != name) return {};
        next_.sizes.row_bytes -= name.size() + 8;
        all.erase(found);
        return {};
    });
}

commit_result memory_transaction::commit() {
    if (auto open = check_open(); !open) return {commit_outcome::not_committed, open.error()};
    if (runs_changed_) ++next_.run_generation;
    next_.records = state_->records.publish();
    state_->publish(std::move(next_));
    is_open_ = false;
    state_->in_transaction = false;
    return {};
}

result<void> memory_transaction::check_open() const {
    if (failure_) return *failure_;
    if (!is_open_) return error{errc::invalid_argument, "the transaction has ended"};
    return {};
}

result<void> memory_transaction::grow(std::uint64_t& part, std::uint64_t bytes) {
    storage_sizes const& now = next_.sizes;
    std::uint64_t const all = now.log_bytes + now.index_bytes + now.row_bytes;
    if (bytes > state_->bytes_max - std::min(all, state_->bytes_max)) {
        return error{errc::disk_full, "the store in memory would grow beyond its bytes_max of " +
                                          std::to_string(state_->bytes_max)};
    }
    part += bytes;
    return {};
}

memory_runs& memory_transaction::runs() {
    if (!staged_runs_) {
        staged_runs_ = std::make_shared<memory_runs>(*next_.runs);
        next_.runs = staged_runs_;
    }
    return *staged_runs_;
}

memory_run& memory_transaction::run(std::uint64_t id) {
    auto& staged = staged_each_[id];
    if (!staged) {
        auto const found = next_.runs->find(id);
        staged = found != next_.runs->end() ? std::make_shared<memory_run>(*found->second)
                                            : std::make_shared<memory_run>();
        runs()[id] = staged;
    }
    return *staged;
}

memory_checkpoints& memory_transaction::checkpoints() {
    if (!staged_checkpoints_) {
        staged_checkpoints_ = std::make_shared<memory_checkpoints>(*next_.checkpoints);
        next_.checkpoints = staged_checkpoints_;
    }
    return *staged_checkpoints_;
}

void memory_transaction::end() noexcept {
    state_->records.drop_staged();
    state_->in_transaction = false;
    is_open_ = false;
}

} // namespace swarmlog::detail
