#pragma once

#include "memory/memory_state.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/engine/backend.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace swarmlog::detail {

/// A store in this process's memory. Threads: `read`, `sizes` and `facts` from any; the rest
/// from the writer's. Read views stay valid after the store is gone.
class memory_backend final : public backend {
public:
    explicit memory_backend(memory_store_options const& options);

    store_facts const& facts() const noexcept override { return facts_; }
    std::string_view name() const noexcept override { return "memory"; }
    result<std::unique_ptr<write_transaction>> begin() override;
    result<std::unique_ptr<read_view>> read() override;
    result<void> after_commit(position) override { return {}; }
    result<void> checkpoint() override { return {}; }
    result<void> backup_to(std::string const& path, progress const& report) override;
    result<void> compact() override { return {}; }
    result<storage_sizes> sizes() override;
    result<void> close() override;
    /// The child has its own copy of the memory, but another thread may have held its mutex.
    void abandon() noexcept override;

private:
    [[nodiscard]] result<void> check_open() const;

    std::shared_ptr<memory_state> state_;
    store_facts facts_;
    std::atomic<bool> is_closed_{false};
};

} // namespace swarmlog::detail
