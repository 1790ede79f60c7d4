#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// As much of Markdown as the documentation's own tests need.
namespace swarmlog::test {

/// What stands between two lines of three backticks.
struct code_block {
    std::string language;
    std::string text;
    std::size_t line = 0; ///< of its first line, from 1
};

struct markdown_link {
    std::string target;
    std::size_t line = 0;
};

[[nodiscard]] std::vector<code_block> code_blocks(std::string_view markdown);

/// Inline links outside code: `[text](target)`.
[[nodiscard]] std::vector<markdown_link> links(std::string_view markdown);

/// What stands between two backticks of one line of prose.
[[nodiscard]] std::vector<std::string> inline_code(std::string_view markdown);

/// The fragments by which its headings can be linked to.
[[nodiscard]] std::set<std::string> anchors(std::string_view markdown);

/// A link whose text is code: [`name`](target).
struct named_link {
    std::string name;
    std::string target;
};

[[nodiscard]] std::vector<named_link> named_links(std::string_view markdown);

/// What follows a heading, up to the next one of any level. Empty without such a heading.
[[nodiscard]] std::string_view section(std::string_view markdown, std::string_view heading);

/// The items of a text's lists, each with the lines that belong to it, and the rows of its tables
/// but their heads.
[[nodiscard]] std::vector<std::string> items_and_rows(std::string_view markdown);

/// The names that stand alone, in backticks, in the first cell of a table's row.
[[nodiscard]] std::vector<std::string> table_keys(std::string_view markdown);

/// The parts of a source between a line `//[name` and a line `//]`, less their indentation.
[[nodiscard]] std::map<std::string, std::string> marked_snippets(std::string_view source);

} // namespace swarmlog::test
