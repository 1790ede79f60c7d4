#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What reads bytes that nobody vouches for, each as one function in libFuzzer's form: called
/// with any bytes it returns, reads nothing outside them, and aborts where a property does not
/// hold (say, that what was parsed prints to what parses to the same).
///
/// The suite drives them with a bounded number of mutated inputs; test/guided_fuzz/ has libFuzzer
/// drive them.
namespace swarmlog::test {

using fuzz_entry = int (*)(std::uint8_t const* data, std::size_t size);

int fuzz_record(std::uint8_t const* data, std::size_t size);        ///< a record's content
int fuzz_stored_record(std::uint8_t const* data, std::size_t size); ///< a record's framed body
int fuzz_frame(std::uint8_t const* data, std::size_t size); ///< the same, checksum made good
int fuzz_run_block(std::uint8_t const* data, std::size_t size);
int fuzz_run_guide(std::uint8_t const* data, std::size_t size);
int fuzz_run_header(std::uint8_t const* data, std::size_t size);
int fuzz_json(std::uint8_t const* data, std::size_t size);
int fuzz_typed_event(std::uint8_t const* data, std::size_t size);
int fuzz_timestamp(std::uint8_t const* data, std::size_t size);
int fuzz_event_id(std::uint8_t const* data, std::size_t size);
/// Texts of an append, separated by newlines: stream, type, data, metadata, correlation,
/// causation, key, tags. What a log in memory takes it gives back unchanged.
int fuzz_append(std::uint8_t const* data, std::size_t size);

int fuzz_import_line(std::uint8_t const* data, std::size_t size);      ///< of `append` and `import`
int fuzz_history_line(std::uint8_t const* data, std::size_t size);     ///< of any recorded history
int fuzz_history_document(std::uint8_t const* data, std::size_t size); ///< of Temporal
/// A pattern of LIKE or a moment, a newline, and a text.
int fuzz_filter(std::uint8_t const* data, std::size_t size);
/// A database file and its write-ahead log: three bytes that say the former's length (the least
/// significant first), the former, the latter. It is opened to read and to write.
int fuzz_database(std::uint8_t const* data, std::size_t size);
/// Such inputs: one whose write-ahead log is full, one whose log is empty.
[[nodiscard]] std::vector<std::string> valid_databases();

} // namespace swarmlog::test
