#pragma once

#include <swarmlog/engine/append_request.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::cli {

/// An event read from a line of JSON, before the log has judged it.
struct input_event {
    std::string stream;
    std::string type;
    std::string data; ///< the very bytes of the line
    std::string metadata;
    std::vector<std::string> tags;
    std::string correlation_id;
    std::string causation_id;
    std::optional<timestamp> occurred_at;
    std::optional<event_id> id;
    std::uint32_t schema_version = 1;

    // Only in lines for `append`.
    expected::condition condition;
    std::string idempotency_key;

    // Only in lines that were exported.
    std::optional<timestamp> recorded_at;
    std::uint64_t position = 0; ///< 0 when the line does not say
    std::uint64_t version = 0;

    /// Adds it to an append. The request keeps what is wrong with it.
    void add_to(append_request& request) const;
};

/// What a line is for: it may only have the members that make sense there, so that a misspelt
/// or misplaced one is not silently ignored.
enum class line_use { append, import };

/// Reads one line. `stream`, `type` and `data` (or `data_text`) must be there.
/// Fails with `invalid_json`, `invalid_argument` or `invalid_id` and a reason that names the
/// member.
[[nodiscard]] result<input_event> read_input_event(std::string_view line, line_use use);

} // namespace swarmlog::cli
