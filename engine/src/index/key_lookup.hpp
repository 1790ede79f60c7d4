#pragma once

#include "index/index_snapshot.hpp"
#include "index/key.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <cstdint>
#include <optional>

/// Single facts about one key, from a snapshot and a read view taken after it.
/// Postings beyond `bound` do not count. Any thread.
namespace swarmlog::detail {

struct key_summary {
    std::uint64_t count = 0; ///< a stream's version
    position last;
};

/// How often a *stream* occurs up to `bound`, and where last; empty when it does not.
/// Reads one block of the newest run that has the stream.
[[nodiscard]] result<std::optional<key_summary>> newest(index_snapshot const& index,
                                                        read_view& view, key_ref const& stream,
                                                        position bound = position::max());

/// The last occurrence of a key of any kind up to `bound`; empty when there is none.
[[nodiscard]] result<std::optional<position>> last_position(index_snapshot const& index,
                                                            read_view& view, key_ref const& key,
                                                            position bound = position::max());

/// How often a key of any kind occurs up to `bound`. Reads two blocks a run that has it.
[[nodiscard]] result<std::uint64_t> count_of(index_snapshot const& index, read_view& view,
                                             key_ref const& key, position bound = position::max());

/// Where the event with this version of the stream is; empty when there is none up to `bound`.
[[nodiscard]] result<std::optional<position>>
position_of_version(index_snapshot const& index, read_view& view, key_ref const& stream,
                    version wanted, position bound = position::max());

} // namespace swarmlog::detail
