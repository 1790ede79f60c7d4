#pragma once

#include "support/in_child.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/backends/sqlite_store.hpp>
#include <swarmlog/engine/backend.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// A record as a test keeps it: owning its body.
struct owned_record {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::int64_t recorded_at = 0;
    record_hash hash{};
    std::string body;

    friend bool operator==(owned_record const&, owned_record const&) = default;
};

std::ostream& operator<<(std::ostream& out, owned_record const& record);

/// A record of which every part follows from its positions, so that a mixed up part shows.
[[nodiscard]] owned_record make_record(std::uint64_t first, std::uint64_t last,
                                       std::size_t body_bytes = 100);
[[nodiscard]] stored_record view_of(owned_record const& record);
[[nodiscard]] owned_record own(stored_record const& record);

/// Appends in a transaction of its own, and does what is due after the commit. Fails the test
/// on any error.
void append(backend& store, std::vector<owned_record> const& records);
/// Records of one position each, `count` of them, in one transaction each.
void append_singles(backend& store, std::uint64_t first, std::uint64_t count,
                    std::size_t body_bytes = 100);

[[nodiscard]] std::vector<owned_record> records_from(read_view& view, std::uint64_t from,
                                                     std::size_t count_max = 1'000'000);
[[nodiscard]] std::vector<owned_record> records_back_from(read_view& view, std::uint64_t from,
                                                          std::size_t count_max = 1'000'000);
[[nodiscard]] std::vector<owned_record> all_records(backend& store);
[[nodiscard]] std::uint64_t head_of(backend& store);

template <class T>
[[nodiscard]] std::string message_of(result<T> const& got) {
    return got ? "success" : got.error().message();
}

/// The value, or a failed test with the error's message.
template <class T>
[[nodiscard]] T must(result<T> got) {
    BOOST_REQUIRE_MESSAGE(got.has_value(), message_of(got));
    return std::move(*got);
}
void must(result<void> done);
void must(commit_result const& done);

/// True when it failed with this code; reports another outcome.
[[nodiscard]] bool fails_with(result<void> const& got, errc code);
template <class T>
[[nodiscard]] bool fails_with(result<T> const& got, errc code) {
    return fails_with(got ? result<void>{} : result<void>{got.error()}, code);
}

/// True when it failed with this code and a message that has this part, too.
template <class T>
[[nodiscard]] bool fails_with(result<T> const& got, errc code, std::string_view part) {
    if (!fails_with(got, code)) return false;
    if (got.error().message().find(part) != std::string::npos) return true;
    BOOST_TEST_MESSAGE("instead: " << message_of(got));
    return false;
}

[[nodiscard]] std::string bytes_of_file(std::filesystem::path const& path);
[[nodiscard]] std::vector<std::string> names_in(std::filesystem::path const& folder);

/// As `in_child`, as a user who may not write what this process's user owns. A test must have no
/// store open when it forks.
[[nodiscard]] int in_unprivileged_child(std::function<int()> const& body);

} // namespace swarmlog::test
