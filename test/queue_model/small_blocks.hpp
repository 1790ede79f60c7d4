#pragma once

#include "queue_model/modelled.hpp"

#include <concurrentqueue.h>

#include <cstddef>

namespace swarmlog::modelled {

/// Everything in moodycamel's queue as small as it can be, so that a few tickets fill blocks and
/// let them be used again, grow its tables and turn its consumer.
struct small_blocks : moodycamel::ConcurrentQueueDefaultTraits {
    static constexpr std::size_t BLOCK_SIZE = 2;
    static constexpr std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 2;
    static constexpr std::size_t IMPLICIT_INITIAL_INDEX_SIZE = 2;
    static constexpr std::size_t INITIAL_IMPLICIT_PRODUCER_HASH_SIZE = 2;
    static constexpr std::uint32_t EXPLICIT_CONSUMER_CONSUMPTION_QUOTA_BEFORE_ROTATE = 2;

    /// Lasts as long as the execution, so that no address stands for two things.
    static void* malloc(std::size_t bytes) { return explorer::current().allocate(bytes); }
    static void free(void* /*memory*/) {}
};

} // namespace swarmlog::modelled
