#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/state_fold.hpp>

#include <memory>

namespace swarmlog::detail {

/// A view of what is committed, opened when it is first needed. The inline projections of a log
/// share one, so that a group takes one of the store's readers however many they are. One thread
/// at a time.
class held_view {
public:
    [[nodiscard]] result<read_view*> get(state_host& host) {
        if (view_ == nullptr) {
            auto opened = host.state_view();
            if (!opened) { return opened.error(); }
            view_ = std::move(*opened);
        }
        return view_.get();
    }
    void end() noexcept { view_.reset(); }

private:
    std::unique_ptr<read_view> view_;
};

} // namespace swarmlog::detail
