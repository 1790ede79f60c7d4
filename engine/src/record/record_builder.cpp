#include "record/record_builder.hpp"

namespace swarmlog::detail {

void record_builder::begin(record_header const& header, event_id const& own_id) {
    header_ = header;
    header_.event_count = 0;
    own_id_ = own_id;
    ++epoch_;
    for (std::string* part : {&streams_, &strings_, &ids_, &keys_, &events_}) { part->clear(); }
    bases_.clear();
    string_count_ = id_runs_ = key_count_ = 0;
    last_id_ = {};
    last_run_ = 0;
}

std::uint32_t record_builder::add_stream(std::string_view name, std::uint64_t base) {
    append_text(streams_, name);
    append_varint(streams_, base);
    bases_.push_back(base);
    return static_cast<std::uint32_t>(bases_.size() - 1);
}

std::uint32_t record_builder::add_string(std::string_view name) {
    append_text(strings_, name);
    return string_count_++;
}

void record_builder::add_key(record_key const& key) {
    append_text(keys_, key.key);
    append_varint(keys_, key.first_ordinal);
    append_varint(keys_, key.event_count);
    append_array(keys_, key.content_hash);
    ++key_count_;
}

void record_builder::add_id(event_id const& id) {
    if (last_run_ != 0 && last_id_.advanced_by(1) == id) {
        ++last_run_;
    } else {
        if (last_run_ != 0) { append_varint(ids_, last_run_); }
        append_array(ids_, id.bytes);
        ++id_runs_;
        last_run_ = 1;
    }
    last_id_ = id;
}

void record_builder::add_event(record_event const& event) {
    std::uint8_t flags = 0;
    std::size_t size_max = 12 * varint_bytes_max + event.tags.size() * varint_bytes_max +
                           event.correlation.size() + event.causation.size() +
                           event.metadata.size() + event.data.size();
    // The size stands before the event, so the event is written one varint further on and
    // moved to its place: its length is not known before.
    std::size_t const begin = events_.size();
    events_.resize(begin + size_max);
    char* const start = events_.data() + begin + varint_bytes_max;
    char* out = start;
    auto const put_text = [&out](std::string_view text) {
        out = put_varint(out, text.size());
        std::memcpy(out, text.data(), text.size());
        out += text.size();
    };
    out = put_varint(out, event.stream);
    out = put_varint(out, event.at.value - bases_[event.stream]);
    out = put_varint(out, event.type);
    char* const flags_at = out++;
    out = put_varint(out,
                     static_cast<std::uint64_t>((event.recorded_at - header_.recorded_at).count()));
    if (event.schema_version != 1) {
        flags |= has_schema;
        out = put_varint(out, event.schema_version);
    }
    if (event.occurred_at) {
        flags |= has_occurred;
        auto const step =
            static_cast<std::uint64_t>(event.occurred_at->time_since_epoch().count()) -
            static_cast<std::uint64_t>(header_.recorded_at.time_since_epoch().count());
        out = put_varint(out, zigzag(static_cast<std::int64_t>(step)));
    }
    if (!event.tags.empty()) {
        flags |= has_tags;
        out = put_varint(out, event.tags.size());
        for (std::uint32_t const tag : event.tags) { out = put_varint(out, tag); }
    }
    if (!event.correlation.empty()) {
        flags |= has_correlation;
        put_text(event.correlation);
    }
    if (!event.causation.empty()) {
        flags |= has_causation;
        put_text(event.causation);
    }
    if (!event.metadata.empty()) {
        flags |= has_metadata;
        put_text(event.metadata);
    }
    put_text(event.data);
    *flags_at = static_cast<char>(flags);

    auto const size = static_cast<std::size_t>(out - start);
    char* const body = put_varint(events_.data() + begin, size);
    std::memmove(body, start, size);
    events_.resize(static_cast<std::size_t>(body - events_.data()) + size);

    add_id(event.id.is_nil() ? own_id_.advanced_by(header_.event_count) : event.id);
    ++header_.event_count;
}

record_builder::mark record_builder::marked() const noexcept {
    return {streams_.size(),     strings_.size(), ids_.size(),
            keys_.size(),        events_.size(),  static_cast<std::uint32_t>(bases_.size()),
            string_count_,       id_runs_,        key_count_,
            header_.event_count, last_run_,       last_id_};
}

void record_builder::cut_back(mark const& to) {
    streams_.resize(to.streams_bytes);
    strings_.resize(to.strings_bytes);
    ids_.resize(to.ids_bytes);
    keys_.resize(to.keys_bytes);
    events_.resize(to.events_bytes);
    bases_.resize(to.stream_count);
    string_count_ = to.string_count;
    id_runs_ = to.id_runs;
    key_count_ = to.key_count;
    header_.event_count = to.event_count;
    last_run_ = to.last_run;
    last_id_ = to.last_id;
    ++epoch_;
}

std::string record_builder::content() const {
    std::string content;
    content.reserve(content_bytes() + 5 * varint_bytes_max);
    content += static_cast<char>(record_format_1);
    append_array(content, header_.store);
    append_array(content, header_.previous);
    append_fixed(content, header_.first.value);
    append_fixed(content,
                 static_cast<std::int64_t>(header_.recorded_at.time_since_epoch().count()));
    append_fixed(content, header_.event_count);
    append_varint(content, bases_.size());
    content += streams_;
    append_varint(content, string_count_);
    content += strings_;
    append_varint(content, id_runs_);
    content += ids_;
    if (last_run_ != 0) { append_varint(content, last_run_); }
    append_varint(content, key_count_);
    content += keys_;
    content += events_;
    return content;
}

} // namespace swarmlog::detail
