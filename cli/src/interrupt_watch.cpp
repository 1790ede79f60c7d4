#include "interrupt_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <thread>
#include <utility>

namespace swarmlog::cli {

class interrupt_watch::watcher {
public:
    explicit watcher(std::function<void()> stop) {
        signals_.async_wait([stop = std::move(stop)](boost::system::error_code failure, int) {
            if (!failure) stop();
        });
        thread_ = std::thread([this] { context_.run(); });
    }
    watcher(watcher const&) = delete;
    watcher& operator=(watcher const&) = delete;
    ~watcher() {
        context_.stop();
        thread_.join();
    }

private:
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
    std::thread thread_;
};

interrupt_watch::interrupt_watch(std::function<void()> stop)
    : watcher_(std::make_unique<watcher>(std::move(stop))) {}

interrupt_watch::~interrupt_watch() = default;

} // namespace swarmlog::cli
