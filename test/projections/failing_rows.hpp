#pragma once

#include "support/lent_store.hpp"
#include "support/outcome.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/event_log.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// Which view of a store or use of its rows fails: one, when so many have gone well.
class row_failures {
public:
    void fail_after(std::uint64_t good) noexcept {
        failed_ = false;
        left_ = good;
    }
    /// No more fail; whether one did.
    bool stop() noexcept {
        left_ = never;
        return failed_;
    }
    [[nodiscard]] bool is_due() noexcept {
        if (left_ == never || left_-- != 0) { return false; }
        left_ = never;
        failed_ = true;
        return true;
    }
    /// Of the kind that a log outlives: the group is not committed.
    [[nodiscard]] static error planted() { return error{errc::disk_full, "planted"}; }

private:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
    std::atomic<std::uint64_t> left_{never};
    std::atomic<bool> failed_{false};
};

/// A view or a transaction on whose rows some uses fail.
template <class Base>
class failing_rows : public Base {
public:
    failing_rows(std::unique_ptr<Base> of, std::shared_ptr<row_failures> failures)
        : of_(std::move(of)), failures_(std::move(failures)) {}

    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override {
        if (failures_->is_due()) { return row_failures::planted(); }
        return of_->find_row(table, key);
    }
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override {
        if (failures_->is_due()) { return row_failures::planted(); }
        return of_->select_rows(table, asked, visit);
    }
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override {
        if (failures_->is_due()) { return row_failures::planted(); }
        return of_->count_rows(table, where);
    }

protected:
    /// `use()`, unless it is to fail.
    template <class Use>
    auto unless_due(Use const& use) -> decltype(use()) {
        if (failures_->is_due()) { return row_failures::planted(); }
        return use();
    }

    std::unique_ptr<Base> of_;
    std::shared_ptr<row_failures> failures_;
};

class failing_view final : public failing_rows<read_view> {
public:
    using failing_rows::failing_rows;
    result<position> head() override { return of_->head(); }
    result<void> records_from(position from, record_visitor const& visit) override {
        return of_->records_from(from, visit);
    }
    result<void> records_back_from(position from, record_visitor const& visit) override {
        return of_->records_back_from(from, visit);
    }
    result<std::vector<stored_run>> runs(bool with_headers) override {
        return of_->runs(with_headers);
    }
    result<std::string> run_header(std::uint64_t run) override { return of_->run_header(run); }
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override {
        return of_->run_block(run, block);
    }
    result<std::uint64_t> run_generation() override { return of_->run_generation(); }
    result<std::optional<position>> checkpoint_of(std::string_view name) override {
        return of_->checkpoint_of(name);
    }
    result<std::vector<stored_checkpoint>> checkpoints() override { return of_->checkpoints(); }
    result<std::vector<stored_projection>> projections() override {
        return unless_due([&] { return of_->projections(); });
    }
    result<std::optional<stored_snapshot>> snapshot_of(std::string_view projection,
                                                       position at) override {
        return unless_due([&] { return of_->snapshot_of(projection, at); });
    }
    result<std::vector<stored_snapshot>> snapshots() override { return of_->snapshots(); }
};

class failing_transaction final : public failing_rows<write_transaction> {
public:
    using failing_rows::failing_rows;
    result<void> append_record(stored_record const& record) override {
        return of_->append_record(record);
    }
    result<void> put_run_block(std::uint64_t run, std::uint32_t block,
                               std::string_view bytes) override {
        return of_->put_run_block(run, block, bytes);
    }
    result<void> put_run(stored_run const& run) override { return of_->put_run(run); }
    result<void> drop_run(std::uint64_t run) override { return of_->drop_run(run); }
    result<void> erase_run_blocks(std::uint64_t run) override { return of_->erase_run_blocks(run); }
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override {
        return of_->run_block(run, block);
    }
    result<void> put_checkpoint(std::string_view name, position at) override {
        return of_->put_checkpoint(name, at);
    }
    result<void> erase_checkpoint(std::string_view name) override {
        return of_->erase_checkpoint(name);
    }
    result<void> create_table(table_spec const& table) override {
        return unless_due([&] { return of_->create_table(table); });
    }
    result<void> add_indexes(table_spec const& table) override {
        return unless_due([&] { return of_->add_indexes(table); });
    }
    result<void> drop_table(std::string_view name) override {
        return unless_due([&] { return of_->drop_table(name); });
    }
    result<void> rename_table(std::string_view from, std::string_view to) override {
        return unless_due([&] { return of_->rename_table(from, to); });
    }
    result<void> put_row(table_spec const& table, row_cells const& row) override {
        return unless_due([&] { return of_->put_row(table, row); });
    }
    result<void> erase_row(table_spec const& table, cell const& key) override {
        return unless_due([&] { return of_->erase_row(table, key); });
    }
    result<void> put_projection(stored_projection const& projection) override {
        return unless_due([&] { return of_->put_projection(projection); });
    }
    result<void> erase_projection(std::string_view name) override {
        return of_->erase_projection(name);
    }
    result<void> put_snapshot(stored_snapshot const& snapshot) override {
        return unless_due([&] { return of_->put_snapshot(snapshot); });
    }
    result<void> erase_snapshots(std::string_view projection, position from) override {
        return unless_due([&] { return of_->erase_snapshots(projection, from); });
    }
    commit_result commit() override { return of_->commit(); }
};

/// A store in memory, lent to one log after another, on whose rows some uses fail.
class failing_store final : public backend {
public:
    failing_store(std::shared_ptr<backend> of, bool is_new, std::shared_ptr<row_failures> failures)
        : of_(std::move(of), is_new), failures_(std::move(failures)) {}

    [[nodiscard]] store_facts const& facts() const noexcept override { return of_.facts(); }
    [[nodiscard]] std::string_view name() const noexcept override { return of_.name(); }
    [[nodiscard]] result<std::unique_ptr<write_transaction>> begin() override {
        auto begun = of_.begin();
        if (!begun) { return begun; }
        return std::make_unique<failing_transaction>(std::move(*begun), failures_);
    }
    [[nodiscard]] result<std::unique_ptr<read_view>> read() override {
        if (failures_->is_due()) { return row_failures::planted(); }
        auto view = of_.read();
        if (!view) { return view; }
        return std::make_unique<failing_view>(std::move(*view), failures_);
    }
    result<void> after_commit(position head) override { return of_.after_commit(head); }
    [[nodiscard]] result<void> checkpoint() override { return of_.checkpoint(); }
    [[nodiscard]] result<void> backup_to(std::string const& path, progress const& report) override {
        return of_.backup_to(path, report);
    }
    [[nodiscard]] result<void> compact() override { return of_.compact(); }
    [[nodiscard]] result<storage_sizes> sizes() override { return of_.sizes(); }
    [[nodiscard]] result<void> close() override { return {}; }
    void abandon() noexcept override {}

private:
    lent_store of_;
    std::shared_ptr<row_failures> failures_;
};

/// A log on such a store, and what is stored beneath it.
class failing_log {
public:
    explicit failing_log(log_options options) : options_(std::move(options)) {
        log_.emplace(must(open()));
    }

    [[nodiscard]] event_log& operator*() noexcept { return *log_; }
    [[nodiscard]] event_log* operator->() noexcept { return &*log_; }
    [[nodiscard]] row_failures& failures() noexcept { return *failures_; }
    [[nodiscard]] backend& stored() noexcept { return *stored_; }
    [[nodiscard]] log_options& options() noexcept { return options_; }

    [[nodiscard]] result<event_log> open() {
        bool const is_new = !std::exchange(was_opened_, true);
        return event_log::open(std::make_unique<failing_store>(stored_, is_new, failures_),
                               options_);
    }
    void close() {
        must(log_->close());
        log_.reset();
    }
    void reopen() {
        if (log_) { close(); }
        log_.emplace(must(open()));
    }

private:
    log_options options_;
    bool was_opened_ = false;
    std::shared_ptr<backend> stored_ = must(open_memory_store());
    std::shared_ptr<row_failures> failures_ = std::make_shared<row_failures>();
    std::optional<event_log> log_;
};

} // namespace swarmlog::test
