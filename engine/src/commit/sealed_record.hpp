#pragma once

#include "record/record.hpp"
#include "record/record_frame.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/options.hpp>

#include <memory>
#include <string>

namespace swarmlog::detail {

/// A record that is complete: as it is stored, and as readers share it.
struct sealed_record {
    std::string body;
    record_hash hash{};
    std::shared_ptr<record const> content;

    [[nodiscard]] stored_record stored() const noexcept {
        return {content->first(), content->last(), content->header().recorded_at, hash, body};
    }
};

/// Packs and hashes a content.
[[nodiscard]] inline result<sealed_record> seal(std::string content, record_codec codec) {
    sealed_record sealed;
    sealed.hash = hash_content(content);
    frame_content(content, codec, sealed.body);
    auto parsed = record::parse(std::move(content));
    if (!parsed) { return parsed.error(); }
    sealed.content = std::move(*parsed);
    return sealed;
}

} // namespace swarmlog::detail
