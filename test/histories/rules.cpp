#include "histories/rules.hpp"

#include <array>

namespace swarmlog::test {

std::span<rule const> all_rules() {
    static constexpr std::array rules{
        rule{"positions are dense", positions_are_dense},
        rule{"versions are dense", versions_are_dense},
        rule{"data is there once", data_is_there_once},
        rule{"appends are whole", appends_are_whole},
        rule{"receipts name their events", receipts_name_their_events},
        rule{"rejected appends left nothing", rejected_appends_left_nothing},
        rule{"flushes count what is there", flushes_count_what_is_there},
        rule{"keys are used once", keys_are_used_once},
        rule{"conditions held", conditions_held},
        rule{"decisions saw what came before", decisions_saw_what_came_before},
        rule{"rejections were justified", rejections_were_justified},
        rule{"real-time order is kept", real_time_order_is_kept},
        rule{"producers keep their order", producers_keep_their_order},
        rule{"reads see what was acknowledged", reads_see_what_was_acknowledged},
        rule{"reads see nothing early", reads_see_nothing_early},
        rule{"reads never go back", reads_never_go_back},
        rule{"reads show what is stored", reads_show_what_is_stored},
        rule{"subscribers get everything in order", subscribers_get_everything_in_order},
    };
    return rules;
}

} // namespace swarmlog::test
