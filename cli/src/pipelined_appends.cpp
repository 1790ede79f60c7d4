#include "pipelined_appends.hpp"

#include <utility>

namespace swarmlog::cli {

pipelined_appends::pipelined_appends(producer& into, std::size_t window, answered tell)
    : into_(into), window_(window), tell_(std::move(tell)) {}

void pipelined_appends::append(std::uint64_t line, std::size_t bytes, std::string stream,
                               append_request request) {
    if (result<void> const status = request.status(); !status) {
        // Rejected before the queue; but those before it are answered first.
        drain();
        tell_(line, stream, status.error());
        return;
    }
    if (window_ <= 1) {
        tell_(line, stream, into_.append(std::move(request)));
        return;
    }
    while (!waiting_.empty() && waiting_bytes_ + bytes > bytes_max) settle_oldest();
    result<pending_append> answer = into_.try_append(std::move(request));
    if (!answer) {
        drain();
        tell_(line, stream, answer.error());
        return;
    }
    waiting_bytes_ += bytes;
    waiting_.push_back({line, bytes, std::move(stream), std::move(*answer)});
    if (waiting_.size() >= window_) settle_oldest();
}

void pipelined_appends::drain() {
    while (!waiting_.empty()) settle_oldest();
}

void pipelined_appends::settle_oldest() {
    under_way oldest = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= oldest.bytes;
    tell_(oldest.line, oldest.stream, oldest.answer.get());
}

} // namespace swarmlog::cli
