#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/export.hpp>

#include <boost/json/object.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace swarmlog {

/// Steps that bring an event's data from one schema version to the next, when it is read. What
/// is stored never changes.
///
///     upcasters steps;
///     steps.add("task.created", 1, [](boost::json::object& data) {
///         data["priority"] = "medium";
///     });
///
/// Thread-safe once it is not added to any more.
class SWARMLOG_EXPORT upcasters {
public:
    /// Changes an event's data in place; an error is the answer of the reading.
    using step = std::function<result<void>(boost::json::object& data)>;

    /// The step from version `from` to `from + 1` of a type. The function changes the data and
    /// returns nothing, or a `result<void>`. A second step of the same version replaces the first.
    template <class Function>
    requires std::invocable<Function&, boost::json::object&> upcasters&
    add(std::string_view type, std::uint32_t from, Function function) {
        using answer = std::invoke_result_t<Function&, boost::json::object&>;
        if constexpr (std::is_void_v<answer>) {
            return add_step(type, from, [function](boost::json::object& data) -> result<void> {
                function(data);
                return {};
            });
        } else {
            return add_step(type, from, std::move(function));
        }
    }

    /// The same step between two structs of the same `type`: from `Old`'s schema version to
    /// `New`'s, which is the next one.
    template <event_type Old, event_type New, class Function>
    requires std::convertible_to<std::invoke_result_t<Function&, Old const&>, New> upcasters&
    add(Function function) {
        static_assert(schema_version_of<New>() == schema_version_of<Old>() + 1,
                      "swarmlog: a step leads from one schema version to the next");
        static_assert(std::string_view{Old::type} == std::string_view{New::type},
                      "swarmlog: a step keeps the event's type");
        return add_text_step(Old::type, schema_version_of<Old>(),
                             [function](std::string_view data, std::string& out) -> result<void> {
                                 auto const old = decode_event<Old>(data);
                                 if (!old) { return old.error(); }
                                 New const fresh = function(*old);
                                 return encode_event(fresh, out);
                             });
    }

    /// An event's data at schema version `wanted`. Data of that version or a newer one is given
    /// as it is, and lives as long as the event; else it is written to `out`. `unsupported` when
    /// a step is missing: the message names type and version.
    [[nodiscard]] result<std::string_view> data_of(event_view const& event, std::uint32_t wanted,
                                                   std::string& out) const;

    /// An event as a struct of the newest schema version.
    template <event_type Event>
    [[nodiscard]] result<Event> decode(event_view const& event) const {
        if (event.type != Event::type) { return event.template as<Event>(); }
        std::string raised;
        auto const data = data_of(event, schema_version_of<Event>(), raised);
        if (!data) { return data.error(); }
        return decode_event<Event>(*data);
    }

private:
    using text_step = std::function<result<void>(std::string_view data, std::string& out)>;

    upcasters& add_step(std::string_view type, std::uint32_t from, step function);
    upcasters& add_text_step(std::string_view type, std::uint32_t from, text_step function);

    std::map<std::pair<std::string, std::uint32_t>, text_step, std::less<>> steps_;
};

} // namespace swarmlog
