#pragma once

#include "support/io_journal.hpp"
#include "support/layered_vfs.hpp"

#include <string>

namespace swarmlog::test {

/// A SQLite VFS over another one that writes down in a journal what was done to its files. A file
/// that the journal does not know is taken for a new one. Files without a name and the shared
/// memory beside a write-ahead log are left out: they do not outlive their processes. One thread
/// at a time.
class recording_vfs final : public layered_vfs {
public:
    /// What a flush does. `ignored`: the caller hears of success, and nothing is flushed.
    enum class flushes { honoured, ignored };

    /// `below` names a registered VFS; empty means the default one.
    recording_vfs(std::string name, io_journal& journal, flushes how = flushes::honoured,
                  std::string const& below = {});

    int open(char const* path, layered_file& file, int flags, int* out_flags) override;
    int write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) override;
    int truncate(layered_file& file, sqlite3_int64 size) override;
    int sync(layered_file& file, int flags) override;
    int remove(char const* path, bool sync_folder) override;

private:
    io_journal& journal_;
    flushes how_;
};

} // namespace swarmlog::test
