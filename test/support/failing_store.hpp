#pragma once

#include <swarmlog/engine/backend.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// Which call of a store fails. Counting is for any thread; what is replaced, for one.
class store_faults {
public:
    static constexpr std::string_view words = "planted failure of the store";

    /// What counts as a call: every one, or those about rows and projections, and views of them.
    enum class reach { all, rows };

    explicit store_faults(reach within = reach::all, errc code = errc::io_error) noexcept
        : within_(within), code_(code) {}

    /// The `nth` call from now on, and with `and_all_later` every one after.
    void fail_at(std::uint64_t nth, bool and_all_later = false) noexcept {
        heal();
        and_all_later_ = and_all_later;
        nth_ = nth;
    }
    /// No more fail. Returns whether one did.
    bool heal() noexcept {
        nth_ = 0;
        calls_ = 0;
        and_all_later_ = false;
        return has_failed_.exchange(false);
    }
    [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }

    /// Views show the record that begins there as if this were stored; an empty one as if nothing
    /// were. Until it is restored, whatever else fails.
    void replace_record(position first, std::string body, record_hash const& hash) {
        replaced_[first] = {std::move(body), hash};
    }
    void hide_record(position first) { replaced_[first] = {}; }
    void restore_records() noexcept { replaced_.clear(); }

    /// Shows the record as it is to be seen; false when the walk is to end.
    [[nodiscard]] bool show(stored_record record, read_view::record_visitor const& visit) const {
        auto const other = replaced_.find(record.first);
        if (other == replaced_.end()) { return visit(record); }
        if (other->second.body.empty()) { return true; }
        record.body = other->second.body;
        record.hash = other->second.hash;
        return visit(record);
    }

    /// What this call has to answer, if it must fail.
    [[nodiscard]] std::optional<error> next(reach call = reach::all) {
        if (nth_ == 0 || (within_ == reach::rows && call != reach::rows)) { return std::nullopt; }
        std::uint64_t const now = ++calls_;
        if (now != nth_ && !(and_all_later_ && now > nth_)) { return std::nullopt; }
        has_failed_ = true;
        return error{code_, std::string{words}};
    }
    template <class Call>
    [[nodiscard]] std::invoke_result_t<Call const&> unless_due(reach of, Call const& call) {
        if (auto failure = next(of)) { return *failure; }
        return call();
    }

private:
    struct replacement {
        std::string body;
        record_hash hash{};
    };

    reach within_;
    errc code_;
    std::map<position, replacement> replaced_;
    std::atomic<std::uint64_t> nth_ = 0; ///< 0: nothing fails
    std::atomic<std::uint64_t> calls_ = 0;
    std::atomic<bool> and_all_later_ = false;
    std::atomic<bool> has_failed_ = false;
};

/// Passes calls on to what lies below, unless they must fail; those about rows are the same in a
/// view and in a transaction.
template <class Base>
class failing_part : public Base {
public:
    failing_part(std::unique_ptr<Base> below, std::shared_ptr<store_faults> faults)
        : below_(std::move(below)), faults_(std::move(faults)) {}

    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override {
        return ask_rows([&] { return below_->find_row(table, key); });
    }
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override {
        return ask_rows([&] { return below_->select_rows(table, asked, visit); });
    }
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override {
        return ask_rows([&] { return below_->count_rows(table, where); });
    }

protected:
    template <class Call>
    std::invoke_result_t<Call const&> ask(Call const& call) {
        return faults_->unless_due(store_faults::reach::all, call);
    }
    template <class Call>
    std::invoke_result_t<Call const&> ask_rows(Call const& call) {
        return faults_->unless_due(store_faults::reach::rows, call);
    }

    std::unique_ptr<Base> below_;
    std::shared_ptr<store_faults> faults_;
};

/// A view of which every call can fail; a walk of records also before each record.
class failing_view final : public failing_part<read_view> {
public:
    using failing_part::failing_part;

    result<position> head() override {
        return ask([&] { return below_->head(); });
    }
    result<void> records_from(position from, record_visitor const& visit) override {
        return walk(visit, [&](auto const& each) { return below_->records_from(from, each); });
    }
    result<void> records_back_from(position from, record_visitor const& visit) override {
        return walk(visit, [&](auto const& each) { return below_->records_back_from(from, each); });
    }
    result<std::vector<stored_run>> runs(bool with_headers) override {
        return ask([&] { return below_->runs(with_headers); });
    }
    result<std::string> run_header(std::uint64_t run) override {
        return ask([&] { return below_->run_header(run); });
    }
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override {
        return ask([&] { return below_->run_block(run, block); });
    }
    result<std::uint64_t> run_generation() override {
        return ask([&] { return below_->run_generation(); });
    }
    result<std::optional<position>> checkpoint_of(std::string_view name) override {
        return ask([&] { return below_->checkpoint_of(name); });
    }
    result<std::vector<stored_checkpoint>> checkpoints() override {
        return ask([&] { return below_->checkpoints(); });
    }
    result<std::vector<stored_projection>> projections() override {
        return ask_rows([&] { return below_->projections(); });
    }
    result<std::optional<stored_snapshot>> snapshot_of(std::string_view projection,
                                                       position at) override {
        return ask_rows([&] { return below_->snapshot_of(projection, at); });
    }
    result<std::vector<stored_snapshot>> snapshots() override {
        return ask_rows([&] { return below_->snapshots(); });
    }

private:
    template <class Walk>
    result<void> walk(record_visitor const& visit, Walk const& records) {
        std::optional<error> failure = faults_->next();
        if (failure) { return *failure; }
        auto const visited = records([&](stored_record const& each) {
            failure = faults_->next();
            return !failure && faults_->show(each, visit);
        });
        if (failure) { return *failure; }
        return visited;
    }
};

/// A transaction of which every call can fail. A commit that fails has stored nothing, and says
/// that this is in doubt.
class failing_transaction final : public failing_part<write_transaction> {
public:
    using failing_part::failing_part;

    result<void> append_record(stored_record const& record) override {
        return ask([&] { return below_->append_record(record); });
    }
    result<void> put_run_block(std::uint64_t run, std::uint32_t block,
                               std::string_view bytes) override {
        return ask([&] { return below_->put_run_block(run, block, bytes); });
    }
    result<void> put_run(stored_run const& run) override {
        return ask([&] { return below_->put_run(run); });
    }
    result<void> drop_run(std::uint64_t run) override {
        return ask([&] { return below_->drop_run(run); });
    }
    result<void> erase_run_blocks(std::uint64_t run) override {
        return ask([&] { return below_->erase_run_blocks(run); });
    }
    result<std::string> run_block(std::uint64_t run, std::uint32_t block) override {
        return ask([&] { return below_->run_block(run, block); });
    }
    result<void> put_checkpoint(std::string_view name, position at) override {
        return ask([&] { return below_->put_checkpoint(name, at); });
    }
    result<void> erase_checkpoint(std::string_view name) override {
        return ask([&] { return below_->erase_checkpoint(name); });
    }
    result<void> create_table(table_spec const& table) override {
        return ask_rows([&] { return below_->create_table(table); });
    }
    result<void> add_indexes(table_spec const& table) override {
        return ask_rows([&] { return below_->add_indexes(table); });
    }
    result<void> drop_table(std::string_view name) override {
        return ask_rows([&] { return below_->drop_table(name); });
    }
    result<void> rename_table(std::string_view from, std::string_view to) override {
        return ask_rows([&] { return below_->rename_table(from, to); });
    }
    result<void> put_row(table_spec const& table, row_cells const& row) override {
        return ask_rows([&] { return below_->put_row(table, row); });
    }
    result<void> erase_row(table_spec const& table, cell const& key) override {
        return ask_rows([&] { return below_->erase_row(table, key); });
    }
    result<void> put_projection(stored_projection const& projection) override {
        return ask_rows([&] { return below_->put_projection(projection); });
    }
    result<void> erase_projection(std::string_view name) override {
        return ask_rows([&] { return below_->erase_projection(name); });
    }
    result<void> put_snapshot(stored_snapshot const& snapshot) override {
        return ask_rows([&] { return below_->put_snapshot(snapshot); });
    }
    result<void> erase_snapshots(std::string_view projection, position from) override {
        return ask_rows([&] { return below_->erase_snapshots(projection, from); });
    }
    commit_result commit() override {
        auto const failure = faults_->next();
        if (!failure) { return below_->commit(); }
        return {commit_outcome::in_doubt, {errc::in_doubt, failure->message()}};
    }
};

/// Lends a store to one log after another, as `lent_store` does, and fails its calls as it is
/// told to. As a store that is open for reading only, it follows what another log writes.
class failing_store final : public backend {
public:
    failing_store(std::shared_ptr<backend> store, std::shared_ptr<store_faults> faults,
                  bool read_only = false)
        : store_(std::move(store)), faults_(std::move(faults)), facts_(store_->facts()) {
        facts_.created = false;
        facts_.read_only = read_only;
    }

    [[nodiscard]] store_facts const& facts() const noexcept override { return facts_; }
    [[nodiscard]] std::string_view name() const noexcept override { return store_->name(); }
    [[nodiscard]] result<std::unique_ptr<write_transaction>> begin() override {
        if (auto failure = faults_->next()) { return *failure; }
        auto below = store_->begin();
        if (!below) { return below.error(); }
        return std::make_unique<failing_transaction>(std::move(*below), faults_);
    }
    [[nodiscard]] result<std::unique_ptr<read_view>> read() override {
        if (auto failure = faults_->next(store_faults::reach::rows)) { return *failure; }
        auto below = store_->read();
        if (!below) { return below.error(); }
        return std::make_unique<failing_view>(std::move(*below), faults_);
    }
    result<void> after_commit(position head) override {
        if (auto failure = faults_->next()) { return *failure; }
        return store_->after_commit(head);
    }
    [[nodiscard]] result<void> checkpoint() override {
        if (auto failure = faults_->next()) { return *failure; }
        return store_->checkpoint();
    }
    [[nodiscard]] result<void> backup_to(std::string const& path, progress const& report) override {
        return store_->backup_to(path, report);
    }
    [[nodiscard]] result<void> compact() override {
        if (auto failure = faults_->next()) { return *failure; }
        return store_->compact();
    }
    [[nodiscard]] result<storage_sizes> sizes() override {
        if (auto failure = faults_->next()) { return *failure; }
        return store_->sizes();
    }
    [[nodiscard]] result<void> close() override { return {}; }
    void abandon() noexcept override {}

private:
    std::shared_ptr<backend> store_;
    std::shared_ptr<store_faults> faults_;
    store_facts facts_;
};

} // namespace swarmlog::test
