#include "history/json_field.hpp"

#include <boost/json/value.hpp>

namespace swarmlog {

std::string text_of(boost::json::object const& from, std::string_view field) {
    boost::json::value const* const found = from.if_contains(field);
    return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                  : std::string{};
}

} // namespace swarmlog
