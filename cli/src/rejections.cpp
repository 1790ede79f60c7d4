#include "rejections.hpp"

#include "open_log.hpp"
#include "terminal/number_text.hpp"

#include <fmt/core.h>

namespace swarmlog::cli {

void rejections::add(std::string const& place, std::string const& reason) {
    if (++count_ <= said_max) say(place + ": rejected: " + reason);
}

void rejections::finish() const {
    if (count_ > said_max) {
        fmt::print(stderr, "and {} more were rejected\n", grouped(count_ - said_max));
    }
}

bool is_fault_of_input(error const& failure) noexcept {
    return failure.is_rejected() && failure != errc::disk_full &&
           failure != errc::position_exhausted;
}

} // namespace swarmlog::cli
