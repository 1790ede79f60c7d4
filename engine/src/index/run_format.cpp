#include "index/run_format.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace swarmlog::detail {

namespace {

constexpr std::size_t checksum_bytes = 8;
constexpr std::uint64_t guides_max = std::numeric_limits<std::uint32_t>::max() / 65;

std::uint64_t checksum(std::string_view bytes, std::uint64_t run, std::uint32_t block) noexcept {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), (run << 32) + block);
}

void append_u64(std::string& out, std::uint64_t value) {
    char bytes[8];
    for (unsigned i = 0; i < 8; ++i) { bytes[i] = static_cast<char>((value >> (8 * i)) & 0xff); }
    out.append(bytes, sizeof bytes);
}

std::uint64_t read_u64(std::string_view bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return value;
}

void append_fence(std::string& out, fence const& place, position run_first) {
    append_u64(out, place.hash);
    append_varint(out, place.first - run_first.value);
}

/// False when they are not sorted or not of the run.
bool read_fences(byte_reader& reader, std::uint64_t count, stored_run const& run, bool sorted,
                 std::vector<fence>& fences) {
    // A fence takes at least nine bytes: a count out of thin air must not allocate.
    if (count > reader.rest().size() / 9) { return false; }
    fences.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t const hash = read_u64(reader.bytes(8));
        std::uint64_t const offset = reader.varint();
        if (reader.failed() || offset > run.last.value - run.first.value) { return false; }
        fence const next{hash, run.first.value + offset};
        if (!fences.empty()) {
            fence const& before = fences.back();
            if (sorted ? next <= before : next.hash < before.hash) { return false; }
        }
        fences.push_back(next);
    }
    return true;
}

error corrupt_header(std::uint64_t run, char const* what) {
    return {errc::corrupt, "index run " + std::to_string(run) + ", header: " + what};
}

} // namespace

bool run_entry::append_positions(std::vector<std::uint64_t>& out) const {
    std::uint64_t at = first;
    out.push_back(at);
    byte_reader reader{deltas};
    for (std::uint32_t i = 1; i < count; ++i) {
        std::uint64_t const delta = reader.varint();
        if (delta == 0 || delta > last() - at) { return false; }
        at += delta;
        out.push_back(at);
    }
    return !reader.failed() && reader.at_end() && at == last();
}

error corrupt_block(std::uint64_t run, std::uint32_t block, char const* what) {
    return {errc::corrupt,
            "index run " + std::to_string(run) + ", block " + std::to_string(block) + ": " + what};
}

void seal_block(std::string& bytes, std::uint64_t run, std::uint32_t block) {
    append_u64(bytes, checksum(bytes, run, block));
}

result<std::string_view> open_block(std::string_view sealed, std::uint64_t run,
                                    std::uint32_t block) {
    if (sealed.size() < checksum_bytes) { return corrupt_block(run, block, "too short"); }
    std::string_view const content = sealed.substr(0, sealed.size() - checksum_bytes);
    if (read_u64(sealed.substr(content.size())) != checksum(content, run, block)) {
        return corrupt_block(run, block, "the checksum does not match");
    }
    return content;
}

bool entry_reader::read_body(run_entry& entry, std::string_view body) noexcept {
    byte_reader reader{body};
    entry.ordinal = reader.varint();
    entry.first = run_first_ + reader.varint();
    std::uint64_t const count = reader.varint();
    entry.count = static_cast<std::uint32_t>(count);
    entry.span = count > 1 ? reader.varint() : 0;
    entry.deltas = reader.rest();
    failed_ = reader.failed() || static_cast<std::uint8_t>(entry.kind) >= key_kind_count ||
              count == 0 || count > entry_postings_max || entry.first < run_first_ ||
              entry.first > position::max_value || entry.span > position::max_value - entry.first;
    return !failed_;
}

std::size_t entry_bytes_at_most(run_entry const& entry) noexcept {
    return 1 + 6 * varint_bytes_max + entry.name.size() + entry.deltas.size();
}

char* put_entry(char* out, run_entry const& entry, position run_first) noexcept {
    auto const put_bytes = [&out](char const* bytes, std::size_t count) {
        // Most entries have no deltas, and memcpy wants no null pointer.
        if (count != 0) { std::memcpy(out, bytes, count); }
        out += count;
    };
    char numbers[4 * varint_bytes_max];
    char* end = put_varint(numbers, entry.ordinal);
    end = put_varint(end, entry.first - run_first.value);
    end = put_varint(end, entry.count);
    if (entry.count > 1) { end = put_varint(end, entry.span); }
    auto const number_bytes = static_cast<std::size_t>(end - numbers);

    *out++ = static_cast<char>(entry.kind);
    out = put_varint(out, entry.name.size());
    put_bytes(entry.name.data(), entry.name.size());
    out = put_varint(out, number_bytes + entry.deltas.size());
    put_bytes(numbers, number_bytes);
    put_bytes(entry.deltas.data(), entry.deltas.size());
    return out;
}

std::string encode_guide(guide const& content, position run_first) {
    std::string out;
    append_varint(out, content.fences.size());
    for (fence const& each : content.fences) { append_fence(out, each, run_first); }
    content.filter.append_to(out);
    return out;
}

result<guide> decode_guide(std::string_view content, stored_run const& run, std::uint32_t block) {
    byte_reader reader{content};
    guide decoded;
    std::uint64_t const count = reader.varint();
    // Whether colliding hashes may upset the positions is the header's business: see there.
    if (count == 0 || count > data_blocks_per_guide ||
        !read_fences(reader, count, run, false, decoded.fences)) {
        return corrupt_block(run.id, block, "the fences make no sense");
    }
    auto filter = bloom_filter::from_bytes(reader.rest());
    if (!filter) { return corrupt_block(run.id, block, "the filter's size makes no sense"); }
    decoded.filter = std::move(*filter);
    return decoded;
}

std::string encode_header(run_header const& header, stored_run const& run) {
    std::string out;
    append_varint(out, run_format_version);
    append_varint(out, run.level);
    append_varint(out, run.first.value);
    append_varint(out, run.last.value);
    append_varint(out, header.entry_count);
    append_varint(out, header.key_count);
    append_varint(out, header.posting_count);
    append_varint(out, header.guide_bytes);
    out.push_back(header.colliding ? '\1' : '\0');
    append_varint(out, header.data_block_count);
    append_varint(out, header.guides.size());
    for (fence const& each : header.guides) { append_fence(out, each, run.first); }
    seal_block(out, run.id, header_block_number);
    return out;
}

result<run_header> decode_header(stored_run const& run) {
    auto const content = open_block(run.header, run.id, header_block_number);
    if (!content) { return corrupt_header(run.id, "the checksum does not match"); }
    byte_reader reader{*content};
    if (reader.varint() != run_format_version) {
        return corrupt_header(run.id, "of an unknown version");
    }
    bool const same = reader.varint() == run.level && reader.varint() == run.first.value &&
                      reader.varint() == run.last.value && run.first <= run.last;
    if (!same) { return corrupt_header(run.id, "of another run"); }

    run_header header;
    header.entry_count = reader.varint();
    header.key_count = reader.varint();
    header.posting_count = reader.varint();
    header.guide_bytes = reader.varint();
    header.colliding = reader.bytes(1) == std::string_view{"\1", 1};
    std::uint64_t const data_blocks = reader.varint();
    std::uint64_t const guides = reader.varint();
    bool const counts_fit =
        !reader.failed() && guides <= guides_max &&
        guides == (data_blocks + data_blocks_per_guide - 1) / data_blocks_per_guide &&
        data_blocks + guides == run.block_count;
    if (!counts_fit || !read_fences(reader, guides, run, !header.colliding, header.guides) ||
        !reader.at_end()) {
        return corrupt_header(run.id, "the counts make no sense");
    }
    header.data_block_count = static_cast<std::uint32_t>(data_blocks);
    return header;
}

} // namespace swarmlog::detail
