#pragma once

#include <swarmlog/engine/backend.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace swarmlog::test {

/// Lends a store to one log after another: closing the log leaves it open. So a log in memory
/// can be reopened, and goes through the same recovery as one in a file.
class lent_store final : public backend {
public:
    lent_store(std::shared_ptr<backend> store, bool is_new)
        : store_(std::move(store)), facts_(store_->facts()) {
        facts_.created = is_new;
    }

    [[nodiscard]] store_facts const& facts() const noexcept override { return facts_; }
    [[nodiscard]] std::string_view name() const noexcept override { return store_->name(); }
    [[nodiscard]] result<std::unique_ptr<write_transaction>> begin() override {
        return store_->begin();
    }
    [[nodiscard]] result<std::unique_ptr<read_view>> read() override { return store_->read(); }
    result<void> after_commit(position head) override { return store_->after_commit(head); }
    [[nodiscard]] result<void> checkpoint() override { return store_->checkpoint(); }
    [[nodiscard]] result<void> backup_to(std::string const& path, progress const& report) override {
        return store_->backup_to(path, report);
    }
    [[nodiscard]] result<void> compact() override { return store_->compact(); }
    [[nodiscard]] result<storage_sizes> sizes() override { return store_->sizes(); }
    [[nodiscard]] result<void> close() override { return {}; }
    void abandon() noexcept override {}

private:
    std::shared_ptr<backend> store_;
    store_facts facts_;
};

} // namespace swarmlog::test
