#pragma once

#include <swarmlog/engine/event.hpp>

#include <string>

namespace swarmlog::cli {

/// Adds an event as one line of JSON, with its end: what `cat -o json` and `export` write and
/// `import` reads. Nothing is lost.
///
///     {"position":7,"stream":"task-1","version":2,"type":"task.started","schema_version":1,
///      "id":"0198…","recorded_at":"2026-08-06T04:12:45.184938521Z","occurred_at":"…",
///      "correlation_id":"…","causation_id":"…","tags":["task:1"],"metadata":{…},"data":{…}}
///
/// What the event does not have is left out. `data` and `metadata` are the stored bytes, put into
/// the line as they are. Where that would break the line, or where blanks around the value would
/// get lost, the member is `data_text` or `metadata_text` instead: the same bytes as a string.
void append_event_json(std::string& line, event_view const& event);

} // namespace swarmlog::cli
