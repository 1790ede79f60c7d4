#pragma once

#include "index/index_snapshot.hpp"
#include "index/key.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

/// Walks over everything that the index holds, run by run and tail merged by rising key hash.
/// Memory: a block for each run, and the tail's keys. Postings beyond `bound` do not count.
namespace swarmlog::detail {

/// Returns false to stop. `name` lives until it returns.
using key_visitor =
    std::function<bool(std::string_view name, std::uint64_t count, position first, position last)>;

/// Every key of one kind, in no order that means anything to a person.
[[nodiscard]] result<void> for_each_key(index_snapshot const& index, read_view& view, key_kind kind,
                                        key_visitor const& visit, position bound = position::max());

/// Returns false to stop. `ordinal` is how many postings the key has before this one
/// (for a stream: the version less one).
using posting_visitor =
    std::function<bool(key_kind kind, std::string_view name, std::uint64_t ordinal, position at)>;

/// Every posting of every key, each key's together and rising: what verification compares
/// with the log. Checks every block's checksum and order on its way.
[[nodiscard]] result<void> for_each_posting(index_snapshot const& index, read_view& view,
                                            posting_visitor const& visit,
                                            position bound = position::max());

} // namespace swarmlog::detail
