#include "log/check_consumer_name.hpp"

#include "json/utf8.hpp"

#include <string>

namespace swarmlog::detail {

result<void> check_consumer_name(std::string_view name) {
    if (name.empty() || name.size() > 255 || find_invalid_utf8(name) != std::string_view::npos) {
        return error{errc::invalid_argument,
                     "a consumer's name takes 1 to 255 bytes of UTF-8; "
                     "this one has " +
                         std::to_string(name.size())};
    }
    return {};
}

} // namespace swarmlog::detail
