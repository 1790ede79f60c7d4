#pragma once

#include "support/failing_store.hpp"
#include "support/outcome.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/engine/event_log.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace swarmlog::test {

/// A log upon a store in memory on whose rows some uses fail, of the kind that a log outlives; and
/// what is stored beneath it.
class failing_log {
public:
    explicit failing_log(log_options options) : options_(std::move(options)) {
        log_.emplace(must(open()));
    }

    [[nodiscard]] event_log& operator*() noexcept { return *log_; }
    [[nodiscard]] event_log* operator->() noexcept { return &*log_; }
    [[nodiscard]] store_faults& faults() noexcept { return *faults_; }
    [[nodiscard]] backend& stored() noexcept { return *stored_; }
    [[nodiscard]] log_options& options() noexcept { return options_; }

    [[nodiscard]] result<event_log> open() {
        return event_log::open(std::make_unique<failing_store>(stored_, faults_), options_);
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
    std::shared_ptr<backend> stored_ = must(open_memory_store());
    std::shared_ptr<store_faults> faults_ =
        std::make_shared<store_faults>(store_faults::reach::rows, errc::disk_full);
    std::optional<event_log> log_;
};

} // namespace swarmlog::test
