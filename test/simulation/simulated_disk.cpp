#include "simulation/simulated_disk.hpp"

#include "crash_states/other_boot.hpp"
#include "crash_states/power_cut.hpp"
#include "support/seeded_entropy.hpp"

#include <swarmlog/backends/sqlite_store.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string_view>

namespace swarmlog::test {

namespace {

constexpr std::string_view store_name = "log.db";
constexpr std::string_view lock_name = "log.db.lock";

std::string bytes_of(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_bytes(std::filesystem::path const& path, std::string_view bytes) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The log asks the file system whether there is a store, and SQLite for its bytes.
void write_placeholder(std::filesystem::path const& path) { write_bytes(path, "in memory"); }

using new_stores = std::map<std::uint32_t, disk_image>;

disk_image make_store(std::uint32_t page_bytes) {
    seeded_entropy const entropy{page_bytes};
    temporary_folder const folder;
    sqlite_store_options options;
    options.page_bytes = page_bytes;
    auto const path = folder / std::string{store_name};
    auto const store = open_sqlite_store(path, options);
    if (!store || !(*store)->close()) { throw std::runtime_error{"cannot make a store"}; }
    disk_image made;
    made[std::string{store_name}].write(bytes_of(path), 0);
    made[std::string{lock_name}].write(bytes_of(folder / std::string{lock_name}), 0);
    return made;
}

new_stores make_stores() {
    new_stores made;
    for (std::uint32_t const page_bytes : {512U, 1024U, 2048U, 4096U}) {
        made.emplace(page_bytes, make_store(page_bytes));
    }
    return made;
}

new_stores const& prepared_stores() {
    static new_stores const made = make_stores();
    return made;
}

} // namespace

int watched_vfs::write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) {
    if (is_dead) { return SQLITE_IOERR_WRITE; }
    if (before_change) { before_change(); }
    return layered_vfs::write(file, bytes, count, offset);
}

int watched_vfs::truncate(layered_file& file, sqlite3_int64 size) {
    if (is_dead) { return SQLITE_IOERR_TRUNCATE; }
    if (before_change) { before_change(); }
    return layered_vfs::truncate(file, size);
}

int watched_vfs::sync(layered_file& file, int flags) {
    if (is_dead) { return SQLITE_IOERR_FSYNC; }
    int const code = layered_vfs::sync(file, flags);
    if (code == SQLITE_OK && file.is_wal && after_flush) { after_flush(); }
    return code;
}

int watched_vfs::remove(char const* path, bool sync_folder) {
    return is_dead ? SQLITE_IOERR_DELETE : layered_vfs::remove(path, sync_folder);
}

void simulated_disk::prepare() { static_cast<void>(prepared_stores()); }

simulated_disk::simulated_disk(std::uint32_t page_bytes) {
    write_placeholder(path());
    put(prepared_stores().at(page_bytes));
}

void simulated_disk::start_process() {
    faulty_.heal();
    watched_.is_dead = false;
    if (lock_when_killed_) {
        write_bytes(lock_path(), *lock_when_killed_);
        lock_when_killed_.reset();
    }
    if (!calls_) { calls_.emplace(journal_); }
}

void simulated_disk::kill_process() {
    watched_.is_dead = true;
    calls_.reset(); // what the dead process does to its lock file is undone
    lock_when_killed_ = bytes_of(lock_path());
}

void simulated_disk::cut_power(std::mt19937_64& random) {
    power_cut cut{journal_};
    cut.move_to(journal_.size());
    disk_image left = cut.leave(random);
    if (auto const lock = left.find(lock_name); lock != left.end()) {
        std::string bytes = lock->second.bytes();
        name_other_boot(bytes);
        lock->second.write(bytes, 0);
    }
    lock_when_killed_.reset();
    put(left);
}

void simulated_disk::put(disk_image const& image) {
    disk_image without_lock = image;
    if (auto const lock = without_lock.find(lock_name); lock != without_lock.end()) {
        without_lock.erase(lock);
    }
    memory_.load(without_lock);
    write_bytes(lock_path(), {});
    journal_ = {};
    for (auto const& [name, file] : image) {
        journal_.create(name);
        std::uint32_t const number = *journal_.file_named(name);
        file.for_each_block([&](std::size_t index, file_image::block const& block) {
            journal_.write(number, {block.data(), block.size()}, index * block.size());
        });
        journal_.truncate(number, file.size());
        journal_.sync(number, true, true);
        if (name == lock_name) { write_bytes(lock_path(), file.bytes()); }
    }
}

std::uint64_t simulated_disk::fingerprint_now() const { return fingerprint(memory_.image()); }

void simulated_disk::make(std::string const& name) {
    static_cast<void>(memory_.find_or_create(name));
}

void simulated_disk::rename(std::string const& name, std::string const& new_name) {
    memory_.rename(name, new_name);
    journal_.rename(name, new_name);
    write_placeholder(folder_ / new_name);
}

void simulated_disk::remove(std::string const& name) {
    memory_.erase(name);
    journal_.remove(name);
    std::filesystem::remove(folder_ / name);
}

} // namespace swarmlog::test
