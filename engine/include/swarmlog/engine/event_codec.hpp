#pragma once

#include <swarmlog/engine/detail/decode_plain.hpp>
#include <swarmlog/engine/detail/decode_value.hpp>
#include <swarmlog/engine/detail/encode_value.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/export.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// \file
/// Typed events: described structs to JSON and back.
///
///     struct task_started {
///         static constexpr std::string_view type = "task.started";
///         static constexpr std::uint32_t schema_version = 2;   // 1 when left out
///         std::string task_id;
///         std::optional<std::uint32_t> attempt;
///     };
///     BOOST_DESCRIBE_STRUCT(task_started, (), (task_id, attempt))
///
/// A member becomes a JSON member of the same name, bases first:
///
/// | C++ | JSON |
/// |---|---|
/// | bool | true, false |
/// | integers of up to 64 bits | a number without fraction or exponent, exact |
/// | float, double | a number, the shortest that reads back the same; must be finite |
/// | std::string, and to encode only what converts to std::string_view | a string of UTF-8 |
/// | std::optional | left out when empty; in arrays and maps, null |
/// | std::vector, array, set and the like | an array |
/// | std::map, unordered_map with string keys | an object, by rising key |
/// | described enum | the enumerator's name |
/// | described struct, also with described bases | an object |
/// | timestamp | an RFC 3339 string in UTC with nanoseconds |
/// | event_id | its 36 characters |
/// | position, version | a number |
/// | boost::json::value | itself |
///
/// Equal values give equal bytes (but for the order inside a boost::json::value).
namespace swarmlog {

/// The depth of nesting that `encode_event` allows unless told otherwise.
inline constexpr std::uint32_t encode_depth_default = 64;

namespace detail {

/// True when `T::type` is a constant, and not for example a member, that names something.
template <class T>
concept has_type_name = requires {
    requires std::bool_constant<(!std::string_view(T::type).empty())>::value;
};

} // namespace detail

/// A struct described by Boost.Describe, with a constant `std::string_view type` that is the
/// event's type in the log, of 1 to 255 bytes.
template <class T>
concept event_type = detail::described_struct<T> && detail::has_type_name<T>;

/// The version of the layout of an event's data: its constant `schema_version`, or 1.
template <event_type T>
[[nodiscard]] consteval std::uint32_t schema_version_of() {
    if constexpr (requires { std::integral_constant<std::uint32_t, T::schema_version>::value; }) {
        static_assert(T::schema_version >= 1, "swarmlog: schema versions start at 1");
        return T::schema_version;
    } else {
        return 1;
    }
}

/// Appends an event's data to `out` as one JSON object that `append` takes as it is. Leaves
/// `out` as it was on failure:
/// - `invalid_utf8`: a string is no UTF-8;
/// - `non_finite_number`: a float or double is infinite or no number;
/// - `invalid_argument`: an enum holds a value that has no name;
/// - `json_too_deep`: more than `depth_max` levels of objects and arrays.
///
/// The message names the event's type and the field. May be called from any thread.
template <event_type T>
[[nodiscard]] result<void> encode_event(T const& event, std::string& out,
                                        std::uint32_t depth_max = encode_depth_default);

/// Reads an event's data. What is returned owns all its parts; `data` may go away.
///
/// Members of the JSON that the struct does not have are ignored, so that an older program
/// reads a newer event; a member that it lacks is `invalid_json`, unless it is optional.
/// Fails with what parsing answers (`invalid_json`, `invalid_utf8`, `non_finite_number`,
/// `json_too_deep`), or with `invalid_json` when a member does not fit its field. The message
/// names the event's type and the path of the field:
/// `task.started: field "retry.count" is not an integer`. May be called from any thread.
template <event_type T>
[[nodiscard]] result<T> decode_event(std::string_view data);

namespace detail {
[[nodiscard]] SWARMLOG_EXPORT error other_type_error(event_view const& event,
                                                     std::string_view wanted);
} // namespace detail

template <event_type T>
result<void> encode_event(T const& event, std::string& out, std::uint32_t depth_max) {
    std::size_t const size_before = out.size();
    detail::json_writer writer(out, depth_max);
    if (detail::encode_struct(writer, event)) { return {}; }
    out.resize(size_before);
    return writer.failure().to_error(T::type);
}

namespace detail {

/// The way by a parsed document: takes all JSON, and says what is wrong with what it does not.
template <event_type T>
[[nodiscard]] result<T> decode_document(std::string_view data) {
    T event{};
    result<void> walked = detail::walk_document(
        T::type, data,
        [](boost::json::value const& document, void* target, detail::codec_failure& failure) {
            return detail::decode_struct(document, *static_cast<T*>(target), failure);
        },
        &event);
    if (!walked) { return std::move(walked).error(); }
    return event;
}

} // namespace detail

template <event_type T>
result<T> decode_event(std::string_view data) {
    static_assert(std::default_initializable<T>,
                  "swarmlog: an event is decoded into a default-constructed struct");
    if (T event{}; detail::decode_plain_text(data, event)) { return event; }
    return detail::decode_document<T>(data);
}

template <class Event>
result<Event> event_view::as() const {
    static_assert(event_type<Event>,
                  "swarmlog: an event is a struct with a constant `type`, described with "
                  "BOOST_DESCRIBE_STRUCT");
    if (type != Event::type) { return detail::other_type_error(*this, Event::type); }
    return decode_event<Event>(data);
}

} // namespace swarmlog
