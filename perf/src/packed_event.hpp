#pragma once

#include "digest.hpp"
#include "sample_events.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace swarmlog::perf {

/// Adds an event to `out`: the lengths of its three texts and their bytes. As plain as what can
/// be read back gets.
inline void pack_event(sample_event const& event, std::string& out) {
    for (std::string_view const part :
         {std::string_view{event.stream}, std::string_view{event.type},
          std::string_view{event.data}}) {
        auto const length = static_cast<std::uint32_t>(part.size());
        std::array<char, sizeof length> bytes;
        std::memcpy(bytes.data(), &length, sizeof length);
        out.append(bytes.data(), bytes.size());
        out += part;
    }
}

/// Adds all events that are packed in `bytes`.
inline void add_packed(digest& to, std::string_view bytes) {
    std::array<std::string_view, 3> parts;
    while (!bytes.empty()) {
        for (std::string_view& part : parts) {
            std::uint32_t length = 0;
            std::memcpy(&length, bytes.data(), sizeof length);
            part = bytes.substr(sizeof length, length);
            bytes.remove_prefix(sizeof length + length);
        }
        to.add(parts[0], parts[1], parts[2]);
    }
}

} // namespace swarmlog::perf
