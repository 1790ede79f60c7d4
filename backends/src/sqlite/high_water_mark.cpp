#include "sqlite/high_water_mark.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace swarmlog::detail {

namespace {

constexpr std::string_view mark_magic = "swlgmark";
constexpr std::string_view session_magic = "swlgsess";
constexpr std::uint64_t mark_offset = 0;
constexpr std::uint64_t session_offset = 64;
constexpr std::uint32_t layout = 1;

constexpr std::size_t layout_at = 8;
constexpr std::size_t clean_at = 12;
constexpr std::size_t store_at = 16;
constexpr std::size_t payload_at = 32; ///< position, or boot id
constexpr std::size_t mode_at = 48;
constexpr std::size_t loss_at = 52;
constexpr std::size_t checksum_at = 56;

constexpr std::uint32_t mode_durable = 1;
constexpr std::uint32_t mode_relaxed = 2;

using entry = std::array<std::uint8_t, 64>;
using boot_id = std::array<std::uint8_t, 16>;

template <class Integer>
void put(entry& bytes, std::size_t offset, Integer value) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

template <class Integer>
Integer get(entry const& bytes, std::size_t offset) {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        value |= static_cast<Integer>(bytes[offset + i]) << (8 * i);
    }
    return value;
}

std::uint64_t checksum_of(entry const& bytes) { return XXH3_64bits(bytes.data(), checksum_at); }

entry make_entry(std::string_view magic, store_id const& store) {
    entry bytes{};
    std::copy(magic.begin(), magic.end(), bytes.begin());
    put(bytes, layout_at, layout);
    std::copy(store.begin(), store.end(), bytes.begin() + store_at);
    return bytes;
}

result<void> write_entry(lock_file const& file, entry& bytes, std::uint64_t offset) {
    put(bytes, checksum_at, checksum_of(bytes));
    return file.write(bytes, offset);
}

std::optional<entry> read_entry(lock_file const& file, std::uint64_t offset) {
    entry bytes{};
    if (file.read(bytes, offset) != bytes.size()) return std::nullopt;
    return bytes;
}

bool is_torn(entry const& bytes) {
    return get<std::uint64_t>(bytes, checksum_at) != checksum_of(bytes);
}

bool is_of(entry const& bytes, std::string_view magic, store_id const& store) {
    return std::equal(magic.begin(), magic.end(), bytes.begin()) &&
           get<std::uint32_t>(bytes, layout_at) == layout &&
           std::equal(store.begin(), store.end(), bytes.begin() + store_at);
}

/// All zeros where the system has no such thing: then no boot differs from another.
boot_id this_boot() {
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string text;
    file >> text;
    std::erase(text, '-');
    boot_id id{};
    if (text.size() != 2 * id.size()) return id;
    auto const digit = [](char letter) {
        int const value = letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;
        return static_cast<unsigned>(value) & 0xfU;
    };
    for (std::size_t i = 0; i < id.size(); ++i) {
        id[i] = static_cast<std::uint8_t>(digit(text[2 * i]) << 4U | digit(text[2 * i + 1]));
    }
    return id;
}

struct session {
    durability mode;
    bool clean = false;
    bool reports_loss = false;
};

result<void> write_session(lock_file const& file, store_id const& store, session const& of) {
    entry bytes = make_entry(session_magic, store);
    put(bytes, clean_at, static_cast<std::uint32_t>(of.clean));
    put(bytes, mode_at, of.mode == durability::relaxed ? mode_relaxed : mode_durable);
    put(bytes, loss_at, static_cast<std::uint32_t>(of.reports_loss));
    boot_id const boot = this_boot();
    std::copy(boot.begin(), boot.end(), bytes.begin() + payload_at);
    if (auto written = write_entry(file, bytes, session_offset); !written) return written;
    return file.sync();
}

} // namespace

std::optional<position> read_high_water_mark(lock_file const& file, store_id const& store) {
    auto const bytes = read_entry(file, mark_offset);
    if (!bytes || is_torn(*bytes) || !is_of(*bytes, mark_magic, store)) return std::nullopt;
    return position{get<std::uint64_t>(*bytes, payload_at)};
}

result<void> write_high_water_mark(lock_file const& file, store_id const& store, position last) {
    entry bytes = make_entry(mark_magic, store);
    put(bytes, payload_at, last.value);
    return write_entry(file, bytes, mark_offset);
}

bool may_have_lost(lock_file const& file, store_id const& store, durability now) {
    auto const bytes = read_entry(file, session_offset);
    if (!bytes) return false;
    if (is_torn(*bytes)) return true;
    bool const was_closed = get<std::uint32_t>(*bytes, clean_at) != 0;
    if (was_closed || !is_of(*bytes, session_magic, store)) return false;
    if (get<std::uint32_t>(*bytes, loss_at) != 0) return true;
    boot_id const boot = this_boot();
    if (std::equal(boot.begin(), boot.end(), bytes->begin() + payload_at)) return false;
    auto const mode = get<std::uint32_t>(*bytes, mode_at);
    return mode == mode_relaxed || (mode != mode_durable && now == durability::relaxed);
}

result<void> write_session_opened(lock_file const& file, store_id const& store, durability mode,
                                  bool reports_loss) {
    return write_session(file, store, {.mode = mode, .reports_loss = reports_loss});
}

result<void> write_session_closed(lock_file const& file, store_id const& store, durability mode) {
    return write_session(file, store, {.mode = mode, .clean = true});
}

} // namespace swarmlog::detail
