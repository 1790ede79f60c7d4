#include "fuzz/entry_points.hpp"

#include "fuzz/exact_copy.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/engine/event_log.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace swarmlog::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t length_bytes = 3;

sqlite_log_options small() {
    sqlite_log_options options;
    options.drive = writer_drive::by_hand;
    options.index_tail_events = 8;
    return options;
}

void put(fs::path const& path, std::string_view bytes) {
    std::ofstream{path, std::ios::binary}.write(bytes.data(),
                                                static_cast<std::streamsize>(bytes.size()));
}

std::string bytes_of(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void append_events(event_log& log, int count) {
    auto producer = log.make_producer();
    for (int each = 0; each != count; ++each) {
        require(producer
                    .append("s" + std::to_string(each % 3), expected::any{},
                            raw_event{"t", "{\"n\":1}"}, {.tags = {"tag"}})
                    .has_value());
    }
}

std::string input_of(fs::path const& path) {
    std::string const file = bytes_of(path);
    std::string input;
    for (std::size_t byte = 0; byte != length_bytes; ++byte) {
        input += static_cast<char>(file.size() >> (8 * byte));
    }
    return input + file + bytes_of(path.string() + "-wal");
}

/// Whatever is in the file, each call gives an answer.
void use(event_log& log) {
    std::uint64_t last = 0;
    for (reader events = log.read();;) {
        auto const next = events.next();
        if (!next || !*next) { break; }
        require((**next).position.value > last);
        last = (**next).position.value;
    }
    static_cast<void>(log.read().stream("s1").count());
    static_cast<void>(log.verify());
}

} // namespace

int fuzz_database(std::uint8_t const* data, std::size_t size) {
    static temporary_folder const folder;
    if (size < length_bytes) { return 0; }
    exact_copy const bytes{data, size};
    std::size_t length = 0;
    for (std::size_t byte = 0; byte != length_bytes; ++byte) {
        length |= static_cast<std::size_t>(data[byte]) << (8 * byte);
    }
    std::string_view const files = bytes.view().substr(length_bytes);
    fs::path const path = folder / "log.db";
    put(path, files.substr(0, length));
    put(path.string() + "-wal", files.substr(std::min(length, files.size())));

    if (auto log = open_sqlite_read_only(path, small())) { use(*log); }
    if (auto log = open_sqlite(path, small())) {
        use(*log);
        auto producer = log->make_producer();
        static_cast<void>(producer.append("s1", expected::any{}, raw_event{"t", "{}"}));
        static_cast<void>(log->close());
    }
    for (char const* const ending : {"", "-wal", "-shm", "-journal", ".lock"}) {
        std::error_code ignored;
        fs::remove(path.string() + ending, ignored);
    }
    return 0;
}

std::vector<std::string> valid_databases() {
    temporary_folder const folder;
    fs::path const path = folder / "log.db";
    std::vector<std::string> inputs;
    {
        auto log = open_sqlite(path, small()).value();
        append_events(log, 20);
        inputs.push_back(input_of(path));
        require(log.close().has_value());
    }
    inputs.push_back(input_of(path));
    return inputs;
}

} // namespace swarmlog::test
