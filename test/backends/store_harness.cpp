#include "store_harness.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>

namespace swarmlog::test {

std::ostream& operator<<(std::ostream& out, owned_record const& record) {
    return out << "record " << record.first << ".." << record.last << " of " << record.body.size()
               << " bytes";
}

owned_record make_record(std::uint64_t first, std::uint64_t last, std::size_t body_bytes) {
    owned_record record;
    record.first = first;
    record.last = last;
    record.recorded_at =
        1'700'000'000'000'000'000 + static_cast<std::int64_t>(first % 1'000'000'007);
    for (std::size_t i = 0; i < record.hash.size(); ++i) {
        record.hash[i] = static_cast<std::uint8_t>(first * 31 + i);
    }
    record.body.resize(body_bytes);
    std::uint64_t state = first * 0x9e37'79b9'7f4a'7c15ULL + last;
    for (char& byte : record.body) {
        state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        byte = static_cast<char>(state >> 56U);
    }
    return record;
}

stored_record view_of(owned_record const& record) {
    return {position{record.first}, position{record.last},
            timestamp{std::chrono::nanoseconds{record.recorded_at}}, record.hash, record.body};
}

owned_record own(stored_record const& record) {
    return {record.first.value, record.last.value, record.recorded_at.time_since_epoch().count(),
            record.hash, std::string{record.body}};
}

void append(backend& store, std::vector<owned_record> const& records) {
    auto transaction = must(store.begin());
    for (auto const& record : records) must(transaction->append_record(view_of(record)));
    must(transaction->commit());
    must(store.after_commit(position{records.back().last}));
}

void append_singles(backend& store, std::uint64_t first, std::uint64_t count,
                    std::size_t body_bytes) {
    for (std::uint64_t at = first; at < first + count; ++at) {
        append(store, {make_record(at, at, body_bytes)});
    }
}

std::vector<owned_record> records_from(read_view& view, std::uint64_t from, std::size_t count_max) {
    std::vector<owned_record> found;
    must(view.records_from(position{from}, [&](stored_record const& record) {
        found.push_back(own(record));
        return found.size() < count_max;
    }));
    return found;
}

std::vector<owned_record> records_back_from(read_view& view, std::uint64_t from,
                                            std::size_t count_max) {
    std::vector<owned_record> found;
    must(view.records_back_from(position{from}, [&](stored_record const& record) {
        found.push_back(own(record));
        return found.size() < count_max;
    }));
    return found;
}

std::vector<owned_record> all_records(backend& store) {
    return records_from(*must(store.read()), 1);
}

std::uint64_t head_of(backend& store) { return must(must(store.read())->head()).value; }

void must(result<void> done) { BOOST_REQUIRE_MESSAGE(done.has_value(), message_of(done)); }

void must(commit_result const& done) {
    BOOST_REQUIRE_MESSAGE(done.outcome == commit_outcome::committed, done.failure.message());
}

bool fails_with(result<void> const& got, errc code) {
    if (!got && got.error() == code) {
        BOOST_TEST(!got.error().message().empty());
        return true;
    }
    BOOST_TEST_MESSAGE("instead: " << message_of(got));
    return false;
}

std::string bytes_of_file(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> names_in(std::filesystem::path const& folder) {
    std::vector<std::string> names;
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

int in_unprivileged_child(std::function<int()> const& body) {
    return in_child([&] {
        constexpr ::uid_t nobody = 65'534;
        if (::geteuid() != 0) { return body(); }
        // The saved rights stay, for what the child itself has to record in the end.
        if (::setresgid(nobody, nobody, 0) != 0 || ::setresuid(nobody, nobody, 0) != 0) return 99;
        int const verdict = body();
        return ::setresuid(0, 0, 0) == 0 && ::setresgid(0, 0, 0) == 0 ? verdict : 98;
    });
}

} // namespace swarmlog::test
