#pragma once

#include "sqlite/reader_pool.hpp"

#include <swarmlog/backends/sqlite_store.hpp>
#include <swarmlog/engine/backend.hpp>

#include <memory>
#include <string>

namespace swarmlog::detail {

/// A store in a SQLite file that another process may be writing. Whatever writes is `read_only`.
/// Thread-safe.
class sqlite_read_only_backend final : public backend {
public:
    [[nodiscard]] static result<std::unique_ptr<backend>> open(std::string const& path,
                                                               sqlite_store_options const& options);

    sqlite_read_only_backend(std::string path, std::string vfs,
                             std::shared_ptr<reader_pool> readers) noexcept;

    store_facts const& facts() const noexcept override { return facts_; }
    std::string_view name() const noexcept override { return "sqlite"; }
    result<std::unique_ptr<write_transaction>> begin() override;
    result<std::unique_ptr<read_view>> read() override;
    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override;
    result<void> after_commit(position head) override;
    result<void> checkpoint() override;
    result<void> backup_to(std::string const& path, progress const& report) override;
    result<void> compact() override;
    result<storage_sizes> sizes() override;
    result<void> close() override;
    void abandon() noexcept override;

private:
    [[nodiscard]] result<void> read_facts();

    std::string const path_;
    std::string const vfs_;
    store_facts facts_;
    std::shared_ptr<reader_pool> readers_;
};

} // namespace swarmlog::detail
