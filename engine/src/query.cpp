#include <swarmlog/engine/query.hpp>

#include <swarmlog/engine/event.hpp>

#include <algorithm>
#include <utility>

namespace swarmlog {

namespace {

bool contains(std::vector<std::string> const& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [name](std::string const& candidate) { return candidate == name; });
}

} // namespace

bool query::item::matches(event_view const& event) const {
    return (streams.empty() || contains(streams, event.stream)) &&
           (types.empty() || contains(types, event.type)) &&
           std::all_of(tags.begin(), tags.end(),
                       [&](std::string const& tag) { return event.tags.contains(tag); });
}

bool query::matches(event_view const& event) const {
    return items_.empty() || std::any_of(items_.begin(), items_.end(),
                                         [&](item const& each) { return each.matches(event); });
}

query::item& query::last() {
    if (items_.empty()) { items_.emplace_back(); }
    return items_.back();
}

query& query::stream(std::string_view name) & {
    last().streams.emplace_back(name);
    return *this;
}

query& query::type(std::string_view name) & {
    last().types.emplace_back(name);
    return *this;
}

query& query::tag(std::string_view name) & {
    last().tags.emplace_back(name);
    return *this;
}

query query::stream(std::string_view name) && { return std::move(stream(name)); }
query query::type(std::string_view name) && { return std::move(type(name)); }
query query::tag(std::string_view name) && { return std::move(tag(name)); }

void query::unite(query const& other) {
    if (is_all() || other.is_all()) {
        items_.clear();
        return;
    }
    items_.insert(items_.end(), other.items_.begin(), other.items_.end());
}

} // namespace swarmlog
