#include <swarmlog/version.hpp>

namespace swarmlog {

std::string_view library_version() noexcept { return header_version; }

} // namespace swarmlog
