#include "shop.hpp"

#include <utility>

void shop::close() {
    std::lock_guard const lock(mutex_);
    is_over_ = true;
    for (auto const& [waiting, wake] : alarms_) wake();
    alarms_.clear();
}

void shop::fail(swarmlog::error const& failure) {
    {
        std::lock_guard const lock(mutex_);
        if (!failure_) failure_ = failure;
    }
    close();
}

std::optional<swarmlog::error> shop::failure() const {
    std::lock_guard const lock(mutex_);
    return failure_;
}

shop::alarm::alarm(shop& in, std::function<void()> wake) : shop_(&in) {
    std::lock_guard const lock(in.mutex_);
    if (in.is_over_) {
        wake();
    } else {
        in.alarms_.emplace(this, std::move(wake));
    }
}

shop::alarm::~alarm() {
    std::lock_guard const lock(shop_->mutex_);
    shop_->alarms_.erase(this);
}
