#include <swarmlog/engine/reader.hpp>

#include "read/event_cursor.hpp"

#include <utility>

namespace swarmlog {

reader::reader(std::unique_ptr<detail::event_cursor> cursor) noexcept
    : cursor_(std::move(cursor)) {}
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;
reader::~reader() = default;

reader reader::stream(std::string_view name) && {
    cursor_->wanted().stream(name);
    return std::move(*this);
}

reader reader::type(std::string_view name) && {
    cursor_->wanted().type(name);
    return std::move(*this);
}

reader reader::tag(std::string_view name) && {
    cursor_->wanted().tag(name);
    return std::move(*this);
}

reader reader::matching(query events) && {
    cursor_->matching(std::move(events));
    return std::move(*this);
}

reader reader::after(position bound) && {
    cursor_->after(bound);
    return std::move(*this);
}

reader reader::before(position bound) && {
    cursor_->before(bound);
    return std::move(*this);
}

reader reader::after(version bound) && {
    cursor_->after(bound);
    return std::move(*this);
}

reader reader::before(version bound) && {
    cursor_->before(bound);
    return std::move(*this);
}

reader reader::after(timestamp bound) && {
    cursor_->after(bound);
    return std::move(*this);
}

reader reader::before(timestamp bound) && {
    cursor_->before(bound);
    return std::move(*this);
}

reader reader::backwards() && {
    cursor_->backwards();
    return std::move(*this);
}

reader reader::limit(std::uint64_t events_max) && {
    cursor_->limit(events_max);
    return std::move(*this);
}

reader reader::wait_for(position at, std::chrono::milliseconds wait_max) && {
    cursor_->wait_for(at, wait_max);
    return std::move(*this);
}

result<std::optional<event>> reader::next() {
    auto const view = cursor_->step();
    if (!view) { return view.error(); }
    if (*view == nullptr) { return std::optional<event>{}; }
    return std::optional<event>{std::in_place, **view, cursor_->owner()};
}

result<std::vector<event>> reader::collect() && {
    std::vector<event> all;
    if (auto const read = cursor_->collect(all); !read) { return read.error(); }
    return all;
}

result<std::optional<event>> reader::first() && { return next(); }

result<std::uint64_t> reader::count() && { return cursor_->count(); }

event_view const* reader::step() { return cursor_->step().value(); }

} // namespace swarmlog
