#pragma once

#include "input_event.hpp"
#include "rejections.hpp"

#include <swarmlog/engine/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace swarmlog::cli {

/// Appends events in the order given, many to an append, so that the cost of a flush is shared.
///
/// One batch is under way while the next is filled, and no batch begins before the one ahead of it
/// is answered: a rejected event must not let later ones overtake its neighbours. An append is
/// all or nothing, so a rejected batch is halved until the event at fault stands alone.
class event_importer {
public:
    event_importer(producer& into, rejections& refused);

    /// Takes an event that stood at `place`. Fails when the log does (`disk_full`, `in_doubt`,
    /// `io_error` …), not when an event is rejected.
    [[nodiscard]] result<void> add(input_event event, std::string place);
    /// Appends what is left and waits for it.
    [[nodiscard]] result<void> finish();

    [[nodiscard]] std::uint64_t appended() const noexcept { return appended_; }
    /// Events whose position or version is not the one that their line says.
    [[nodiscard]] std::uint64_t moved() const noexcept { return moved_; }

private:
    static constexpr std::size_t batch_events_max = 4'096;
    static constexpr std::size_t batch_bytes_max = std::size_t{4} * 1024 * 1024;

    struct item {
        input_event event;
        std::string place;
    };
    using items = std::span<item const>;

    [[nodiscard]] append_request request_of(items batch) const;
    [[nodiscard]] result<void> begin_batch();
    [[nodiscard]] result<void> settle_batch();
    [[nodiscard]] result<void> append_now(items batch);
    [[nodiscard]] result<void> take_apart(items batch, error const& failure);
    void count(items batch, receipt const& got);

    producer& into_;
    rejections& refused_;
    std::vector<item> filling_;
    std::size_t filling_bytes_ = 0;
    std::vector<item> under_way_;
    std::optional<pending_append> answer_;
    std::uint64_t appended_ = 0;
    std::uint64_t moved_ = 0;
};

} // namespace swarmlog::cli
