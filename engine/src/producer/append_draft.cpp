#include "producer/append_draft.hpp"

#include "json/utf8.hpp"
#include "json/validate_json.hpp"

#include <openssl/sha.h>

#include <cstring>

namespace swarmlog::detail {

namespace {

constexpr std::size_t name_bytes_max = 255;

/// The start of a name for an error message, short enough to read.
std::string quoted(std::string_view name) {
    constexpr std::size_t shown_max = 40;
    std::string text = "\"";
    text += find_invalid_utf8(name) == std::string_view::npos ? name.substr(0, shown_max)
                                                              : "(not UTF-8)";
    if (name.size() > shown_max) { text += "..."; }
    return text + '"';
}

std::string over_limit(std::string_view what, std::uint64_t value, std::string_view limit,
                       std::uint64_t bound) {
    return std::string{what} + ' ' + std::to_string(value) + " is over " + std::string{limit} +
           " = " + std::to_string(bound);
}

} // namespace

void append_draft::reset(append_limits const& limits) {
    limits_ = limits;
    bytes_.clear();
    data_begin_ = 0;
    events_.clear();
    tags_.clear();
    conditions_.clear();
    none_since_.clear();
    idempotency_key_.clear();
    recorded_at_.reset();
    failure_.reset();
}

std::string& append_draft::data_buffer() {
    drop_unfinished();
    return bytes_;
}

void append_draft::drop_unfinished() { bytes_.resize(data_begin_); }

void append_draft::fail(error failure) {
    if (!failure_) { failure_ = std::move(failure); }
    drop_unfinished();
}

bool append_draft::check_name(std::string_view name, errc code, char const* what) {
    if (name.empty()) {
        fail({code, std::string{what} + " is empty; it takes 1 to 255 bytes"});
        return false;
    }
    if (name.size() > name_bytes_max) {
        fail({code, std::string{what} + ' ' + quoted(name) + " has " + std::to_string(name.size()) +
                        " bytes; it takes 1 to 255"});
        return false;
    }
    if (auto const bad = find_invalid_utf8(name); bad != std::string_view::npos) {
        fail({code, std::string{what} + " is not UTF-8 at byte " + std::to_string(bad)});
        return false;
    }
    return true;
}

void append_draft::add_raw(std::string_view stream, raw_event const& event,
                           event_details const& details) {
    std::string& data = data_buffer();
    if (event.data.size() > limits_.event_bytes_max) {
        fail({errc::event_too_large, over_limit("event data of bytes", event.data.size(),
                                                "event_bytes_max", limits_.event_bytes_max)});
        return;
    }
    if (auto const valid = validate_json(event.data, limits_.json_depth_max); !valid) {
        fail(valid.error());
        return;
    }
    data += event.data;
    add_encoded(stream, event.type, event.schema_version, details);
}

void append_draft::add_encoded(std::string_view stream, std::string_view type,
                               std::uint32_t schema_version, event_details const& details) {
    draft_event event;
    event.begin = static_cast<std::uint32_t>(data_begin_);
    event.data_size = static_cast<std::uint32_t>(bytes_.size() - data_begin_);
    event.schema_version = schema_version;
    if (!check_name(stream, errc::invalid_stream_name, "stream name") ||
        !check_name(type, errc::invalid_type_name, "event type")) {
        return;
    }
    if (!details.metadata.empty()) {
        if (auto const valid = validate_json(details.metadata, limits_.json_depth_max); !valid) {
            fail({static_cast<errc>(valid.error().code().value()),
                  "metadata: " + valid.error().message()});
            return;
        }
    }
    event.metadata_size = static_cast<std::uint32_t>(details.metadata.size());
    bytes_ += details.metadata;
    bytes_ += stream;
    event.stream_size = static_cast<std::uint8_t>(stream.size());
    event.stream_hash = hash_key(key_kind::stream, stream);
    bytes_ += type;
    event.type_size = static_cast<std::uint8_t>(type.size());
    event.type_hash = hash_key(key_kind::type, type);
    if (!add_details(event, details) || !check_sizes(event)) { return; }
    events_.push_back(event);
    data_begin_ = bytes_.size();
}

bool append_draft::add_details(draft_event& event, event_details const& details) {
    if (!details.correlation_id.empty()) {
        if (!check_name(details.correlation_id, errc::invalid_id, "correlation id")) {
            return false;
        }
        event.correlation_size = static_cast<std::uint8_t>(details.correlation_id.size());
        bytes_ += details.correlation_id;
    }
    if (!details.causation_id.empty()) {
        if (!check_name(details.causation_id, errc::invalid_id, "causation id")) { return false; }
        event.causation_size = static_cast<std::uint8_t>(details.causation_id.size());
        bytes_ += details.causation_id;
    }
    if (details.tags.size() > limits_.tags_max) {
        fail({errc::too_many_tags,
              over_limit("tag count", details.tags.size(), "tags_max", limits_.tags_max)});
        return false;
    }
    event.first_tag = static_cast<std::uint32_t>(tags_.size());
    for (std::string_view const tag : details.tags) {
        if (!check_name(tag, errc::invalid_tag, "tag")) {
            tags_.resize(event.first_tag);
            return false;
        }
        add_tag(event.first_tag, tag);
    }
    event.tag_count = static_cast<std::uint16_t>(tags_.size() - event.first_tag);
    event.occurred_at = details.occurred_at;
    event.recorded_at = recorded_at_;
    if (details.id) {
        if (details.id->is_nil()) {
            tags_.resize(event.first_tag);
            fail({errc::invalid_id, "the nil event id is not allowed"});
            return false;
        }
        event.id = *details.id;
    }
    return true;
}

void append_draft::add_tag(std::size_t first_tag, std::string_view tag) {
    std::uint64_t const hash = hash_key(key_kind::tag, tag);
    for (std::size_t earlier = first_tag; earlier != tags_.size(); ++earlier) {
        if (tag_at(earlier) == key_ref{key_kind::tag, tag, hash}) { return; }
    }
    tags_.push_back(
        {hash, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint8_t>(tag.size())});
    bytes_ += tag;
}

bool append_draft::check_sizes(draft_event const& event) {
    std::size_t const event_bytes = std::size_t{event.data_size} + event.metadata_size;
    if (event_bytes > limits_.event_bytes_max) {
        fail({errc::event_too_large, over_limit("event data and metadata of bytes", event_bytes,
                                                "event_bytes_max", limits_.event_bytes_max)});
    } else if (bytes_.size() > limits_.append_bytes_max) {
        fail({errc::append_too_large, over_limit("append of bytes", bytes_.size(),
                                                 "append_bytes_max", limits_.append_bytes_max)});
    } else if (events_.size() >= limits_.append_events_max) {
        fail({errc::append_too_large, over_limit("append with event count", events_.size() + 1,
                                                 "append_events_max", limits_.append_events_max)});
    } else {
        return true;
    }
    tags_.resize(event.first_tag);
    return false;
}

void append_draft::expect(std::string_view stream, expected::condition const& condition) {
    if (std::holds_alternative<expected::any>(condition)) { return; }
    if (auto const* since = std::get_if<expected::none_since>(&condition)) {
        expect(*since);
        return;
    }
    drop_unfinished();
    if (!check_name(stream, errc::invalid_stream_name, "stream name")) { return; }
    draft_condition asked;
    asked.hash = hash_key(key_kind::stream, stream);
    asked.offset = static_cast<std::uint32_t>(bytes_.size());
    asked.size = static_cast<std::uint8_t>(stream.size());
    if (auto const* exact = std::get_if<expected::version>(&condition)) {
        asked.what = draft_condition::kind::version;
        asked.version = exact->value;
    } else {
        asked.what = std::holds_alternative<expected::no_stream>(condition)
                         ? draft_condition::kind::no_stream
                         : draft_condition::kind::stream_exists;
    }
    bytes_ += stream;
    data_begin_ = bytes_.size();
    conditions_.push_back(asked);
}

void append_draft::expect(expected::none_since const& condition) {
    none_since_.push_back(condition);
}

void append_draft::set_idempotency_key(std::string_view key) {
    drop_unfinished();
    if (check_name(key, errc::invalid_idempotency_key, "idempotency key")) {
        idempotency_key_ = key;
    }
}

void append_draft::absorb(append_draft const& other) {
    drop_unfinished();
    if (other.failure_) {
        fail(*other.failure_);
        return;
    }
    if (events_.size() + other.events_.size() > limits_.append_events_max ||
        bytes_.size() + other.bytes_.size() > limits_.append_bytes_max) {
        fail({errc::append_too_large,
              "together " + std::to_string(events_.size() + other.events_.size()) + " events of " +
                  std::to_string(bytes_.size() + other.bytes_.size()) +
                  " bytes are over append_events_max = " +
                  std::to_string(limits_.append_events_max) +
                  " or append_bytes_max = " + std::to_string(limits_.append_bytes_max)});
        return;
    }
    if (!idempotency_key_.empty() && !other.idempotency_key_.empty() &&
        idempotency_key_ != other.idempotency_key_) {
        fail({errc::invalid_argument,
              "two of what is appended together have an idempotency key; "
              "one append has one"});
        return;
    }
    // What can run out of memory comes first, so that all of the other is taken or nothing.
    auto none_since = none_since_;
    none_since.insert(none_since.end(), other.none_since_.begin(), other.none_since_.end());
    std::string key = other.idempotency_key_.empty() ? idempotency_key_ : other.idempotency_key_;
    bytes_.reserve(bytes_.size() + other.bytes_.size());
    events_.reserve(events_.size() + other.events_.size());
    tags_.reserve(tags_.size() + other.tags_.size());
    conditions_.reserve(conditions_.size() + other.conditions_.size());

    auto const shift = static_cast<std::uint32_t>(bytes_.size());
    auto const tag_shift = static_cast<std::uint32_t>(tags_.size());
    bytes_ += other.bytes_;
    data_begin_ = bytes_.size();
    for (draft_event event : other.events_) {
        event.begin += shift;
        event.first_tag += tag_shift;
        events_.push_back(event);
    }
    for (draft_tag tag : other.tags_) {
        tag.offset += shift;
        tags_.push_back(tag);
    }
    for (draft_condition condition : other.conditions_) {
        condition.offset += shift;
        conditions_.push_back(condition);
    }
    none_since_.swap(none_since);
    idempotency_key_.swap(key);
}

draft_texts append_draft::texts_of(draft_event const& event) const noexcept {
    std::size_t at = event.begin;
    auto const take = [&](std::size_t size) {
        std::string_view const text = slice(at, size);
        at += size;
        return text;
    };
    draft_texts texts;
    texts.data = take(event.data_size);
    texts.metadata = take(event.metadata_size);
    texts.stream = take(event.stream_size);
    texts.type = take(event.type_size);
    texts.correlation = take(event.correlation_size);
    texts.causation = take(event.causation_size);
    return texts;
}

key_ref append_draft::stream_of(draft_event const& event) const noexcept {
    std::size_t const at = std::size_t{event.begin} + event.data_size + event.metadata_size;
    return {key_kind::stream, slice(at, event.stream_size), event.stream_hash};
}

key_ref append_draft::stream_of(draft_condition const& condition) const noexcept {
    return {key_kind::stream, slice(condition.offset, condition.size), condition.hash};
}

key_ref append_draft::tag_at(std::size_t index) const noexcept {
    draft_tag const& tag = tags_[index];
    return {key_kind::tag, slice(tag.offset, tag.size), tag.hash};
}

std::array<std::uint8_t, 32> append_draft::content_hash() const {
    std::string content;
    auto const add = [&content](std::string_view text) {
        std::uint64_t const size = text.size();
        content.append(reinterpret_cast<char const*>(&size), sizeof size);
        content += text;
    };
    for (draft_event const& event : events_) {
        draft_texts const texts = texts_of(event);
        add(texts.stream);
        add(texts.type);
        add(std::to_string(event.schema_version));
        add(texts.data);
        add(texts.metadata);
        add(texts.correlation);
        add(texts.causation);
        add({reinterpret_cast<char const*>(event.id.bytes.data()), event.id.bytes.size()});
        add(event.occurred_at ? to_string(*event.occurred_at) : "");
        for (std::size_t tag = 0; tag != event.tag_count; ++tag) {
            add(tag_at(event.first_tag + tag).name);
        }
        add({});
    }
    std::array<std::uint8_t, 32> hash{};
    SHA256(reinterpret_cast<unsigned char const*>(content.data()), content.size(), hash.data());
    return hash;
}

} // namespace swarmlog::detail
