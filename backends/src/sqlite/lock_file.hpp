#pragma once

#include <swarmlog/engine/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace swarmlog::detail {

/// The file beside a store whose lock says "one writer", and whose bytes hold what must be known
/// apart from the store (high_water_mark.hpp).
///
/// The lock belongs to the open file description (F_OFD_SETLK): a second open in the same
/// process is refused as well, closing another descriptor of the file does not drop it, and a
/// forked child may close its copy. The file is never removed: then two processes could each
/// lock a file of that name.
class lock_file {
public:
    /// Takes the lock at once or fails with `already_open`, which names the store.
    [[nodiscard]] static result<lock_file> acquire(std::string const& store_path);
    /// Opens the bytes for reading, without the lock; `not_found` when there is no such file.
    [[nodiscard]] static result<lock_file> peek(std::string const& store_path);

    lock_file() = default;
    lock_file(lock_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    lock_file& operator=(lock_file&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~lock_file() { release(); }

    /// Fewer than asked for at the end of the file, or when reading fails.
    [[nodiscard]] std::size_t read(std::span<std::uint8_t> bytes, std::uint64_t offset) const;
    [[nodiscard]] result<void> write(std::span<std::uint8_t const> bytes,
                                     std::uint64_t offset) const;
    [[nodiscard]] result<void> sync() const;

    /// Gives the lock up, unless a forked child holds a copy. Touches no byte.
    void release() noexcept;

private:
    explicit lock_file(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_ = -1;
};

/// `<store>.lock`
[[nodiscard]] std::string lock_path_of(std::string const& store_path);

} // namespace swarmlog::detail
