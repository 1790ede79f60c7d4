#pragma once

#include "support/lent_store.hpp"
#include "support/manual_clock.hpp"
#include "support/outcome.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/engine/event_log.hpp>

#include <boost/describe/class.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// The backends that every case of the conformance suite runs on.
inline std::array<std::string_view, 2> const all_backends{"sqlite", "memory"};

/// A log on one of the backends, in a folder of its own that is removed in the end, under a
/// clock that the test moves. The handle can be closed and opened again.
class log_under_test {
public:
    explicit log_under_test(std::string_view backend_name, log_options options = {},
                            sqlite_store_options store = {})
        : is_sqlite_(backend_name == "sqlite"),
          options_(std::move(options)),
          store_options_(std::move(store)),
          clock_(std::make_shared<manual_clock>()) {
        if (!is_sqlite_) { memory_ = must(open_memory_store()); }
        log_.emplace(must(open()));
    }

    [[nodiscard]] event_log& operator*() noexcept { return *log_; }
    [[nodiscard]] event_log* operator->() noexcept { return &*log_; }
    [[nodiscard]] manual_clock& clock() noexcept { return *clock_; }
    [[nodiscard]] bool is_sqlite() const noexcept { return is_sqlite_; }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "log.db"; }
    [[nodiscard]] temporary_folder const& folder() const noexcept { return folder_; }
    /// For the next `reopen`.
    [[nodiscard]] log_options& options() noexcept { return options_; }

    /// Opens what is stored under the options of now; a log that is open keeps being so.
    [[nodiscard]] result<event_log> open() {
        options_.clock = clock_;
        if (!is_sqlite_) {
            auto store = std::make_unique<lent_store>(memory_, !std::exchange(was_opened_, true));
            return event_log::open(std::move(store), options_);
        }
        sqlite_log_options both;
        static_cast<log_options&>(both) = options_;
        both.store = store_options_;
        return open_sqlite(path(), both);
    }

    void close() {
        must(log_->close());
        log_.reset();
    }
    /// Drops the handle without closing it first.
    void drop() { log_.reset(); }
    void reopen() {
        if (log_) { close(); }
        log_.emplace(must(open()));
    }

private:
    temporary_folder folder_;
    bool is_sqlite_;
    bool was_opened_ = false;
    log_options options_;
    sqlite_store_options store_options_;
    std::shared_ptr<manual_clock> clock_;
    std::shared_ptr<backend> memory_;
    std::optional<event_log> log_;
};

/// Options under which a few hundred events go through many index runs, pages and records.
[[nodiscard]] inline log_options small_options() {
    log_options options;
    options.record_bytes = 200;
    options.index_tail_events = 32;
    options.page_events = 7;
    options.record_cache_bytes = 2'000;
    options.group_events_max = 16;
    return options;
}

[[nodiscard]] inline log_options by_hand(log_options options = {}) {
    options.drive = writer_drive::by_hand;
    return options;
}

/// An event of few words.
[[nodiscard]] inline raw_event raw(std::string_view type = "noted", std::string_view data = "{}") {
    return {.type = type, .data = data};
}

struct task_started {
    static constexpr std::string_view type = "task.started";
    std::string task_id;
    std::uint32_t attempt = 0;
    friend bool operator==(task_started const&, task_started const&) = default;
};
BOOST_DESCRIBE_STRUCT(task_started, (), (task_id, attempt))

struct task_finished {
    static constexpr std::string_view type = "task.finished";
    static constexpr std::uint32_t schema_version = 3;
    std::string task_id;
    std::optional<std::string> outcome;
    friend bool operator==(task_finished const&, task_finished const&) = default;
};
BOOST_DESCRIBE_STRUCT(task_finished, (), (task_id, outcome))

/// `stream@version type data` of each event.
[[nodiscard]] inline std::vector<std::string> lines_of(std::vector<event> const& events) {
    std::vector<std::string> lines;
    for (event const& each : events) {
        lines.push_back(std::string{each.stream} + '@' + std::to_string(each.version.value) + ' ' +
                        std::string{each.type} + ' ' + std::string{each.data});
    }
    return lines;
}

[[nodiscard]] inline std::vector<std::uint64_t> positions_of(std::vector<event> const& events) {
    std::vector<std::uint64_t> positions;
    for (event const& each : events) { positions.push_back(each.position.value); }
    return positions;
}

[[nodiscard]] inline std::vector<event> all_events(event_log& log) {
    return must(log.read().collect());
}

/// What every log must hold, whatever was done to it: walked by `verify`.
inline void check_sound(event_log& log) {
    verify_report const report = must(log.verify());
    for (auto const& problem : report.problems) {
        BOOST_ERROR("position " << problem.at.value << ": " << problem.what);
    }
    BOOST_TEST(report.events == log.head().value);
}

} // namespace swarmlog::test
