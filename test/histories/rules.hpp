#pragma once

#include "histories/history.hpp"
#include "histories/timeline.hpp"

#include <cstdint>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// What a rule found against a history: how often, and the first of it in words.
class findings {
public:
    template <class... Parts>
    void add(Parts const&... parts) {
        if (++count_ > texts_max) { return; }
        std::ostringstream text;
        (text << ... << parts);
        texts_.push_back(text.str());
    }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::vector<std::string> const& texts() const noexcept { return texts_; }

private:
    static constexpr std::size_t texts_max = 3;
    std::uint64_t count_ = 0;
    std::vector<std::string> texts_;
};

/// One promise of docs/guarantees.md, as a check of a recorded history.
struct rule {
    std::string_view name;
    void (*check)(history const& recorded, timeline const& times, findings& found);
};

/// Every rule. Each looks at one thing only: a history that breaks just one promise is found by
/// just that rule.
[[nodiscard]] std::span<rule const> all_rules();

// The log by itself.
void positions_are_dense(history const&, timeline const&, findings&);
void versions_are_dense(history const&, timeline const&, findings&);
void data_is_there_once(history const&, timeline const&, findings&);
void appends_are_whole(history const&, timeline const&, findings&);

// Answers against the log.
void receipts_name_their_events(history const&, timeline const&, findings&);
void rejected_appends_left_nothing(history const&, timeline const&, findings&);
void flushes_count_what_is_there(history const&, timeline const&, findings&);
void keys_are_used_once(history const&, timeline const&, findings&);
void conditions_held(history const&, timeline const&, findings&);
void decisions_saw_what_came_before(history const&, timeline const&, findings&);
void rejections_were_justified(history const&, timeline const&, findings&);

// Order.
void real_time_order_is_kept(history const&, timeline const&, findings&);
void producers_keep_their_order(history const&, timeline const&, findings&);

// Reading.
void reads_see_what_was_acknowledged(history const&, timeline const&, findings&);
void reads_see_nothing_early(history const&, timeline const&, findings&);
void reads_never_go_back(history const&, timeline const&, findings&);
void reads_show_what_is_stored(history const&, timeline const&, findings&);
void subscribers_get_everything_in_order(history const&, timeline const&, findings&);

} // namespace swarmlog::test
