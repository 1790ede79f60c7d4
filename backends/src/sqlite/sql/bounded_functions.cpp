#include "sqlite/sql/bounded_functions.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

namespace {

constexpr std::size_t sought_bytes_max = 1'000;
constexpr std::size_t trimmed_bytes_max = 100;

std::string_view bytes_of_value(sqlite3_value* value) {
    bool const is_blob = sqlite3_value_type(value) == SQLITE_BLOB;
    void const* const bytes = is_blob ? sqlite3_value_blob(value) : sqlite3_value_text(value);
    auto const size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{static_cast<char const*>(bytes), size};
}

bool has_null(int count, sqlite3_value** values) {
    return std::any_of(values, values + count,
                       [](sqlite3_value* each) { return sqlite3_value_type(each) == SQLITE_NULL; });
}

/// False, with an error set, when what is sought is too long.
bool is_within(sqlite3_context* context, std::string_view sought, std::size_t bytes_max) {
    if (sought.size() <= bytes_max) return true;
    std::string const reason = "what is sought in a text has " + std::to_string(sought.size()) +
                               " bytes; the limit is " + std::to_string(bytes_max);
    sqlite3_result_error(context, reason.c_str(), -1);
    return false;
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }

void find_in_text(sqlite3_context* context, int count, sqlite3_value** values) {
    if (has_null(count, values)) return;
    std::string_view const text = bytes_of_value(values[0]);
    std::string_view const sought = bytes_of_value(values[1]);
    if (!is_within(context, sought, sought_bytes_max)) return;
    std::size_t const at = text.find(sought);
    bool const are_blobs = sqlite3_value_type(values[0]) == SQLITE_BLOB &&
                           sqlite3_value_type(values[1]) == SQLITE_BLOB;
    std::int64_t place = 0;
    if (at != std::string_view::npos) {
        std::string_view const before = text.substr(0, at);
        place = 1 + (are_blobs ? static_cast<std::int64_t>(before.size())
                               : std::count_if(before.begin(), before.end(), begins_character));
    }
    sqlite3_result_int64(context, place);
}

void replace_in_text(sqlite3_context* context, int count, sqlite3_value** values) {
    if (has_null(count, values)) return;
    std::string_view rest = bytes_of_value(values[0]);
    std::string_view const sought = bytes_of_value(values[1]);
    std::string_view const by = bytes_of_value(values[2]);
    if (sought.empty()) return sqlite3_result_value(context, values[0]);
    if (!is_within(context, sought, sought_bytes_max)) return;
    auto const bytes_max = static_cast<std::size_t>(
        sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1));
    std::string made;
    for (std::size_t at = rest.find(sought); at != std::string_view::npos; at = rest.find(sought)) {
        made.append(rest.substr(0, at)).append(by);
        rest.remove_prefix(at + sought.size());
        if (made.size() + rest.size() > bytes_max + by.size()) break;
    }
    made.append(rest);
    if (made.size() > bytes_max) return sqlite3_result_error_toobig(context);
    sqlite3_result_text64(context, made.data(), made.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

std::vector<std::string_view> characters_of(std::string_view text) {
    std::vector<std::string_view> characters;
    while (!text.empty()) {
        std::size_t size = 1;
        while (size < text.size() && !begins_character(text[size])) ++size;
        characters.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return characters;
}

template <bool FromLeft, bool FromRight>
void trim_text(sqlite3_context* context, int count, sqlite3_value** values) {
    if (has_null(count, values)) return;
    std::string_view text = bytes_of_value(values[0]);
    std::string_view const set = bytes_of_value(values[1]);
    if (!is_within(context, set, trimmed_bytes_max)) return;
    auto const characters = characters_of(set);
    auto const found = [&](auto const& is_there) {
        auto const each = std::find_if(characters.begin(), characters.end(), is_there);
        return each == characters.end() ? std::size_t{0} : each->size();
    };
    if constexpr (FromLeft) {
        while (std::size_t const size =
                   found([&](std::string_view each) { return text.starts_with(each); })) {
            text.remove_prefix(size);
        }
    }
    if constexpr (FromRight) {
        while (std::size_t const size =
                   found([&](std::string_view each) { return text.ends_with(each); })) {
            text.remove_suffix(size);
        }
    }
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// C++ must not throw through SQLite.
template <auto Function>
void without_throwing(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
    try {
        Function(context, count, values);
    } catch (...) { sqlite3_result_error_nomem(context); }
}

struct bounded_function {
    char const* name;
    int arguments;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr bounded_function bounded_functions[] = {
    {"instr", 2, without_throwing<find_in_text>},
    {"replace", 3, without_throwing<replace_in_text>},
    {"trim", 2, without_throwing<trim_text<true, true>>},
    {"ltrim", 2, without_throwing<trim_text<true, false>>},
    {"rtrim", 2, without_throwing<trim_text<false, true>>},
};

} // namespace

result<void> add_bounded_functions(sqlite_connection& connection) {
    for (bounded_function const& each : bounded_functions) {
        int const code = sqlite3_create_function_v2(connection.handle(), each.name, each.arguments,
                                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                                    each.call, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) return connection.failure(code, "open");
    }
    return {};
}

} // namespace swarmlog::detail
