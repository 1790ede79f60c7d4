#include <swarmlog/projections/upcasting.hpp>

#include <swarmlog/engine/detail/decode_value.hpp>
#include <swarmlog/engine/detail/encode_value.hpp>

#include <boost/json/value.hpp>

namespace swarmlog {

namespace {

constexpr std::uint32_t depth_max = 1'024; // the codec's own limit is the log's, checked before

result<boost::json::object> object_of(std::string_view type, std::string_view data) {
    boost::json::value document;
    auto const read = detail::walk_document(
        type, data,
        [](boost::json::value const& parsed, void* target, detail::codec_failure& failure) {
            return detail::decode_value(parsed, *static_cast<boost::json::value*>(target), failure);
        },
        &document);
    if (!read) { return read.error(); }
    if (!document.is_object()) {
        return error{errc::invalid_json,
                     std::string{type} + ": data of an older schema version is not an object"};
    }
    return std::move(document.as_object());
}

} // namespace

upcasters& upcasters::add_step(std::string_view type, std::uint32_t from, step function) {
    std::string const name{type};
    return add_text_step(type, from,
                         [name, function = std::move(function)](std::string_view data,
                                                                std::string& out) -> result<void> {
                             auto object = object_of(name, data);
                             if (!object) { return object.error(); }
                             if (auto const changed = function(*object); !changed) {
                                 return changed;
                             }
                             boost::json::value const document(std::move(*object));
                             detail::json_writer writer(out, depth_max);
                             if (!detail::encode_value(writer, document)) {
                                 return writer.failure().to_error(name);
                             }
                             return {};
                         });
}

upcasters& upcasters::add_text_step(std::string_view type, std::uint32_t from, text_step function) {
    steps_.insert_or_assign({std::string{type}, from}, std::move(function));
    return *this;
}

result<std::string_view> upcasters::data_of(event_view const& event, std::uint32_t wanted,
                                            std::string& out) const {
    if (event.schema_version >= wanted) { return event.data; }
    std::string_view data = event.data;
    std::string next;
    for (std::uint32_t at = event.schema_version; at != wanted; ++at) {
        auto const found = steps_.find({std::string{event.type}, at});
        if (found == steps_.end()) {
            return error{errc::unsupported,
                         "event type \"" + std::string{event.type} + "\" has schema version " +
                             std::to_string(at) + " at position " +
                             std::to_string(event.position.value) +
                             "; no upcasting step leads on to " + std::to_string(wanted)};
        }
        next.clear();
        if (auto const raised = found->second(data, next); !raised) { return raised.error(); }
        out.swap(next);
        data = out;
    }
    return data;
}

} // namespace swarmlog
