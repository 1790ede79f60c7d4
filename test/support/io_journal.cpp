#include "support/io_journal.hpp"

#include <utility>

namespace swarmlog::test {

void io_journal::create(std::string_view name) {
    names_.insert_or_assign(std::string{name}, files_);
    entries_.push_back({.what = action::create, .file = files_++, .name = std::string{name}});
}

void io_journal::write(std::uint32_t file, std::string_view bytes, std::uint64_t offset) {
    entries_.push_back(
        {.what = action::write, .file = file, .offset = offset, .bytes = std::string{bytes}});
}

void io_journal::truncate(std::uint32_t file, std::uint64_t size) {
    entries_.push_back({.what = action::truncate, .file = file, .offset = size});
}

void io_journal::sync(std::uint32_t file, bool syncs_names, bool is_honoured) {
    entries_.push_back({.what = action::sync,
                        .file = file,
                        .syncs_names = syncs_names,
                        .is_honoured = is_honoured});
}

void io_journal::rename(std::string_view name, std::string_view new_name) {
    auto const found = names_.find(name);
    if (found == names_.end()) { return; }
    std::uint32_t const file = found->second;
    names_.erase(found);
    names_.insert_or_assign(std::string{new_name}, file);
    entries_.push_back({.what = action::rename,
                        .file = file,
                        .name = std::string{name},
                        .new_name = std::string{new_name}});
}

void io_journal::remove(std::string_view name) {
    auto const found = names_.find(name);
    if (found == names_.end()) { return; }
    std::uint32_t const file = found->second;
    names_.erase(found);
    entries_.push_back({.what = action::remove, .file = file, .name = std::string{name}});
}

void io_journal::sync_names() { entries_.push_back({.what = action::sync_names}); }

std::optional<std::uint32_t> io_journal::file_named(std::string_view name) const {
    auto const found = names_.find(name);
    if (found == names_.end()) { return std::nullopt; }
    return found->second;
}

} // namespace swarmlog::test
