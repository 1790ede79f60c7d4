#pragma once

#include "shop.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

/// Hands back the tasks of every agent that an earlier process left behind: only one process can
/// have the log open for writing, so none of these can come back.
[[nodiscard]] swarmlog::result<void> take_over(shop& in);

/// Until the run is over, looks a few times a lease for workers that were silent for longer:
/// hands their tasks back, lets them go, and hires another in the place of each, to work on
/// `workers`. To be spawned on a strand.
boost::asio::awaitable<void> supervise(shop& in, boost::asio::any_io_executor workers);

/// Puts one more worker to work.
void hire_worker(shop& in, boost::asio::any_io_executor const& executor);
