// The documentation against the repository: its C++ is what snippets_test.cpp runs, its grammars
// and tables are what the sources say, its links lead somewhere, and it describes every error.

#include "docs/markdown.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace swarmlog::test;
namespace fs = std::filesystem;

fs::path const root{SWARMLOG_SOURCE_DIR};

std::string read_text(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Every Markdown file of the repository, by its path below the root.
std::vector<fs::path> documents() {
    std::vector<fs::path> found;
    for (auto it = fs::recursive_directory_iterator{root}; it != fs::end(it); ++it) {
        std::string const name = it->path().filename().string();
        if (it->is_directory() && (name.starts_with('.') || name == "build")) {
            it.disable_recursion_pending();
        } else if (it->path().extension() == ".md") {
            found.push_back(fs::relative(it->path(), root));
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// README.md and what lies in docs/: where C++ is quoted.
std::map<std::string, std::string> guides() {
    std::map<std::string, std::string> found;
    for (fs::path const& path : documents()) {
        if (path == "README.md" || *path.begin() == "docs") {
            found[path.string()] = read_text(root / path);
        }
    }
    return found;
}

/// The parts that two sources mark, and the program that the install test builds, as a whole.
std::map<std::string, std::string> snippets_in_tests() {
    auto snippets = marked_snippets(read_text(root / "test/docs/snippets_test.cpp"));
    snippets.merge(marked_snippets(read_text(root / "test/docs/guides_test.cpp")));
    snippets.emplace("main.cpp", read_text(root / "test/package/guide/main.cpp"));
    return snippets;
}

/// One line for each C++ block that is no snippet, and for each snippet that is in no block.
std::vector<std::string> differences(std::map<std::string, std::string> const& texts,
                                     std::map<std::string, std::string> const& snippets) {
    std::vector<std::string> found;
    std::set<std::string> used;
    for (auto const& [name, text] : texts) {
        for (code_block const& block : code_blocks(text)) {
            if (block.language != "cpp") { continue; }
            auto const same = std::find_if(snippets.begin(), snippets.end(), [&](auto const& each) {
                return each.second == block.text;
            });
            if (same == snippets.end()) {
                found.push_back(name + ':' + std::to_string(block.line) +
                                ": no snippet reads like this block:\n" + block.text);
            } else {
                used.insert(same->first);
            }
        }
    }
    for (auto const& [name, text] : snippets) {
        if (!used.contains(name)) { found.push_back("no document quotes the snippet " + name); }
    }
    return found;
}

/// One line for each relative link that leads nowhere.
std::vector<std::string> broken_links(fs::path const& document, std::string const& text) {
    std::vector<std::string> found;
    for (markdown_link const& each : links(text)) {
        if (each.target.find("://") != std::string::npos) { continue; }
        auto const hash = each.target.find('#');
        std::string const path = each.target.substr(0, hash);
        fs::path const target =
            path.empty() ? root / document : root / document.parent_path() / path;
        std::string const where = document.string() + ':' + std::to_string(each.line) + ": ";
        if (!fs::exists(target)) {
            found.push_back(where + each.target + " is not there");
        } else if (hash != std::string::npos && fs::is_regular_file(target)) {
            std::string const there = path.empty() ? text : read_text(target);
            if (!anchors(there).contains(each.target.substr(hash + 1))) {
                found.push_back(where + each.target + " names no heading");
            }
        }
    }
    return found;
}

/// The names in `enum class errc`.
std::set<std::string> error_codes(std::string const& header) {
    std::set<std::string> names;
    auto const begin = header.find("enum class errc {");
    BOOST_REQUIRE(begin != std::string::npos);
    auto const end = header.find("};", begin);
    std::size_t line = header.find('\n', begin) + 1;
    while (line < end) {
        auto const next = header.find('\n', line) + 1;
        auto const first = header.find_first_not_of(' ', line);
        auto const last = header.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", first);
        if (last > first) { names.insert(header.substr(first, last - first)); }
        line = next;
    }
    return names;
}

/// Names that are in one of the two only.
std::vector<std::string> not_in_both(std::set<std::string> const& left,
                                     std::set<std::string> const& right) {
    std::vector<std::string> found;
    std::set_symmetric_difference(left.begin(), left.end(), right.begin(), right.end(),
                                  std::back_inserter(found));
    return found;
}

/// The names in the tables that follow the heading.
std::set<std::string> described_codes(std::string const& guarantees) {
    auto const begin = guarantees.find("## Error codes\n");
    BOOST_REQUIRE(begin != std::string::npos);
    auto const keys = table_keys(std::string_view{guarantees}.substr(begin));
    return {keys.begin(), keys.end()};
}

void report_each(std::vector<std::string> const& findings) {
    for (std::string const& each : findings) { BOOST_ERROR(each); }
}

/// One line for each statement of a section that names no test, and for each test it names that is
/// not there.
std::vector<std::string> unproven(std::string_view section) {
    std::vector<std::string> found;
    for (std::string const& statement : items_and_rows(section)) {
        auto const tests = named_links(statement);
        if (tests.empty()) { found.push_back("no test shows: " + statement); }
        for (named_link const& test : tests) {
            fs::path const file = root / "docs" / test.target;
            bool const is_there =
                fs::is_regular_file(file) &&
                std::regex_search(read_text(file),
                                  std::regex{"TEST_CASE(_TEMPLATE)?\\(\\s*" + test.name + "\\b"});
            if (!is_there) { found.push_back(test.target + " has no case " + test.name); }
        }
    }
    return found;
}

/// What stands in backticks, without the object whose member it is.
std::set<std::string> names_in(std::string const& cell) {
    std::set<std::string> names;
    for (std::string const& code : inline_code(cell)) {
        names.insert(code.substr(code.find('.') + 1));
    }
    return names;
}

/// What `trait Storage` of the crate that swarmlog replaces declares in its lib.rs.
std::set<std::string> const crate_calls{
    "store_agent",
    "get_agent",
    "update_agent",
    "delete_agent",
    "list_agents",
    "list_agents_by_status",
    "store_task",
    "get_task",
    "update_task",
    "get_pending_tasks",
    "get_tasks_by_agent",
    "claim_task",
    "store_event",
    "get_events_by_agent",
    "get_events_by_type",
    "get_events_since",
    "store_message",
    "get_messages_between",
    "get_unread_messages",
    "mark_message_read",
    "store_metric",
    "get_metrics_by_agent",
    "get_aggregated_metrics",
    "begin_transaction",
    "vacuum",
    "checkpoint",
    "get_storage_size",
};

/// One line for each call of the crate that no row begins with, and for each of ours beside one
/// that the headers do not declare.
std::vector<std::string> unmatched_calls(std::string_view section, std::string const& headers) {
    std::vector<std::string> found;
    std::set<std::string> theirs;
    for (std::string const& row : items_and_rows(section)) {
        auto const second = row.find(" | ") + 3;
        theirs.merge(names_in(row.substr(0, second)));
        for (std::string const& name :
             names_in(row.substr(second, row.find(" | ", second) - second))) {
            if (!std::regex_search(headers, std::regex{"\\b" + name + "\\b"})) {
                found.push_back("no header has " + name);
            }
        }
    }
    for (std::string const& each : not_in_both(theirs, crate_calls)) {
        found.push_back("the crate and the table differ in " + each);
    }
    return found;
}

/// A source's text without the marks of its comments.
std::string without_comment_marks(std::string const& source) {
    std::string text;
    std::size_t line = 0;
    while (line < source.size()) {
        auto const end = std::min(source.find('\n', line), source.size() - 1) + 1;
        std::string_view content = std::string_view{source}.substr(line, end - line);
        if (content.starts_with("///")) {
            content.remove_prefix(std::min<std::size_t>(content.size() - 1, 3));
            content.remove_prefix(
                std::min({content.find_first_not_of(' '), content.size() - 1, std::size_t{5}}));
        }
        text += content;
        line = end;
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(documents_suite)

BOOST_AUTO_TEST_CASE(every_block_of_code_is_one_that_is_compiled_and_run) {
    auto const snippets = snippets_in_tests();
    BOOST_TEST(snippets.size() > 10U);
    report_each(differences(guides(), snippets));
}

BOOST_AUTO_TEST_CASE(a_planted_difference_is_caught) {
    auto const snippets = marked_snippets("    //[one\n    int a = 1;\n\n    int b;\n    //]\n");
    BOOST_TEST(snippets.at("one") == "int a = 1;\n\nint b;\n");
    std::string const good = "# A\n\n```cpp\nint a = 1;\n\nint b;\n```\n";
    std::string const bad = "# A\n\n```cpp\nint a = 2;\n\nint b;\n```\n";
    BOOST_TEST(differences({{"a.md", good}}, snippets).empty());

    auto const found = differences({{"a.md", bad}}, snippets);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0].starts_with("a.md:4: no snippet reads like this block"));
    BOOST_TEST(found[1] == "no document quotes the snippet one");
}

BOOST_AUTO_TEST_CASE(every_relative_link_leads_somewhere) {
    auto const all = documents();
    BOOST_TEST(all.size() > 5U);
    for (fs::path const& path : all) { report_each(broken_links(path, read_text(root / path))); }
}

BOOST_AUTO_TEST_CASE(a_planted_broken_link_is_caught) {
    std::string const text =
        "# One two\n[a](README.md) [b](nowhere.md) `[c](x)`\n"
        "[d](#one-two) [e](#three) [f](https://example.org/g)\n";
    auto const found = broken_links("README.md", text);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0] == "README.md:2: nowhere.md is not there");
    BOOST_TEST(found[1] == "README.md:3: #three names no heading");
}

BOOST_AUTO_TEST_CASE(every_error_code_is_described) {
    auto const codes = error_codes(read_text(root / "engine/include/swarmlog/engine/error.hpp"));
    BOOST_TEST(codes.size() > 30U);
    BOOST_TEST(codes.contains("invalid_utf8"));
    auto const described = described_codes(read_text(root / "docs/guarantees.md"));
    for (std::string const& each : not_in_both(codes, described)) {
        BOOST_ERROR("errc and docs/guarantees.md differ in " << each);
    }
}

BOOST_AUTO_TEST_CASE(a_planted_code_without_a_description_is_caught) {
    auto const codes = error_codes("enum class errc {\n    // One.\n    a_b = 1,\n    c8,\n};\n");
    auto const found = not_in_both(codes, described_codes("| `before` | it |\n## Error codes\n"
                                                          "| `a_b` | yes |\n| `d` | no |\n"));
    BOOST_TEST(found == (std::vector<std::string>{"c8", "d"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_promise_names_the_tests_that_show_it) {
    std::string const text = read_text(root / "docs/guarantees.md");
    for (char const* heading : {"## Promises", "## Durability", "## Bad days"}) {
        std::string_view const promises = section(text, heading);
        BOOST_TEST(items_and_rows(promises).size() >= 3U, heading << " promises little");
        report_each(unproven(promises));
    }
}

BOOST_AUTO_TEST_CASE(a_planted_promise_without_a_test_is_caught) {
    std::string const there =
        "[`a_planted_promise_without_a_test_is_caught`](../test/docs/documents_test.cpp)";
    auto const found = unproven(
        "- kept,\n  always: " + there + "\n- empty\n\n| head | |\n|---|---|\n| row | " + there +
        ", [`of_another_name`](../test/docs/documents_test.cpp) |\n| [`x`](nowhere.cpp) |\n");
    BOOST_TEST(found == (std::vector<std::string>{
                            "no test shows: - empty",
                            "../test/docs/documents_test.cpp has no case of_another_name",
                            "nowhere.cpp has no case x"}),
               boost::test_tools::per_element());
    BOOST_TEST(section("# A\n\n## B\nb\n\n## C\n", "## B") == "b\n");
}

BOOST_AUTO_TEST_CASE(every_call_of_the_crate_stands_beside_ours) {
    std::string headers;
    for (char const* path : {"projections/include/swarmlog/projections/swarm/swarm.hpp",
                             "engine/include/swarmlog/engine/event_log.hpp",
                             "engine/include/swarmlog/engine/producer.hpp"}) {
        headers += read_text(root / path);
    }
    std::string const text = read_text(root / "docs/coming-from-ruv-swarm-persistence.md");
    report_each(unmatched_calls(section(text, "## `Storage`"), headers));

    auto const found =
        unmatched_calls("| theirs | ours |\n|---|---|\n| `vacuum` | `log.planted` |\n", headers);
    BOOST_TEST(found.size() == crate_calls.size());
    BOOST_TEST(found.at(0) == "no header has planted");
    BOOST_TEST(found.at(1) == "the crate and the table differ in begin_transaction");
}

BOOST_AUTO_TEST_CASE(every_decision_is_in_the_list_of_decisions) {
    std::set<std::string> listed;
    for (markdown_link const& each : links(read_text(root / "docs/decisions/README.md"))) {
        listed.insert(each.target);
    }
    for (auto const& each : fs::directory_iterator{root / "docs/decisions"}) {
        std::string const name = each.path().filename().string();
        BOOST_TEST((name == "README.md" || listed.contains(name)), name << " is not listed");
    }
}

BOOST_AUTO_TEST_CASE(the_files_that_the_architecture_names_are_there) {
    std::string const text = read_text(root / "docs/architecture.md");
    std::size_t found = 0;
    for (std::string const& name : inline_code(text)) {
        if (!name.ends_with(".cpp") && !name.ends_with(".hpp")) { continue; }
        ++found;
        BOOST_TEST((fs::exists(root / name) || fs::exists(root / "engine/src" / name)),
                   "docs/architecture.md names " << name << ", which is not there");
    }
    BOOST_TEST(found > 20U);
}

BOOST_AUTO_TEST_CASE(the_formats_are_quoted_from_the_sources) {
    std::string sources;
    for (char const* path :
         {"engine/src/record/record_format.hpp", "engine/src/index/run_format.hpp",
          "backends/src/sqlite/schema.cpp", "backends/src/sqlite/high_water_mark.hpp"}) {
        sources += without_comment_marks(read_text(root / path));
    }
    auto const blocks = code_blocks(read_text(root / "docs/record-format.md"));
    BOOST_TEST(blocks.size() > 4U);
    for (code_block const& block : blocks) {
        if (block.language == "hex") { continue; } // record_format_test.cpp decodes it
        BOOST_TEST_INFO("docs/record-format.md:" << block.line << ":\n" << block.text);
        BOOST_CHECK(sources.find(block.text) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_first_program_is_built_as_the_install_test_builds_it) {
    std::size_t found = 0;
    for (code_block const& block : code_blocks(read_text(root / "docs/getting-started.md"))) {
        if (block.language != "cmake") { continue; }
        ++found;
        BOOST_TEST(block.text == read_text(root / "test/package/guide/CMakeLists.txt"));
    }
    BOOST_TEST(found == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
