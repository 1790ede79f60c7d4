#pragma once

#include "producer/append_draft.hpp"

#include <swarmlog/engine/append_request.hpp>

#include <memory>
#include <utility>

namespace swarmlog {

/// The engine's way into an `append_request`'s draft.
struct detail_access {
    [[nodiscard]] static detail::append_draft& draft(append_request& request) {
        return *request.draft_;
    }
    [[nodiscard]] static std::unique_ptr<detail::append_draft> take(append_request& request) {
        return std::move(request.draft_);
    }
    [[nodiscard]] static append_request make(std::unique_ptr<detail::append_draft> draft) {
        return append_request{std::move(draft)};
    }
};

} // namespace swarmlog
