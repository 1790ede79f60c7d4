#include "crash_states/state_check.hpp"

#include "crash/stored_rows.hpp"
#include "crash_states/other_boot.hpp"
#include "crash_states/power_cut.hpp"
#include "crash_states/record_history.hpp"
#include "crash_states/replayed_wal.hpp"

#include <swarmlog/projections/log_tables.hpp>

#include <boost/system/system_error.hpp>

#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>

namespace swarmlog::test {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view store_name = "log.db";
constexpr std::string_view wal_name = "log.db-wal";
constexpr std::string_view lock_name = "log.db.lock";

std::string describe(std::string_view what, position at) {
    return std::string{what} + " at position " + std::to_string(at.value);
}

/// What is wrong with an event, or nothing.
std::string_view difference(event_view const& found, known_event const& known, position at) {
    if (found.position != at) { return "another position"; }
    if (found.stream != known.stream) { return "another stream"; }
    if (found.version.value != known.in_stream) { return "another version"; }
    if (found.type != known.type) { return "another type"; }
    if (found.data != known.data) { return "other data"; }
    if (!found.tags.contains(known.tag)) { return "no tag"; }
    return {};
}

std::string judge_events(event_log const& log, expectation const& expected) {
    position next{1};
    for (event_view const& each : log.read()) {
        std::size_t const index = next.value - 1;
        if (expected.session == nullptr || index >= expected.session->events.size()) {
            return describe("an event that nobody was promised", next);
        }
        std::string_view const wrong = difference(each, expected.session->events[index], next);
        if (!wrong.empty()) { return describe(wrong, next); }
        next = next.next();
    }
    if (next.previous() != log.head()) { return describe("the walk ends", next); }
    bool const is_whole =
        log.head() == position{} ||
        std::any_of(expected.session->commits.begin(), expected.session->commits.end(),
                    [&](known_commit const& each) { return each.last == log.head(); });
    return is_whole ? std::string{} : describe("half a group", log.head());
}

std::string judge_opening(event_log const& log) {
    open_report const& opened = log.opened();
    if (opened.corrupt_at) { return describe("corrupt", *opened.corrupt_at); }
    if (opened.read_only) { return "read-only: " + opened.message; }
    if (opened.head != log.head()) { return "a head that was not opened"; }
    return {};
}

/// Whether two closed stores are unlike. With a write-ahead log that was kept, as evidence of a
/// loss, the main file is not all there is to it.
bool differ(disk_image const& one, disk_image const& other) {
    auto const is_kept = [](disk_image const& files) {
        auto const log = files.find(wal_name);
        return log != files.end() && log->second.size() != 0;
    };
    return !is_kept(one) && !is_kept(other) &&
           one.find(store_name)->second.bytes() != other.find(store_name)->second.bytes();
}

} // namespace

state_check::state_check(std::uint64_t again_each) : again_each_(again_each) {
    // Each log takes memory and gives it back: the system need not hear of it.
    ::mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
    ::mallopt(M_MMAP_THRESHOLD, 64 * 1024 * 1024);
    // The log asks the file system whether there is a store, and SQLite for its bytes.
    write_file(in_memory_, "in memory");
}

finding state_check::look_at(disk_image left, expectation const& expected) {
    if (auto const lock = left.find(lock_name); lock != left.end()) {
        std::string bytes = lock->second.bytes();
        name_other_boot(bytes);
        lock->second.write(bytes, 0);
    }
    look const seen = look_once(left, expected);
    if (!seen.wrong.empty()) { return {false, seen.wrong}; }
    // What opening says of losses must be true, and enough.
    std::uint64_t const lost =
        expected.told > seen.head ? expected.told.value - seen.head.value : 0;
    if (seen.lost_events > lost) { return {false, "more reported lost than is"}; }
    bool const is_reported = seen.lost_events != 0 || seen.loss_possible;
    if (lost != 0 && expected.mode() == durability::relaxed && !is_reported) {
        return {false, describe("an unreported loss", seen.head)};
    }
    if (seen.head >= expected.required) { return {}; }
    return {true, std::to_string(expected.required.value - seen.head.value) +
                      " acknowledged events are lost after position " +
                      std::to_string(seen.head.value)};
}

state_check::look state_check::look_once(disk_image const& left, expectation const& expected) {
    try {
        if (!left.contains(store_name)) { return look_on_disk(left, expected); }
        auto const replayed = replayed_form(left);
        auto const replayed_before = forms_.find(replayed);
        bool const is_replayed = replayed_before != forms_.end();
        std::optional<std::uint64_t> form;
        if (is_replayed && ++replayed_ % 16 != 0) {
            form = replayed_before->second;
        } else {
            form = recovered_form(left);
            if (!form) { return look_in_memory(left, expected); }
            if (is_replayed && replayed_before->second != *form) {
                return {.wrong = "SQLite recovers these files unlike others that hold the same"};
            }
            forms_.emplace(replayed, *form);
        }
        auto const known = looks_.find({expected.session, *form});
        if (known != looks_.end() && ++repeated_ % 32 != 0) { return known->second; }
        look const seen = look_in_memory(left, expected);
        looks_.insert_or_assign({expected.session, *form}, seen);
        return seen;
    } catch (boost::system::system_error const& failed) { return {.wrong = failed.what()}; }
}

std::optional<std::uint64_t> state_check::recovered_form(disk_image const& left) {
    memory_.load(left);
    sqlite3* database = nullptr;
    int code = sqlite3_open_v2(in_memory_.c_str(), &database,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, memory_.name().c_str());
    if (code == SQLITE_OK) {
        code = sqlite3_exec(database, "BEGIN IMMEDIATE;COMMIT", nullptr, nullptr, nullptr);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                         nullptr);
    }
    sqlite3_close(database);
    if (code != SQLITE_OK) { return std::nullopt; }
    return form_of(left, memory_.image().at(std::string{store_name}));
}

std::uint64_t state_check::replayed_form(disk_image const& left) {
    file_image const& store = left.find(store_name)->second;
    auto const wal = left.find(wal_name);
    return form_of(left, wal == left.end() ? store : replay_wal(store, wal->second));
}

std::uint64_t state_check::form_of(disk_image const& left, file_image recovered) {
    disk_image form;
    form[std::string{store_name}] = std::move(recovered);
    if (auto const lock = left.find(lock_name); lock != left.end()) {
        form[std::string{lock_name}].write(as_log_reads(lock->second.bytes()), 0);
    }
    std::string header(power_cut::sector_bytes, '\0');
    left.find(store_name)->second.read(header.data(), header.size(), 0);
    form["header"].write(header, 0);
    return fingerprint(form);
}

state_check::look state_check::look_in_memory(disk_image const& left, expectation const& expected) {
    ++opened_;
    load(left);
    auto log = open(expected.mode(), memory_.name(), in_memory_);
    if (!log) { return {.wrong = "opening: " + log.error().message()}; }
    look seen = judge(*log, expected);
    if (!seen.wrong.empty()) { return seen; }
    disk_image const recovered = image();
    if (auto const closed = log->close(); !closed) {
        return {.wrong = "closing: " + closed.error().message()};
    }
    disk_image const closed = image();
    // A new session; of some also another crash, as soon as the log is open.
    seen.wrong = look_again(closed, closed, expected, seen.head);
    if (seen.wrong.empty() && opened_ % again_each_ == 0) {
        seen.wrong = look_again(recovered, closed, expected, seen.head);
    }
    return seen;
}

/// Opens once more and closes. Different states mostly become the same files once they are
/// recovered, and what was found of files holds for them for good.
std::string state_check::look_again(disk_image const& files, disk_image const& closed_first,
                                    expectation const& expected, position head) {
    if (!seen_again_.emplace(expected.session, fingerprint(files)).second) { return {}; }
    load(files);
    auto log = open(expected.mode(), memory_.name(), in_memory_);
    if (!log) { return "opening again: " + log.error().message(); }
    if (log->head() != head) { return describe("another head when opened again", log->head()); }
    if (std::string wrong = judge_contents(*log, expected); !wrong.empty()) {
        return "opened again: " + wrong;
    }
    if (auto const closed = log->close(); !closed) {
        return "closing again: " + closed.error().message();
    }
    if (differ(image(), closed_first)) { return "opening again has changed the store"; }
    return {};
}

state_check::look state_check::look_on_disk(disk_image const& left, expectation const& expected) {
    ++opened_;
    temporary_folder const folder;
    for (auto const& [name, file] : left) { write_file(folder / name, file.bytes()); }
    auto log = open(expected.mode(), {}, folder / std::string{store_name});
    if (!log) { return {.wrong = "opening: " + log.error().message()}; }
    return judge(*log, expected);
}

state_check::look state_check::judge(event_log const& log, expectation const& expected) {
    std::string wrong = judge_opening(log);
    if (wrong.empty()) { wrong = judge_contents(log, expected); }
    return {std::move(wrong), log.head(), log.opened().lost_events, log.opened().loss_possible};
}

std::string state_check::judge_contents(event_log const& log, expectation const& expected) {
    if (std::string wrong = judge_events(log, expected); !wrong.empty()) { return wrong; }
    auto const verified = log.verify();
    if (!verified) { return "verify: " + verified.error().message(); }
    if (!verified->sound()) {
        return describe(verified->problems[0].what, verified->problems[0].at);
    }
    auto const rows = log.table<tally>().all();
    if (!rows) { return "reading the projection: " + rows.error().message(); }
    bool const fits =
        log.head() == position{} ? rows->empty() : *rows == rows_at(*expected.session, log.head());
    return fits ? std::string{} : describe("a projection unlike a fresh fold", log.head());
}

result<event_log> state_check::open(durability mode, std::string const& vfs, fs::path const& file) {
    auto options = crash_state_options(mode);
    options.store.vfs = vfs;
    return open_sqlite(file, options);
}

void state_check::load(disk_image const& image) {
    memory_.load(image);
    auto const lock = image.find(lock_name);
    fs::path const path = folder_ / std::string{lock_name};
    if (lock != image.end()) {
        write_file(path, lock->second.bytes());
    } else {
        fs::remove(path);
    }
}

disk_image state_check::image() const {
    disk_image all = memory_.image();
    std::erase_if(all, [](auto const& each) { return each.first == lock_name; });
    std::string const lock = bytes_of_file(folder_ / std::string{lock_name});
    all[std::string{lock_name}].write(lock, 0);
    return all;
}

std::vector<tally> const& state_check::rows_at(known_session const& session, position head) {
    auto const [found, is_new] = rows_.try_emplace({&session, head.value});
    if (is_new) { found->second = folded(session, head); }
    return found->second;
}

} // namespace swarmlog::test
