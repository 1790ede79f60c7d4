#include <swarmlog/engine/detail/codec_failure.hpp>

#include <swarmlog/engine/detail/printable_text.hpp>

#include <swarmlog/engine/event_codec.hpp>

namespace swarmlog::detail {

bool codec_failure::set(errc code, std::string reason) {
    code_ = code;
    reason_ = std::move(reason);
    return false;
}

bool codec_failure::inside_member(std::string_view name) {
    bool const is_followed_by_member = !path_.empty() && path_.front() != '[';
    if (is_followed_by_member) { path_.insert(0, 1, '.'); }
    path_.insert(0, name);
    return false;
}

bool codec_failure::inside_element(std::size_t index) {
    bool const is_followed_by_member = !path_.empty() && path_.front() != '[';
    if (is_followed_by_member) { path_.insert(0, 1, '.'); }
    path_.insert(0, "[" + std::to_string(index) + "]");
    return false;
}

error codec_failure::to_error(std::string_view type) const {
    std::string const subject = path_.empty() ? "the data" : "field " + quoted(path_);
    return error(code_, std::string(type) + ": " + subject + " " + reason_);
}

error other_type_error(event_view const& event, std::string_view wanted) {
    return error(errc::invalid_argument, "The event at position " +
                                             std::to_string(event.position.value) + " is of type " +
                                             quoted(event.type) + ", not " + quoted(wanted) + ".");
}

} // namespace swarmlog::detail
