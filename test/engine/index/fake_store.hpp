#pragma once

#include "support/rowless_store.hpp"

#include <swarmlog/engine/backend.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// The part of the storage port that the index uses, in memory. Every commit makes a new
/// immutable state, so that a read view sees one moment; a block can be damaged, and the n-th
/// write from now on can be made to fail.
class fake_store final : public backend {
    using block_list = std::vector<std::shared_ptr<std::string const>>;

    struct state {
        std::map<std::uint64_t, stored_run> runs;
        std::map<std::uint64_t, std::shared_ptr<block_list const>> blocks;
        std::uint64_t generation = 0;

        [[nodiscard]] result<std::string> run_block(std::uint64_t run, std::uint32_t block) const {
            auto const found = blocks.find(run);
            if (found == blocks.end() || block >= found->second->size() ||
                !(*found->second)[block]) {
                return error{errc::corrupt,
                             "run " + std::to_string(run) + ": no block " + std::to_string(block)};
            }
            return *(*found->second)[block];
        }
    };

public:
    /// The write after `count` more fails with `disk_full`.
    void fail_after(std::uint64_t count) { writes_left_ = count; }
    void fail_never() { writes_left_.reset(); }

    /// Flips one bit of a stored block.
    void damage_block(std::uint64_t run, std::uint32_t block, std::size_t byte) {
        auto blocks = std::make_shared<block_list>(*now()->blocks.at(run));
        auto bytes = std::make_shared<std::string>(*blocks->at(block));
        bytes->at(byte % bytes->size()) ^= 1;
        (*blocks)[block] = bytes;
        auto changed = std::make_shared<state>(*now());
        changed->blocks[run] = blocks;
        replace(changed);
    }
    void damage_header(std::uint64_t run, std::size_t byte) {
        auto changed = std::make_shared<state>(*now());
        auto& header = changed->runs.at(run).header;
        header.at(byte % header.size()) ^= 1;
        replace(changed);
    }

    [[nodiscard]] std::vector<stored_run> stored_runs() const {
        std::vector<stored_run> runs;
        for (auto const& [id, run] : now()->runs) { runs.push_back(run); }
        return runs;
    }
    /// Ids of all runs that have blocks, part of the index or not.
    [[nodiscard]] std::vector<std::uint64_t> runs_with_blocks() const {
        std::vector<std::uint64_t> ids;
        for (auto const& [id, blocks] : now()->blocks) { ids.push_back(id); }
        return ids;
    }
    [[nodiscard]] std::uint64_t stored_bytes() const {
        std::uint64_t bytes = 0;
        for (auto const& [id, blocks] : now()->blocks) {
            for (auto const& block : *blocks) { bytes += block ? block->size() : 0; }
        }
        return bytes;
    }
    /// What the next open does: blocks that no run owns go.
    void erase_orphans() {
        auto changed = std::make_shared<state>(*now());
        std::erase_if(changed->blocks,
                      [&](auto const& each) { return !changed->runs.contains(each.first); });
        replace(changed);
    }

    store_facts const& facts() const noexcept override { return facts_; }
    std::string_view name() const noexcept override { return "fake"; }
    result<std::unique_ptr<write_transaction>> begin() override {
        return std::unique_ptr<write_transaction>{new transaction{*this}};
    }
    result<std::unique_ptr<read_view>> read() override {
        return std::unique_ptr<read_view>{new view{now()}};
    }
    result<void> after_commit(position) override { return {}; }
    result<void> checkpoint() override { return {}; }
    result<void> backup_to(std::string const&, progress const&) override { return {}; }
    result<void> compact() override { return {}; }
    result<storage_sizes> sizes() override { return storage_sizes{}; }
    result<void> close() override { return {}; }
    void abandon() noexcept override {}

private:
    class view final : public test::rowless_view {
    public:
        explicit view(std::shared_ptr<state const> seen) : seen_(std::move(seen)) {}

        result<position> head() override { return position{0}; }
        result<void> records_from(position, record_visitor const&) override { return {}; }
        result<void> records_back_from(position, record_visitor const&) override { return {}; }
        result<std::vector<stored_run>> runs(bool with_headers) override {
            std::map<position, stored_run> by_position;
            for (auto const& [id, run] : seen_->runs) { by_position[run.first] = run; }
            std::vector<stored_run> runs;
            for (auto& [first, run] : by_position) {
                if (!with_headers) { run.header.clear(); }
                runs.push_back(std::move(run));
            }
            return runs;
        }
        result<std::string> run_header(std::uint64_t run) override {
            return seen_->runs.at(run).header;
        }
        result<std::string> run_block(std::uint64_t run, std::uint32_t block) override {
            return seen_->run_block(run, block);
        }
        result<std::uint64_t> run_generation() override { return seen_->generation; }
        result<std::optional<position>> checkpoint_of(std::string_view) override {
            return std::optional<position>{};
        }
        result<std::vector<stored_checkpoint>> checkpoints() override {
            return std::vector<stored_checkpoint>{};
        }

    private:
        std::shared_ptr<state const> seen_;
    };

    class transaction final : public test::rowless_transaction {
    public:
        explicit transaction(fake_store& store) : store_(store) {}

        result<void> append_record(stored_record const&) override { return {}; }
        result<void> put_run_block(std::uint64_t run, std::uint32_t block,
                                   std::string_view bytes) override {
            if (auto written = store_.write(); !written) { return written; }
            blocks_[{run, block}] = std::make_shared<std::string const>(bytes);
            return {};
        }
        result<void> put_run(stored_run const& run) override {
            if (auto written = store_.write(); !written) { return written; }
            put_.push_back(run);
            return {};
        }
        result<void> drop_run(std::uint64_t run) override {
            if (auto written = store_.write(); !written) { return written; }
            dropped_.push_back(run);
            return {};
        }
        result<void> erase_run_blocks(std::uint64_t run) override {
            if (auto written = store_.write(); !written) { return written; }
            erased_.push_back(run);
            return {};
        }
        result<std::string> run_block(std::uint64_t run, std::uint32_t block) override {
            auto const found = blocks_.find({run, block});
            return found != blocks_.end() ? *found->second : store_.now()->run_block(run, block);
        }
        result<void> put_checkpoint(std::string_view, position) override { return {}; }
        result<void> erase_checkpoint(std::string_view) override { return {}; }

        commit_result commit() override {
            if (auto written = store_.write(); !written) {
                return {commit_outcome::not_committed, written.error()};
            }
            auto after = std::make_shared<state>(*store_.now());
            std::map<std::uint64_t, block_list> lists;
            for (auto& [place, bytes] : blocks_) {
                auto const [list, fresh] = lists.try_emplace(place.first);
                if (fresh && after->blocks.contains(place.first)) {
                    list->second = *after->blocks[place.first];
                }
                if (list->second.size() <= place.second) { list->second.resize(place.second + 1); }
                list->second[place.second] = std::move(bytes);
            }
            for (auto& [run, list] : lists) {
                after->blocks[run] = std::make_shared<block_list const>(std::move(list));
            }
            for (std::uint64_t const run : erased_) { after->blocks.erase(run); }
            for (stored_run& run : put_) { after->runs[run.id] = std::move(run); }
            for (std::uint64_t const run : dropped_) { after->runs.erase(run); }
            if (!put_.empty() || !dropped_.empty()) { ++after->generation; }
            store_.replace(std::move(after));
            return {};
        }

    private:
        fake_store& store_;
        std::map<std::pair<std::uint64_t, std::uint32_t>, std::shared_ptr<std::string const>>
            blocks_;
        std::vector<stored_run> put_;
        std::vector<std::uint64_t> dropped_;
        std::vector<std::uint64_t> erased_;
    };

    [[nodiscard]] std::shared_ptr<state const> now() const {
        std::lock_guard const lock{mutex_};
        return now_;
    }
    void replace(std::shared_ptr<state const> after) {
        std::lock_guard const lock{mutex_};
        now_.swap(after);
    }
    [[nodiscard]] result<void> write() {
        if (!writes_left_) { return {}; }
        if (*writes_left_ == 0) { return error{errc::disk_full}; }
        --*writes_left_;
        return {};
    }

    store_facts facts_;
    mutable std::mutex mutex_;
    std::shared_ptr<state const> now_ = std::make_shared<state const>();
    std::optional<std::uint64_t> writes_left_;
};

} // namespace swarmlog::test
