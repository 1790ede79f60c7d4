#include "crash_states/replayed_wal.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace swarmlog::test {

namespace {

constexpr std::size_t header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::uint32_t magic = 0x377f0682; ///< and one more when sums are of big-endian words

/// All numbers of the format are big-endian.
std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
    std::uint32_t number = 0;
    for (std::size_t each = 0; each != 4; ++each) {
        number = number << 8 | static_cast<unsigned char>(bytes[offset + each]);
    }
    return number;
}

class running_sum {
public:
    explicit running_sum(bool is_big_endian) : is_big_endian_(is_big_endian) {}

    void add(std::string_view bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first_ += word_at(bytes, at) + second_;
            second_ += word_at(bytes, at + 4) + first_;
        }
    }
    [[nodiscard]] bool is_at(std::string_view bytes, std::size_t offset) const {
        return number_at(bytes, offset) == first_ && number_at(bytes, offset + 4) == second_;
    }

private:
    [[nodiscard]] std::uint32_t word_at(std::string_view bytes, std::size_t offset) const {
        std::uint32_t const word = number_at(bytes, offset);
        return is_big_endian_ ? word : __builtin_bswap32(word);
    }

    bool is_big_endian_;
    std::uint32_t first_ = 0;
    std::uint32_t second_ = 0;
};

} // namespace

file_image replay_wal(file_image store, file_image const& wal) {
    std::string const all = wal.bytes();
    if (all.size() < header_bytes) { return store; }
    std::string_view const header = std::string_view{all}.substr(0, header_bytes);
    std::size_t const page_bytes = number_at(header, 8);
    bool const is_page =
        std::has_single_bit(page_bytes) && page_bytes >= 512 && page_bytes <= 65'536;
    if ((number_at(header, 0) & ~1U) != magic || !is_page) { return store; }
    running_sum sum{(number_at(header, 0) & 1U) != 0};
    sum.add(header.substr(0, 24));
    if (!sum.is_at(header, 24)) { return store; }

    file_image replayed = store; // with frames that no commit may follow
    for (std::size_t at = header_bytes; at + frame_header_bytes + page_bytes <= all.size();
         at += frame_header_bytes + page_bytes) {
        std::string_view const frame{all.data() + at, frame_header_bytes};
        std::string_view const page{all.data() + at + frame_header_bytes, page_bytes};
        std::uint64_t const number = number_at(frame, 0);
        if (frame.substr(8, 8) != header.substr(16, 8) || number == 0) { break; }
        sum.add(frame.substr(0, 8));
        sum.add(page);
        if (!sum.is_at(frame, 16)) { break; }
        replayed.write(page, (number - 1) * page_bytes);
        std::uint64_t const pages = number_at(frame, 4);
        if (pages == 0) { continue; }
        replayed.resize(pages * page_bytes);
        store = replayed;
    }
    return store;
}

} // namespace swarmlog::test
