#include <swarmlog/engine/append_request.hpp>

#include "producer/detail_access.hpp"

namespace swarmlog {

append_request::append_request(append_limits const& limits)
    : draft_(std::make_unique<detail::append_draft>()) {
    draft_->reset(limits);
}

append_request::append_request(std::unique_ptr<detail::append_draft> draft) noexcept
    : draft_(std::move(draft)) {}

append_request::append_request(append_request&&) noexcept = default;
append_request& append_request::operator=(append_request&&) noexcept = default;
append_request::~append_request() = default;

append_request& append_request::add(std::string_view stream, raw_event const& event,
                                    event_details const& details) {
    draft_->add_raw(stream, event, details);
    return *this;
}

append_request& append_request::expect(std::string_view stream,
                                       expected::condition const& condition) {
    draft_->expect(stream, condition);
    return *this;
}

append_request& append_request::expect(expected::none_since const& condition) {
    draft_->expect(condition);
    return *this;
}

append_request& append_request::idempotency_key(std::string_view key) {
    draft_->set_idempotency_key(key);
    return *this;
}

append_request& append_request::recorded_at(timestamp time) {
    draft_->set_recorded_at(time);
    return *this;
}

std::size_t append_request::event_count() const noexcept { return draft_->events().size(); }

result<void> append_request::status() const {
    if (draft_->failure()) { return *draft_->failure(); }
    return {};
}

std::uint32_t append_request::json_depth_max() const noexcept {
    return draft_->limits().json_depth_max;
}

std::string& append_request::data_buffer() { return draft_->data_buffer(); }

append_request& append_request::add_encoded(std::string_view stream, std::string_view type,
                                            std::uint32_t schema_version,
                                            event_details const& details) {
    draft_->add_encoded(stream, type, schema_version, details);
    return *this;
}

append_request& append_request::fail(error failure) {
    draft_->fail(std::move(failure));
    return *this;
}

} // namespace swarmlog
