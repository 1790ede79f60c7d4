#include "projector.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

/// How long a projection that is held up waits before it tries again.
constexpr std::chrono::milliseconds retry_interval{10};

/// The queue was full, or all of the store's readers were lent.
bool passes_by_itself(error const& failure) {
    return failure == errc::queue_full || failure == errc::deadline_exceeded;
}

/// Committed rows, as long as the log is open.
class committed_rows final : public row_access {
public:
    explicit committed_rows(std::shared_ptr<projector const> owner) : owner_(std::move(owner)) {}
    result<void> with_reader(std::function<result<void>(row_reader&)> const& work) const override {
        return owner_->with_host([&](state_host& host) -> result<void> {
            auto view = host.state_view();
            if (!view) { return view.error(); }
            return work(**view);
        });
    }
    result<std::optional<row_cells>> find_row(table_spec const& table,
                                              cell const& key) const override {
        return owner_->with_host([&](state_host& host) -> result<std::optional<row_cells>> {
            return host.find_state_row(table, key);
        });
    }

private:
    std::shared_ptr<projector const> owner_;
};

/// The committed rows that a group stands on, on the writer's thread.
class groups_rows final : public row_access {
public:
    groups_rows(state_host& host, held_view& view) : host_(&host), view_(&view) {}
    result<void> with_reader(std::function<result<void>(row_reader&)> const& work) const override {
        auto const view = view_->get(*host_);
        if (!view) { return view.error(); }
        return work(**view);
    }

private:
    state_host* host_;
    held_view* view_;
};

} // namespace

projector::~projector() {
    stop_following();
    stop();
}

void projector::add(std::unique_ptr<bound_projection> added, bool is_async) {
    auto fold = is_async ? std::make_unique<table_fold>(std::move(added))
                         : std::make_unique<table_fold>(std::move(added), groups_view_);
    (is_async ? async_ : inline_).push_back(fold.get());
    all_.push_back(std::move(fold));
}

table_fold* projector::find(std::string_view name) const noexcept {
    auto const found = std::find_if(all_.begin(), all_.end(), [&](auto const& each) {
        return each->definition().name() == name;
    });
    return found == all_.end() ? nullptr : found->get();
}

table_fold* projector::find(std::type_index row) const noexcept {
    auto const found = std::find_if(all_.begin(), all_.end(), [&](auto const& each) {
        return each->definition().row() == row;
    });
    return found == all_.end() ? nullptr : found->get();
}

error projector::unknown(std::string_view name) const {
    std::string known;
    for (auto const& each : all_) {
        known += (known.empty() ? "" : ", ") + std::string{each->definition().name()};
    }
    return {errc::not_found, "there is no projection \"" + std::string{name} +
                                 "\"; there are: " + (known.empty() ? "none" : known)};
}

result<void> projector::start(state_host& host, bool writable) {
    {
        std::unique_lock const lock{host_mutex_};
        if (host_ != nullptr) {
            return error{errc::invalid_argument, "these projections serve another open log"};
        }
        if (options_.batch_events == 0) {
            return error{errc::invalid_argument, "batch_events is 0; it takes at least 1"};
        }
        for (auto const& each : all_) {
            if (auto const valid = check_table(each->definition().table()); !valid) {
                return valid;
            }
            if (find(each->definition().name()) != each.get()) {
                return error{errc::invalid_argument,
                             "two projections are named " + std::string{each->definition().name()}};
            }
        }
        host_ = &host;
        may_write_ = writable;
    }
    try {
        for (auto const& each : all_) {
            if (auto const opened = each->open(host, writable, options_); !opened) {
                stop();
                return opened;
            }
        }
    } catch (...) { // by the program's `on_progress`, or without memory
        stop();
        throw;
    }
    stopping_ = false;
    if (writable && !async_.empty() && !host.is_driven_by_hand()) {
        follower_ = std::thread{[this] { follow(); }};
    }
    return {};
}

void projector::stop_following() noexcept {
    stopping_ = true;
    if (follower_.joinable()) {
        host_->nudge_waiters();
        follower_.join();
    }
}

void projector::stop() noexcept {
    stopping_ = true;
    std::unique_lock const lock{host_mutex_};
    host_ = nullptr;
    for (auto const& each : all_) { each->close(); }
    std::lock_guard const moved{moved_mutex_};
    moved_.notify_all();
}

result<void> projector::apply(event_view const& event) {
    for (table_fold* const each : inline_) {
        if (auto const applied = each->live().apply(event); !applied) { return applied; }
    }
    return {};
}

std::size_t projector::marked() {
    std::size_t const mark = marks_.size();
    for (table_fold* const each : inline_) { marks_.push_back(each->live().marked()); }
    return mark;
}

void projector::cut_back(std::size_t mark) {
    for (std::size_t at = 0; at != inline_.size(); ++at) {
        inline_[at]->live().cut_back(marks_[mark + at]);
    }
    marks_.resize(mark);
}

void projector::keep() noexcept {
    marks_.clear();
    for (table_fold* const each : inline_) { each->live().keep(); }
}

result<void> projector::write(write_transaction& transaction, position head) {
    for (table_fold* const each : inline_) {
        if (auto const written = each->write(transaction, head); !written) { return written; }
    }
    return {};
}

void projector::publish(position head) {
    marks_.clear();
    for (table_fold* const each : inline_) { each->publish(head); }
    std::lock_guard const lock{moved_mutex_};
    moved_.notify_all();
}

void projector::drop() noexcept {
    marks_.clear();
    for (table_fold* const each : inline_) { each->drop(); }
}

void projector::follow() {
    auto const is_stopping = [this] { return stopping_.load(); };
    while (!stopping_) {
        position const head = host_->state_head();
        if (follow_all(head) == head) {
            host_->wait_for_head(head, state_host::clock_type::time_point::max(), is_stopping);
        } else if (std::exchange(is_held_up_, false)) {
            host_->wait_for_head(head, state_host::clock_type::now() + retry_interval, is_stopping);
        }
    }
}

bool projector::follow_by_hand() {
    // Folding writes by way of the log's own queue, which whoever drives the log then empties.
    bool const may_follow = may_write_ && !async_.empty() && !stopping_;
    if (!may_follow || is_followed_by_hand_.exchange(true)) { return false; }
    position const head = host_->state_head();
    bool const was_behind = std::any_of(async_.begin(), async_.end(), [&](table_fold* each) {
        return each->failure().empty() && each->checkpoint() < head;
    });
    struct last_step {
        std::atomic<bool>& flag;
        ~last_step() { flag = false; }
    } const ends{is_followed_by_hand_};
    if (was_behind) { follow_all(head); }
    return was_behind;
}

position projector::follow_all(position head) {
    position behind = head;
    for (table_fold* const each : async_) {
        if (!each->failure().empty()) { continue; }
        if (!follow_or_fail(*each, head)) { continue; }
        behind = std::min(behind, each->checkpoint());
    }
    std::lock_guard const lock{moved_mutex_};
    moved_.notify_all();
    return behind;
}

bool projector::follow_or_fail(table_fold& each, position head) {
    bool const is_by_hand = host_->is_driven_by_hand();
    try {
        auto const followed = follow_once(each, head);
        if (followed) { return true; }
        if (stopping_) { return false; } // which is no failure of the projection
        if (is_by_hand || !passes_by_itself(followed.error())) {
            each.fail(followed.error());
            return false;
        }
    } catch (std::bad_alloc const&) {
        each.drop();
        if (is_by_hand) { throw; }
    }
    is_held_up_ = true;
    return true;
}

result<void> projector::follow_once(table_fold& each, position head) {
    std::lock_guard const lock{each.follow_mutex()};
    if (each.checkpoint() >= head) { return {}; }
    return each.follow(*host_, head, options_.batch_events);
}

result<std::vector<projection_status>> projector::status() const {
    return with_host([&](state_host& host) -> result<std::vector<projection_status>> {
        position const head = host.state_head();
        std::vector<projection_status> all;
        for (auto const& each : all_) {
            projection_status status;
            status.name = each->definition().name();
            status.version = each->definition().version();
            status.is_async = each->is_async();
            status.checkpoint = each->checkpoint();
            status.lag = head > status.checkpoint ? head.value - status.checkpoint.value : 0;
            status.failure = each->failure();
            all.push_back(std::move(status));
        }
        return all;
    });
}

result<void> projector::wait_until(std::string_view name, position at,
                                   std::chrono::milliseconds wait_max) {
    table_fold const* const wanted = find(name);
    if (wanted == nullptr) { return unknown(name); }
    auto const driven = with_host([&](state_host& host) -> result<void> {
        if (!host.is_driven_by_hand()) { return {}; }
        while (wanted->checkpoint() < at && follow_by_hand()) {}
        return {};
    });
    if (!driven) { return driven; }
    auto const deadline = std::chrono::steady_clock::now() + wait_max;
    std::unique_lock lock{moved_mutex_};
    bool const is_over = moved_.wait_until(lock, deadline, [&] {
        return wanted->checkpoint() >= at || !wanted->failure().empty() || stopping_;
    });
    if (wanted->checkpoint() >= at) { return {}; }
    if (auto const failure = wanted->failure(); !failure.empty()) {
        return error{errc::projection_failed, failure};
    }
    if (is_over) { return error{errc::closed}; }
    return error{errc::deadline_exceeded, "projection " + std::string{name} + " is at position " +
                                              std::to_string(wanted->checkpoint().value) +
                                              ", not yet at " + std::to_string(at.value)};
}

result<rebuild_report> projector::rebuild(std::string_view name, progress const& report) {
    table_fold* const wanted = find(name);
    if (wanted == nullptr) { return unknown(name); }
    std::lock_guard const one_at_a_time{rebuild_mutex_};
    return with_host([&](state_host& host) -> result<rebuild_report> {
        if (!may_write_) { return error{errc::read_only, "a rebuild writes to the log's file"}; }
        return wanted->rebuild(host, options_.batch_events,
                               [&](std::uint64_t done, std::uint64_t total) {
                                   return !stopping_ && (!report || report(done, total));
                               });
    });
}

result<void> projector::drop_snapshots() {
    return with_host([&](state_host& host) -> result<void> {
        return host.write_state(
            [&](write_transaction& transaction) -> result<void> {
                for (auto const& each : all_) {
                    auto const dropped =
                        transaction.erase_snapshots(each->definition().name(), position{});
                    if (!dropped) { return dropped; }
                }
                return {};
            },
            {});
    });
}

result<std::shared_ptr<row_source const>> projector::source_of(std::type_index row) {
    table_fold* const wanted = find(row);
    if (wanted == nullptr) {
        return error{errc::not_found, "no projection of this set has rows of that type"};
    }
    // A reading handle's rows change under another process's writer: nothing can be kept.
    return wanted->definition().make_source(std::make_shared<committed_rows>(shared_from_this()),
                                            may_write_);
}

std::shared_ptr<row_source const> projector::staged_source_of(std::type_index row) {
    table_fold* const wanted = find(row);
    if (wanted == nullptr || wanted->is_async() || !wanted->is_open()) { return nullptr; }
    return wanted->definition().make_staged_source(
        std::make_shared<groups_rows>(*host_, groups_view_), wanted->live());
}

} // namespace swarmlog::detail
