// A snapshot gives the table it was made of, or nothing.
#include "table_snapshot.hpp"

#include <boost/test/unit_test.hpp>

#include <xxhash.h>

#include <array>
#include <cstdint>
#include <string>

using namespace swarmlog;

namespace {

table_spec const sample_table{"sample",
                              {{"key", column_kind::text, false},
                               {"number", column_kind::integer, false},
                               {"ratio", column_kind::real, true}},
                              0,
                              {}};

std::string sample_snapshot() {
    memory_table table{sample_table};
    table.put({std::string{"a"}, std::int64_t{-7}, 0.5});
    table.put({std::string{"b"}, std::int64_t{7}, std::monostate{}});
    return detail::encode_snapshot(table, 3);
}

/// What stands before the checksum, under one that fits.
std::string sealed(std::string content) {
    std::uint64_t const checksum = XXH3_64bits(content.data(), content.size());
    for (unsigned at = 0; at != 8; ++at) {
        content += static_cast<char>(checksum >> at * 8 & 0xff);
    }
    return content;
}

std::string content_of(std::string const& snapshot) {
    return snapshot.substr(0, snapshot.size() - 8);
}

bool is_readable(std::string const& snapshot) {
    return detail::decode_snapshot(snapshot, sample_table, 3).has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(table_snapshots)

BOOST_AUTO_TEST_CASE(a_snapshot_gives_its_table_back) {
    auto const restored = detail::decode_snapshot(sample_snapshot(), sample_table, 3);
    BOOST_REQUIRE(restored.has_value());
    BOOST_TEST(restored->size() == 2U);
    BOOST_REQUIRE(restored->find(std::string{"a"}) != nullptr);
    BOOST_TEST((restored->find(std::string{"a"})->at(2) == cell{0.5}));
    BOOST_TEST((detail::encode_snapshot(*restored, 3) == sample_snapshot()));
}

BOOST_AUTO_TEST_CASE(any_byte_that_is_another_makes_it_none) {
    std::string const whole = sample_snapshot();
    for (std::size_t at = 0; at != whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        BOOST_TEST(!is_readable(damaged), "byte " << at);
        BOOST_TEST(!is_readable(whole.substr(0, at)), "cut at " << at);
    }
}

BOOST_AUTO_TEST_CASE(what_ends_early_under_a_checksum_that_fits_is_none) {
    std::string const content = content_of(sample_snapshot());
    BOOST_TEST(is_readable(sealed(content)));
    for (std::size_t size = 0; size != content.size(); ++size) {
        BOOST_TEST(!is_readable(sealed(content.substr(0, size))), "cut at " << size);
    }
    BOOST_TEST(!is_readable(sealed(content + '\0')));
}

BOOST_AUTO_TEST_CASE(cells_that_no_table_has_make_it_none) {
    std::string const content = content_of(sample_snapshot());
    std::size_t const first_kind = content.find("\x03\x01", content.find("ratio"));
    BOOST_REQUIRE(first_kind != std::string::npos);
    // No kind of cell, and one that is not the column's.
    for (char const kind : {'\x04', '\x7f', '\x00'}) {
        std::string other = content;
        other[first_kind] = kind;
        BOOST_TEST(!is_readable(sealed(other)));
    }
    // A text of more bytes than there are.
    std::string longer = content;
    longer[first_kind + 4] = '\x01';
    BOOST_TEST(!is_readable(sealed(longer)));
}

BOOST_AUTO_TEST_CASE(of_another_version_or_layout_it_is_none) {
    table_spec other = sample_table;
    other.columns[2].nullable = false;
    BOOST_TEST(!detail::decode_snapshot(sample_snapshot(), sample_table, 4));
    BOOST_TEST(!detail::decode_snapshot(sample_snapshot(), other, 3));
}

BOOST_AUTO_TEST_SUITE_END()
