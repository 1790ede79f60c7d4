#pragma once

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace swarmlog::detail {

/// Finds keys that occur twice in one JSON object, for objects that nest.
///
/// The keys of all open objects lie on one stack. A small object compares each new key with
/// those before it; one with more than `compared_keys_max` keys is sorted once when it closes,
/// so the work is never more than n log n, and no choice of keys can make it worse. No heap is
/// used up to the inline sizes below.
class unique_keys {
public:
    static constexpr std::size_t compared_keys_max = 32;

    void open_object();

    /// False when the innermost object already has this key; a large object may say so only
    /// when it closes. `key` is unescaped, and its bytes must live until the object closes.
    [[nodiscard]] bool add(std::string_view key);

    /// Closes the innermost object; a key that occurs twice in it if that was not seen before.
    [[nodiscard]] std::optional<std::string_view> close_object();

private:
    struct entry {
        std::uint64_t fingerprint;
        std::string_view key;
    };
    struct open_object_state {
        std::size_t first_entry;
        /// One bit for each six-bit hash seen: most keys are known to be new by one look.
        std::uint64_t seen_hashes;
    };

    [[nodiscard]] std::optional<std::string_view> find_duplicate_by_sorting(std::size_t first);

    boost::container::small_vector<entry, 48> entries_;
    boost::container::small_vector<open_object_state, 16> objects_;
};

} // namespace swarmlog::detail
