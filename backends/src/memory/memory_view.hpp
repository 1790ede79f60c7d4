#pragma once

#include "memory/memory_state.hpp"

#include <swarmlog/engine/backend.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// A snapshot, and a share in what it points into.
class memory_view final : public read_view {
public:
    explicit memory_view(std::shared_ptr<memory_state const> state)
        : state_(std::move(state)), snapshot_(state_->snapshot()) {}

    result<position> head() override { return snapshot_.head(); }
    result<void> records_from(position from, record_visitor const& visit) override;
    result<void> records_back_from(position from, record_visitor const& visit) override;
    result<std::vector<stored_run>> runs(bool with_headers) override;
    result<std::string> run_header(std::uint64_t run) override;
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override;
    result<std::uint64_t> run_generation() override { return snapshot_.run_generation; }
    result<std::optional<position>> checkpoint_of(std::string_view name) override;
    result<std::vector<stored_checkpoint>> checkpoints() override;

private:
    std::shared_ptr<memory_state const> state_;
    memory_snapshot snapshot_;
};

} // namespace swarmlog::detail
