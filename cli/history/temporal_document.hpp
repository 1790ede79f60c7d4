#pragma once

#include "history/history_event.hpp"
#include "history/json_slice.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace swarmlog {

/// The history of one Temporal workflow: a JSON document whose `events` array stands at the top,
/// under `history`, or is the whole document.
///
/// Each element becomes an event of the stream `workflow-<name>`, its data the very bytes of the
/// element (which may span lines). Type: `eventType`. Time: `eventTime` (RFC 3339), or the integer
/// `timestamp`, whose unit shows in its size; an event may have none. Tags: `task:<name>`, because
/// the workflow is the unit of work, and `agent:<identity>` when the attributes name one.
class temporal_document {
public:
    /// What stands at one place of the document: an event, or the reason why it is none.
    struct element {
        result<history_event> event;
        std::uint64_t line = 0;
    };

    /// Takes over the text of a file. When it is malformed as a whole, or holds no events, fails
    /// with `invalid_json` and sets `failed_line`.
    [[nodiscard]] static result<temporal_document> read(std::string text, std::string workflow,
                                                        std::uint64_t& failed_line);

    /// Nothing after the last element.
    [[nodiscard]] std::optional<element> next();

    /// Bytes of the document that were walked over.
    [[nodiscard]] std::uint64_t bytes_used() const noexcept { return counted_; }

private:
    temporal_document(std::shared_ptr<std::string const> text, std::string_view events,
                      std::string workflow);

    std::shared_ptr<std::string const> text_; ///< shared so that moving leaves views valid
    json_array_walk elements_;
    std::string workflow_;
    std::size_t counted_ = 0; ///< lines are counted up to here
    std::uint64_t line_ = 1;
};

} // namespace swarmlog
