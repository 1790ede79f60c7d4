#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// Everything that was done to the files of a folder, in one order.
///
/// A file is a number, whatever its name becomes; names are without the folder. One thread.
class io_journal {
public:
    enum class action : std::uint8_t {
        create,     ///< `name` is the new, empty `file`
        write,      ///< `bytes` at `offset` of `file`
        truncate,   ///< `file` ends at `offset`
        sync,       ///< `file` is flushed, and with `syncs_names` the folder too
        rename,     ///< `name` becomes `new_name`
        remove,     ///< `name` is gone
        sync_names, ///< the folder is flushed
    };
    struct entry {
        action what;
        std::uint32_t file = 0;
        std::uint64_t offset = 0;
        std::string bytes{};
        std::string name{}, new_name{};
        bool syncs_names = false;
        /// False for a flush that was answered and not made.
        bool is_honoured = true;
    };

    void create(std::string_view name);
    void write(std::uint32_t file, std::string_view bytes, std::uint64_t offset);
    void truncate(std::uint32_t file, std::uint64_t size);
    void sync(std::uint32_t file, bool syncs_names, bool is_honoured);
    void rename(std::string_view name, std::string_view new_name);
    void remove(std::string_view name);
    void sync_names();

    /// The file that has this name now.
    [[nodiscard]] std::optional<std::uint32_t> file_named(std::string_view name) const;
    [[nodiscard]] std::vector<entry> const& entries() const noexcept { return entries_; }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    /// The last part of a path.
    [[nodiscard]] static std::string_view name_in(std::string_view path) noexcept {
        return path.substr(path.rfind('/') + 1);
    }

private:
    std::vector<entry> entries_;
    std::map<std::string, std::uint32_t, std::less<>> names_;
    std::uint32_t files_ = 0;
};

} // namespace swarmlog::test
