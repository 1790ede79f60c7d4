#include "record/record.hpp"

#include "record/record_frame.hpp"

#include <algorithm>

namespace swarmlog::detail {

error corrupt_at(position at, std::string_view what) {
    return {errc::corrupt, "position " + std::to_string(at.value) + ": " + std::string{what}};
}

result<std::shared_ptr<record const>> record::decode(stored_record const& stored) {
    auto content = unframe_content(stored.body);
    if (!content) { return corrupt_at(stored.first, content.error().message()); }
    auto parsed = parse(std::move(*content));
    if (!parsed) { return corrupt_at(stored.first, parsed.error().message()); }
    record const& decoded = **parsed;
    if (decoded.first() != stored.first || decoded.last() != stored.last) {
        return corrupt_at(stored.first, "the record is stored at a place that is not its own");
    }
    return parsed;
}

result<std::shared_ptr<record const>> record::parse(std::string content) {
    std::shared_ptr<record> decoded{new record{std::move(content)}};
    if (!decoded->parse_tables()) {
        return error{errc::corrupt, "a record's tables do not decode"};
    }
    return std::shared_ptr<record const>{std::move(decoded)};
}

bool record::parse_tables() {
    byte_reader reader{content_};
    auto const format = read_fixed<std::uint8_t>(reader.bytes(1));
    header_.store = read_array<16>(reader.bytes(16));
    header_.previous = read_array<32>(reader.bytes(32));
    header_.first = position{read_fixed<std::uint64_t>(reader.bytes(8))};
    header_.recorded_at =
        timestamp{std::chrono::nanoseconds{read_fixed<std::int64_t>(reader.bytes(8))}};
    header_.event_count = read_fixed<std::uint32_t>(reader.bytes(4));
    if (reader.failed() || format != record_format_1 || header_.event_count == 0) { return false; }

    if (!parse_names(reader)) { return false; }
    std::uint64_t const id_runs = reader.varint();
    if (id_runs > reader.rest().size()) { return false; }
    std::uint64_t ids = 0;
    for (std::uint64_t each = 0; each != id_runs; ++each) {
        event_id const first{read_array<16>(reader.bytes(16))};
        ids_.push_back({first, reader.varint()});
        ids += ids_.back().count;
    }
    std::uint64_t const key_count = reader.varint();
    if (key_count > reader.rest().size()) { return false; }
    for (std::uint64_t each = 0; each != key_count; ++each) {
        record_key key;
        key.key = reader.sized_bytes();
        key.first_ordinal = static_cast<std::uint32_t>(reader.varint());
        key.event_count = static_cast<std::uint32_t>(reader.varint());
        key.content_hash = read_array<32>(reader.bytes(32));
        keys_.push_back(key);
    }
    events_ = reader.rest();
    return !reader.failed() && ids == header_.event_count;
}

bool record::parse_names(byte_reader& reader) {
    // Every entry takes at least a byte, so a count beyond what is left is not believed.
    std::uint64_t const stream_count = reader.varint();
    if (stream_count > reader.rest().size()) { return false; }
    // A record has few types and tags, mostly: with these, one allocation holds all names.
    constexpr std::size_t strings_usual = 8;
    stream_count_ = static_cast<std::size_t>(stream_count);
    names_.reserve(stream_count_ + strings_usual);
    for (std::uint64_t each = 0; each != stream_count; ++each) {
        names_.push_back(reader.sized_bytes());
        static_cast<void>(reader.varint()); // its base: see `base_of`
    }
    std::uint64_t const string_count = reader.varint();
    if (string_count > reader.rest().size()) { return false; }
    names_.reserve(stream_count_ + static_cast<std::size_t>(string_count));
    for (std::uint64_t each = 0; each != string_count; ++each) {
        names_.push_back(reader.sized_bytes());
    }
    return !reader.failed();
}

std::size_t record::memory_bytes() const noexcept {
    return sizeof *this + content_.capacity() + names_.capacity() * sizeof(std::string_view) +
           ids_.capacity() * sizeof(id_run) + keys_.capacity() * sizeof(record_key);
}

std::uint32_t record::find_id(event_id const& id) const noexcept {
    std::uint64_t ordinal = 0;
    for (id_run const& run : ids_) {
        std::uint64_t offset = 0;
        if (run.first.reaches(id, run.count, offset)) {
            return static_cast<std::uint32_t>(ordinal + offset);
        }
        ordinal += run.count;
    }
    return header_.event_count;
}

/// The runs count as many ids as there are events, or more if their sum wraps, so the search
/// for an event's own ends within them.
event_id record::cursor::id() noexcept {
    for (; id_offset_ >= source_->ids_[id_run_].count; ++id_run_) {
        id_offset_ -= source_->ids_[id_run_].count;
    }
    return source_->ids_[id_run_].first.advanced_by(id_offset_);
}

void record::cursor::skip(std::uint32_t count) noexcept {
    count = std::min(count, source_->header_.event_count - ordinal_);
    for (std::uint32_t each = 0; each != count; ++each) {
        static_cast<void>(reader_.sized_bytes());
    }
    ordinal_ += count;
    id_offset_ += count;
}

bool record::cursor::next(event_view& event) noexcept {
    if (ordinal_ == source_->header_.event_count) { return false; }
    byte_reader event_bytes{reader_.sized_bytes()};
    if (!decode(event_bytes, event) || reader_.failed()) {
        failed_ = true;
        return false;
    }
    event.position = position{source_->header_.first.value + ordinal_};
    event.id = id();
    ++ordinal_;
    ++id_offset_;
    return true;
}

bool record::cursor::decode(byte_reader& event_bytes, event_view& event) noexcept {
    record const& source = *source_;
    std::uint64_t const stream = event_bytes.varint();
    std::uint64_t const version_step = event_bytes.varint();
    std::uint64_t const type = event_bytes.varint();
    auto const flags = read_fixed<std::uint8_t>(event_bytes.bytes(1));
    std::uint64_t const recorded = event_bytes.varint();
    if (stream >= source.stream_count_ || type >= source.string_count()) { return false; }

    event.stream = source.names_[stream];
    event.version = version{source.base_of(stream) + version_step};
    event.type = source.names_[source.stream_count_ + type];
    // Unsigned, because the difference of two times may wrap and wraps back here.
    auto const base =
        static_cast<std::uint64_t>(source.header_.recorded_at.time_since_epoch().count());
    event.recorded_at =
        timestamp{std::chrono::nanoseconds{static_cast<std::int64_t>(base + recorded)}};
    event.schema_version =
        (flags & has_schema) != 0 ? static_cast<std::uint32_t>(event_bytes.varint()) : 1;
    event.occurred_at.reset();
    if ((flags & has_occurred) != 0) {
        auto const step = static_cast<std::uint64_t>(unzigzag(event_bytes.varint()));
        event.occurred_at =
            timestamp{std::chrono::nanoseconds{static_cast<std::int64_t>(base + step)}};
    }
    event.tags = {};
    if ((flags & has_tags) != 0) {
        std::uint64_t const count = event_bytes.varint();
        char const* const first = event_bytes.rest().data();
        for (std::uint64_t each = 0; each < count; ++each) {
            if (event_bytes.varint() >= source.string_count() || event_bytes.failed()) {
                return false;
            }
        }
        event.tags = {source.names_.data() + source.stream_count_, first,
                      static_cast<std::uint32_t>(count)};
    }
    event.correlation_id =
        (flags & has_correlation) != 0 ? event_bytes.sized_bytes() : std::string_view{};
    event.causation_id =
        (flags & has_causation) != 0 ? event_bytes.sized_bytes() : std::string_view{};
    event.metadata = (flags & has_metadata) != 0 ? event_bytes.sized_bytes() : std::string_view{};
    event.data = event_bytes.sized_bytes();
    return !event_bytes.failed() && event_bytes.at_end();
}

result<void> record::event_at(std::uint32_t ordinal, event_view& event) const {
    cursor at{*this};
    at.skip(ordinal);
    if (!at.next(event)) {
        return corrupt_at(position{header_.first.value + ordinal}, "the event does not decode");
    }
    return {};
}

} // namespace swarmlog::detail
