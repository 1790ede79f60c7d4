#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/export.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace swarmlog::detail {

/// What stopped a walk over a struct, and where. The path grows from the inside outwards while
/// the walk unwinds, so that success pays nothing for it.
class SWARMLOG_EXPORT codec_failure {
public:
    /// `reason` is a predicate: "is not an integer". Each returns false, for the walk to return.
    bool set(errc code, std::string reason);
    bool inside_member(std::string_view name);
    bool inside_element(std::size_t index);

    [[nodiscard]] error to_error(std::string_view type) const;

private:
    errc code_ = errc::invalid_json;
    std::string reason_;
    std::string path_;
};

} // namespace swarmlog::detail
