#pragma once

#include "index/key.hpp"

#include <string_view>

namespace swarmlog::test {

[[nodiscard]] inline detail::key_ref stream_key(std::string_view name) {
    return detail::key_ref::of(detail::key_kind::stream, name);
}

} // namespace swarmlog::test
