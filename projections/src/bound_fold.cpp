#include <swarmlog/projections/detail/bound_fold.hpp>

namespace swarmlog::detail {

error fold_failed(std::string_view projection, event_view const& event, std::string const& why) {
    return {errc::projection_failed, "projection " + std::string{projection} + " at position " +
                                         std::to_string(event.position.value) + ", type \"" +
                                         std::string{event.type} + "\": " + why};
}

} // namespace swarmlog::detail
