// How a simulated log is opened, how it ends, and what goes wrong with its disk.
#include "simulation/simulated_world.hpp"

#include "support/lent_store.hpp"

#include <swarmlog/backends/memory_store.hpp>

#include <algorithm>
#include <utility>

namespace swarmlog::test {

simulated_world::simulated_world(simulated_store where, std::uint64_t seed)
    : where_(where),
      dice_(seed),
      middle_(seed + 1),
      clock_(std::make_shared<wild_clock>(seed + 2)),
      parts_(dice_, ledger_.model()) {
    if (!is_sqlite()) {
        memory_store_options options;
        is_bounded_ = one_in(8);
        if (is_bounded_) { options.bytes_max = 2'000 + below(20'000); }
        memory_ = open_memory_store(options).value();
        return;
    }
    disk_.emplace(512U << below(4));
    disk_->watched().before_change = [this] { look_in_the_middle(); };
    disk_->watched().after_flush = [this] {
        if (log_) { required_head_ = std::max(required_head_, told_head_); }
    };
}

simulated_world::~simulated_world() {
    is_dying_ = true;
    let_go();
}

sqlite_log_options simulated_world::random_options() {
    sqlite_log_options chosen;
    chosen.drive = writer_drive::by_hand;
    chosen.clock = clock_;
    // What a log makes room for at opening is most of what opening costs.
    chosen.limits = {.event_bytes_max = 4'096, .append_bytes_max = 65'536};
    chosen.queue_appends_max = static_cast<std::uint32_t>(one_in(2) ? 1 + below(6) : 64);
    chosen.queue_bytes_max = 65'536;
    chosen.queue_wait_max = std::chrono::milliseconds{0};
    if (one_in(2)) { chosen.close_wait_max = std::chrono::milliseconds{0}; }
    chosen.index_tail_events = static_cast<std::uint32_t>(1 + below(30));
    chosen.record_bytes = one_in(2) ? 1 : 300 + below(3000);
    chosen.codec = one_in(2) ? record_codec::lz4 : record_codec::none;
    chosen.stream_heads_max = one_in(2) ? 1 : 64;
    chosen.record_cache_bytes = one_in(2) ? 0 : 4096;
    chosen.page_events = static_cast<std::uint32_t>(1 + below(20));
    chosen.index_filter_bytes_max = one_in(2) ? 100 : 65'536;
    chosen.index_cache_bytes = one_in(2) ? 0 : 65'536;
    chosen.group_events_max = static_cast<std::uint32_t>(1 + below(20));
    chosen.store.mode = one_in(2) ? durability::durable : durability::relaxed;
    // By the number of commits, not by the time they take.
    chosen.store.relaxed_sync_interval =
        one_in(4) ? std::chrono::milliseconds{0} : std::chrono::hours{1};
    chosen.store.wal_bytes_max = 64 * 1024;
    chosen.store.cache_bytes = 1024 * 1024;
    chosen.store.readers_max = 4;
    if (is_sqlite()) { chosen.store.vfs = disk_->vfs(); }
    // A durable log asks before it goes on from what a relaxed one has lost.
    chosen.accept_loss = has_evidence_of_loss() ||
                         (last_ending_ == ending::power_cut && mode_ == durability::relaxed);

    projection_options folds;
    folds.cache_rows = one_in(2) ? 2 : 64;
    folds.batch_events = static_cast<std::uint32_t>(1 + below(20));
    folds.snapshot_events = one_in(2) ? 0 : 8;
    tables_.emplace(folds);
    tables_->add(stream_totals{}).add_async(type_totals{});
    chosen.state = *tables_;
    return chosen;
}

result<event_log> simulated_world::try_to_open() {
    sqlite_log_options const options = random_options();
    queue_appends_max_ = options.queue_appends_max;
    if (is_sqlite()) {
        mode_ = options.store.mode;
        return open_sqlite(disk_->path(), options);
    }
    mode_ = durability::volatile_memory;
    auto store = std::make_unique<lent_store>(memory_, !std::exchange(was_opened_, true));
    return event_log::open(std::move(store), options);
}

void simulated_world::open_log() {
    durability const mode_before = mode_;
    is_in_trouble_ = false;
    if (is_sqlite()) {
        disk_->start_process();
        if (one_in(12)) {
            disk_->faults().fail_at(1 + below(12));
            note("open with a fault");
        }
    }
    auto opened = try_to_open();
    if (!opened) {
        // Whatever an opening that failed has done, the next one finds all that there was.
        if (!went_well(opened, "open")) { heal(); }
        if (is_sqlite()) { disk_->start_process(); }
        tables_.reset();
        mode_ = mode_before;
        opened = try_to_open();
    }
    if (!opened) { throw violation{"the log cannot be opened: " + opened.error().message()}; }
    heal();
    log_.emplace(std::move(*opened));
    context_ = std::make_unique<boost::asio::io_context>();
    durability const mode_now = std::exchange(mode_, mode_before);
    judge_opening();
    mode_ = mode_now;
    told_head_ = model().head();
    bool const is_flushed = last_ending_ == ending::closed || last_ending_ == ending::power_cut;
    if (mode_ != durability::relaxed || is_flushed) { required_head_ = told_head_; }
    is_watched_ = true;
    async_checkpoint_ = 0;
    for (std::uint64_t count = 1 + below(3); count != 0; --count) {
        producers_.push_back(log_->make_producer());
    }
    note("opened at " + std::to_string(model().head()) + " with " +
         std::to_string(producers_.size()) + " producers");
}

void simulated_world::judge_opening() {
    open_report const& report = log_->opened();
    if (report.read_only) {
        throw violation{"what was opened may not be written: " + report.message};
    }
    std::uint64_t const head = log_->head().value;
    require(report.head.value == head, "opening reports another head");
    if (head < std::max(model().head(), told_head_)) {
        judge_loss(head);
        ledger_.cut_back(std::min(head, model().head()));
    } else {
        bool const is_old =
            told_before_loss_ > head && report.lost_events <= told_before_loss_ - head;
        require(report.lost_events == 0 || is_old, "a loss is reported, and nothing is lost");
    }
    std::uint64_t at = 0;
    for (event_view const& each : log_->read().before(position{model().head() + 1})) {
        ledger_.check_event(each, ++at);
    }
    require(at == model().head(), "events are missing");
    before_ = model().head();
    ledger_.follow(*log_, clock_->latest());
    ledger_.judge(before_, true); // with what had been answered when the last one ended
    ledger_.forget_unsettled();
    for (auto& [name, each] : consumers_) {
        if (last_ending_ == ending::power_cut && mode_ == durability::relaxed) {
            each.possible = each.ever;
        }
    }
    // What is shown now is shown for good on a durable log, and may go again on a relaxed one.
    required_head_ = std::min(required_head_, head);
}

void simulated_world::judge_loss(std::uint64_t head) {
    open_report const& report = log_->opened();
    require(last_ending_ == ending::power_cut, "events are lost without a power cut");
    require(mode_ == durability::relaxed, "a durable log has lost events");
    require(head >= required_head_, "events are lost that were flushed");
    require(ledger_.is_boundary(head), "half an append is left");
    require(report.lost_events != 0 || report.loss_possible, "a loss is not reported");
    told_before_loss_ = std::max(told_before_loss_, told_head_);
    require(report.lost_events <= told_before_loss_ - head, "more is reported lost than is");
    note("lost from " + std::to_string(head));
}

/// Of everything that holds on to the log.
void simulated_world::let_go() {
    is_watched_ = false;
    transactions_.clear();
    followers_.clear();
    for (auto& [name, each] : consumers_) { each.live.reset(); }
    producers_.clear();
    log_.reset();
    tables_.reset();
}

void simulated_world::close_log() {
    if (!one_in(3)) {
        while (log_->run_once()) {}
    }
    note("close");
    is_watched_ = false;
    auto const closed = log_->close();
    take_answers();
    // One in doubt is closed as it is, without a flush.
    if (!went_well(closed, "close") || is_troubled()) { last_ending_ = ending::dropped; }
}

void simulated_world::drop_log() {
    note("drop");
    is_watched_ = false;
    producers_.clear();
    log_.reset();
    take_answers();
}

void simulated_world::crash(bool is_power_cut) {
    ++told_.crashes;
    disk_->kill_process();
    ledger_.forget_answers();
    is_dying_ = true;
    let_go();
    is_dying_ = false;
    if (is_power_cut) { disk_->cut_power(dice_.numbers()); }
    note(is_power_cut ? "power cut" : "kill");
}

/// The process dies at some call that changes a file, while it goes on as if nothing were.
void simulated_world::crash_in_the_middle() {
    disk_->faults().fail_at(1 + below(12), fault_vfs::fault::io_error, true);
    note("to die in the middle");
    for (std::uint64_t steps = 1 + below(5); steps != 0 && !disk_->faults().has_failed(); --steps) {
        if (one_in(2)) {
            send();
        } else {
            drive();
        }
        settle();
    }
}

void simulated_world::reopen() {
    std::uint64_t const kind = below(is_sqlite() ? 8 : 2);
    switch (kind) {
    case 0:
        last_ending_ = ending::closed;
        close_log();
        break;
    case 1:
        last_ending_ = ending::dropped;
        drop_log();
        break;
    case 2:
    case 3:
        last_ending_ = ending::killed;
        crash(false);
        break;
    case 4:
        last_ending_ = ending::killed;
        crash_in_the_middle();
        crash(false);
        break;
    case 5:
        last_ending_ = ending::power_cut;
        crash_in_the_middle();
        crash(true);
        break;
    default:
        last_ending_ = ending::power_cut;
        crash(true);
        break;
    }
    let_go();
    open_log();
}

void simulated_world::arm_a_fault() {
    heal();
    std::uint64_t const nth = 1 + below(10);
    fault_vfs& faults = disk_->faults();
    switch (below(5)) {
    case 0: faults.fail_at(nth, fault_vfs::fault::disk_full, one_in(2)); break;
    case 1: faults.fail_at(nth, fault_vfs::fault::disk_full, true); break;
    case 2: faults.fail_at(nth); break;
    case 3: faults.fail_at_sync(1 + below(3)); break;
    default: faults.fail_at_call(fault_vfs::call::read, nth); reads_may_fail_ = true;
    }
    note("a fault is armed");
}

bool simulated_world::is_troubled() {
    if (disk_ && disk_->faults().has_failed()) { is_in_trouble_ = true; }
    return is_in_trouble_ || is_bounded_;
}

void simulated_world::heal() {
    static_cast<void>(is_troubled());
    if (disk_) { disk_->faults().heal(); }
    reads_may_fail_ = false;
}

/// What anybody would see at this moment, right before a file changes.
void simulated_world::look_in_the_middle() {
    bool const may_look = is_watched_ && !broken_ && middle_.one_in(16);
    if (!may_look) { return; }
    try {
        position const head = log_->head();
        if (head == position{}) { return; }
        auto const last = log_->read().after(head.previous()).limit(1).collect();
        bool const is_readable = last && last->size() == 1 && last->front().position == head;
        if (!is_readable && !is_troubled()) { broken_ = "the head cannot be read during a write"; }
        told_head_ = std::max(told_head_, head.value);
        if (mode_ != durability::relaxed) { required_head_ = std::max(required_head_, told_head_); }
    } catch (std::exception const& failed) { broken_ = failed.what(); }
}

} // namespace swarmlog::test
