#pragma once

#include <swarmlog/engine/rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// What queries over one table answered, kept while the table stays as it is; at most so many
/// rows in all.
///
/// An answer is wanted when its query came twice while nothing changed: so a query over a table
/// that changes all the time costs nothing here. `changes` is `committed_cache::changes()` as it
/// was before the query opened its view. Any thread.
template <class Row>
class result_cache {
public:
    using rows = std::shared_ptr<std::vector<Row> const>;

    struct finding {
        rows known;             ///< null: ask the table
        bool is_wanted = false; ///< and keep what it answers
    };

    explicit result_cache(std::size_t rows_max) : rows_max_(rows_max / slot_count) {}

    /// The longest answer that is kept.
    [[nodiscard]] std::size_t rows_max() const noexcept { return rows_max_; }

    [[nodiscard]] finding find(row_query const& asked, std::uint64_t changes) {
        std::lock_guard const lock{mutex_};
        if (slot* const known = slot_of(asked)) {
            if (known->changes == changes) { return {known->answer, known->answer == nullptr}; }
            known->changes = changes;
            known->answer.reset();
            return {};
        }
        if (slots_.size() < slot_count) {
            slots_.push_back({asked, changes, nullptr});
        } else {
            hand_ = (hand_ + 1) % slot_count;
            slots_[hand_] = {asked, changes, nullptr};
        }
        return {};
    }

    void keep(row_query const& asked, std::uint64_t changes, std::vector<Row> answer) {
        std::lock_guard const lock{mutex_};
        slot* const known = slot_of(asked);
        if (known == nullptr || known->changes != changes) { return; }
        known->answer = std::make_shared<std::vector<Row> const>(std::move(answer));
    }

private:
    struct slot {
        row_query asked;
        std::uint64_t changes;
        rows answer;
    };

    [[nodiscard]] slot* slot_of(row_query const& asked) {
        auto const found = std::find_if(slots_.begin(), slots_.end(),
                                        [&](slot const& each) { return each.asked == asked; });
        return found == slots_.end() ? nullptr : &*found;
    }

    static constexpr std::size_t slot_count = 16;
    std::size_t rows_max_;
    std::mutex mutex_;
    std::vector<slot> slots_;
    std::size_t hand_ = 0; ///< the slot that was taken last
};

} // namespace swarmlog::detail
