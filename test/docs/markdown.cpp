#include "docs/markdown.hpp"

#include <algorithm>
#include <cctype>

namespace swarmlog::test {

namespace {

constexpr std::string_view fence = "```";

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// Every line of prose, with its number; what is code is left out.
template <class Visitor>
void for_each_line_of_prose(std::string_view markdown, Visitor&& visit) {
    std::size_t number = 0;
    bool in_code = false;
    for (std::string_view const line : lines_of(markdown)) {
        ++number;
        if (line.starts_with(fence)) {
            in_code = !in_code;
        } else if (!in_code) {
            visit(line, number);
        }
    }
}

std::string without_inline_code(std::string_view line) {
    std::string prose;
    bool in_code = false;
    for (char const letter : line) {
        if (letter == '`') {
            in_code = !in_code;
        } else if (!in_code) {
            prose += letter;
        }
    }
    return prose;
}

std::string without_indentation(std::vector<std::string_view> const& lines) {
    std::size_t indentation = std::string_view::npos;
    for (std::string_view const line : lines) {
        if (!trimmed(line).empty()) {
            indentation = std::min(indentation, line.size() - trimmed(line).size());
        }
    }
    std::string text;
    for (std::string_view const line : lines) {
        text += line.substr(std::min(indentation, line.size()));
        text += '\n';
    }
    return text;
}

} // namespace

std::vector<code_block> code_blocks(std::string_view markdown) {
    std::vector<code_block> blocks;
    std::size_t number = 0;
    bool in_code = false;
    for (std::string_view const line : lines_of(markdown)) {
        ++number;
        if (!line.starts_with(fence)) {
            if (in_code) { blocks.back().text.append(line) += '\n'; }
            continue;
        }
        in_code = !in_code;
        if (in_code) { blocks.push_back({std::string{line.substr(fence.size())}, "", number + 1}); }
    }
    return blocks;
}

std::vector<markdown_link> links(std::string_view markdown) {
    std::vector<markdown_link> found;
    for_each_line_of_prose(markdown, [&](std::string_view line, std::size_t number) {
        std::string const prose = without_inline_code(line);
        for (std::size_t at = prose.find("]("); at != std::string::npos;
             at = prose.find("](", at + 1)) {
            auto const end = prose.find(')', at);
            if (end != std::string::npos) {
                found.push_back({prose.substr(at + 2, end - at - 2), number});
            }
        }
    });
    return found;
}

std::vector<std::string> inline_code(std::string_view markdown) {
    std::vector<std::string> found;
    for_each_line_of_prose(markdown, [&](std::string_view line, std::size_t) {
        for (auto at = line.find('`'); at != std::string_view::npos; at = line.find('`', at)) {
            auto const end = line.find('`', at + 1);
            if (end == std::string_view::npos) { return; }
            found.emplace_back(line.substr(at + 1, end - at - 1));
            at = end + 1;
        }
    });
    return found;
}

std::vector<named_link> named_links(std::string_view markdown) {
    constexpr std::string_view begin = "[`";
    constexpr std::string_view middle = "`](";
    std::vector<named_link> found;
    for (auto at = markdown.find(begin); at != std::string_view::npos;
         at = markdown.find(begin, at + 1)) {
        auto const name = at + begin.size();
        auto const name_end = markdown.find('`', name);
        if (name_end == std::string_view::npos || !markdown.substr(name_end).starts_with(middle)) {
            continue;
        }
        auto const target = name_end + middle.size();
        auto const target_end = markdown.find(')', target);
        if (target_end == std::string_view::npos) { continue; }
        found.push_back({std::string{markdown.substr(name, name_end - name)},
                         std::string{markdown.substr(target, target_end - target)}});
    }
    return found;
}

std::string_view section(std::string_view markdown, std::string_view heading) {
    auto const line = "\n" + std::string{heading} + '\n';
    auto const begin = markdown.find(line);
    if (begin == std::string_view::npos) { return {}; }
    std::string_view const rest = markdown.substr(begin + line.size());
    return rest.substr(0, std::min(rest.find("\n#"), rest.size()));
}

std::vector<std::string> items_and_rows(std::string_view markdown) {
    std::vector<std::string> found;
    bool in_item = false;
    for (std::string_view const line : lines_of(markdown)) {
        if (line.starts_with("|---")) { // the row before it was the head
            found.pop_back();
        } else if (line.starts_with("| ") || line.starts_with("- ")) {
            found.emplace_back(line);
        } else if (in_item && line.starts_with("  ")) {
            found.back().append(line);
        }
        in_item = line.starts_with("- ") || (in_item && line.starts_with("  "));
    }
    return found;
}

std::set<std::string> anchors(std::string_view markdown) {
    std::set<std::string> found;
    for_each_line_of_prose(markdown, [&](std::string_view line, std::size_t) {
        if (!line.starts_with('#')) { return; }
        std::string anchor;
        for (char const letter : trimmed(line.substr(line.find_first_not_of('#')))) {
            auto const byte = static_cast<unsigned char>(letter);
            if (std::isalnum(byte) != 0 || letter == '-' || letter == '_') {
                anchor += static_cast<char>(std::tolower(byte));
            } else if (letter == ' ') {
                anchor += '-';
            }
        }
        found.insert(anchor);
    });
    return found;
}

std::vector<std::string> table_keys(std::string_view markdown) {
    std::vector<std::string> keys;
    for_each_line_of_prose(markdown, [&](std::string_view line, std::size_t) {
        constexpr std::string_view begin = "| `";
        auto const end = line.find("` |");
        if (line.starts_with(begin) && end != std::string_view::npos) {
            keys.emplace_back(line.substr(begin.size(), end - begin.size()));
        }
    });
    return keys;
}

std::map<std::string, std::string> marked_snippets(std::string_view source) {
    constexpr std::string_view begin = "//[";
    constexpr std::string_view end = "//]";
    std::map<std::string, std::string> snippets;
    std::string name;
    std::vector<std::string_view> content;
    for (std::string_view const line : lines_of(source)) {
        std::string_view const text = trimmed(line);
        if (text.starts_with(begin)) {
            name = text.substr(begin.size());
            content.clear();
        } else if (text == end) {
            snippets[name] = without_indentation(content);
            name.clear();
        } else if (!name.empty()) {
            content.push_back(line);
        }
    }
    return snippets;
}

} // namespace swarmlog::test
