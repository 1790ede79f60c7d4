#include <swarmlog/projections/projection_set.hpp>

#include "as_of_state.hpp"
#include "projector.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog {

projection_set::projection_set(projection_options options)
    : projector_(std::make_shared<detail::projector>(std::move(options))) {}

projection_set projection_set::of(std::shared_ptr<state_fold> const& state) {
    projection_set set;
    if (auto known = std::dynamic_pointer_cast<detail::projector>(state)) {
        set.projector_ = std::move(known);
    }
    return set;
}

projection_set& projection_set::add_bound(std::unique_ptr<detail::bound_projection> added,
                                          bool is_async) {
    projector_->add(std::move(added), is_async);
    return *this;
}

upcasters& projection_set::upcasting() { return *projector_->steps(); }

std::shared_ptr<upcasters> const& projection_set::steps() const { return projector_->steps(); }

projection_options const& projection_set::options() const { return projector_->options(); }

projection_set::operator std::shared_ptr<state_fold>() const { return projector_; }

result<std::vector<projection_status>> projection_set::status() const {
    return projector_->status();
}

result<void> projection_set::wait_until(std::string_view name, position at,
                                        std::chrono::milliseconds wait_max) const {
    return projector_->wait_until(name, at, wait_max);
}

result<rebuild_report> projection_set::rebuild(std::string_view name, progress const& report) {
    return projector_->rebuild(name, report);
}

result<as_of_view> projection_set::as_of(position at) const {
    return projector_->with_host([&](state_host& host) -> result<as_of_view> {
        position const head = host.state_head();
        if (at > head) {
            return error{errc::invalid_argument, "position " + std::to_string(at.value) +
                                                     " is beyond the log's head, " +
                                                     std::to_string(head.value)};
        }
        return as_of_view{std::make_shared<detail::as_of_state>(projector_, at)};
    });
}

result<as_of_view> projection_set::as_of(timestamp at) const {
    auto const found =
        projector_->with_host([&](state_host& host) { return host.position_at(at); });
    if (!found) { return found.error(); }
    return as_of(*found);
}

result<std::vector<row_change>> projection_set::diff(std::string_view name, position from,
                                                     position to) const {
    auto const before = as_of(from);
    if (!before) { return before.error(); }
    auto const after = as_of(to);
    if (!after) { return after.error(); }
    auto const old_rows = before->cells(name);
    if (!old_rows) { return old_rows.error(); }
    auto const new_rows = after->cells(name);
    if (!new_rows) { return new_rows.error(); }
    return diff_tables(**old_rows, **new_rows);
}

result<void> projection_set::drop_snapshots() { return projector_->drop_snapshots(); }

result<table_spec> projection_set::table_of(std::string_view name) const {
    detail::table_fold* const wanted = projector_->find(name);
    if (wanted == nullptr) { return projector_->unknown(name); }
    return wanted->definition().table();
}

result<std::shared_ptr<detail::row_source const>>
projection_set::source_of(std::type_index row) const {
    return projector_->source_of(row);
}

result<std::shared_ptr<detail::row_source const>>
projection_set::staged_source_of(std::type_index row) const {
    auto source = projector_->staged_source_of(row);
    if (source != nullptr) { return source; }
    return error{errc::not_found, "no inline projection of an open log has rows of that type"};
}

} // namespace swarmlog
