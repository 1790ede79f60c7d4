#pragma once

#include "shop.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

/// One agent: registers, then claims, starts, does and completes tasks until the shop closes.
/// While no task is ready it waits for an event that can make one so. Loses a task to the
/// supervisor, and goes on, when it was silent for too long.
boost::asio::awaitable<void> work(shop& in, std::string agent_id);
