#include "sqlite/sql/events_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

// See https://www.sqlite.org/vtab.html: the planner offers conditions (`best_index`), says which
// plan it took (`filter`), and walks the cursor.
namespace swarmlog::detail {

namespace {

constexpr char const* declaration =
    "CREATE TABLE events(position INTEGER, stream TEXT, version INTEGER, type TEXT, "
    "schema_version INTEGER, id TEXT, recorded_at INTEGER, occurred_at INTEGER, "
    "correlation_id TEXT, causation_id TEXT, tags TEXT, metadata TEXT, data TEXT, "
    "tag TEXT HIDDEN)";

enum column : int {
    position_column,
    stream_column,
    version_column,
    type_column,
    schema_version_column,
    id_column,
    recorded_at_column,
    occurred_at_column,
    correlation_id_column,
    causation_id_column,
    tags_column,
    metadata_column,
    data_column,
    tag_column
};

/// One condition of a plan, as two letters of its text: what is compared, and how.
struct condition {
    char what; ///< p(osition), t(ime), s(tream), y (type), g (tag)
    char how;  ///< = < l(e) > g(e), or i(n)
};

bool is_bound(condition const& each) { return each.what == 'p' || each.what == 't'; }

std::optional<char> letter_of_column(int column) {
    switch (column) {
    case position_column: return 'p';
    case recorded_at_column: return 't';
    case stream_column: return 's';
    case type_column: return 'y';
    case tag_column: return 'g';
    default: return std::nullopt;
    }
}

std::optional<char> letter_of_operator(int op) {
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ: return '=';
    case SQLITE_INDEX_CONSTRAINT_LT: return '<';
    case SQLITE_INDEX_CONSTRAINT_LE: return 'l';
    case SQLITE_INDEX_CONSTRAINT_GT: return '>';
    case SQLITE_INDEX_CONSTRAINT_GE: return 'g';
    default: return std::nullopt;
    }
}

/// What can be handed to a reader; SQLite checks it again, all but the tag.
std::optional<condition> usable_condition(sqlite3_index_info* plan, int at) {
    auto const& offered = plan->aConstraint[at];
    auto const what = letter_of_column(offered.iColumn);
    auto const how = letter_of_operator(offered.op);
    if (!what || !how || offered.usable == 0) return std::nullopt;
    condition made{*what, *how};
    if (is_bound(made)) return made;
    bool const is_binary = std::string_view{sqlite3_vtab_collation(plan, at)} == "BINARY";
    if (made.how != '=' || !is_binary) return std::nullopt;
    // A tag narrows and a name widens: only of names can a list be read at once.
    if (made.what != 'g' && sqlite3_vtab_in(plan, at, 1) != 0) made.how = 'i';
    return made;
}

struct table : sqlite3_vtab {
    events_source* source;
};

struct cursor : sqlite3_vtab_cursor {
    std::optional<reader> events;
    std::optional<event> current;
    std::string tag; ///< that the plan asks for
};

events_source& source_of(cursor const& walk) { return *static_cast<table*>(walk.pVtab)->source; }

int connect(sqlite3* database, void* source, int, char const* const*, sqlite3_vtab** made, char**) {
    if (int const code = sqlite3_declare_vtab(database, declaration); code != SQLITE_OK) {
        return code;
    }
    // A view or trigger of a file that somebody else made must not read it.
    sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
    auto* const shown = new (std::nothrow) table{};
    if (shown == nullptr) return SQLITE_NOMEM;
    shown->source = static_cast<events_source*>(source);
    *made = shown;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* shown) {
    delete static_cast<table*>(shown); // NOLINT(cppcoreguidelines-owning-memory): SQLite's way
    return SQLITE_OK;
}

/// Estimates that only need to be in the right order.
void estimate(sqlite3_index_info& plan, std::string_view conditions) {
    auto const asks = [&](std::string_view for_it) {
        return conditions.find(for_it) != std::string_view::npos;
    };
    double rows = 1e6;
    if (asks("p=")) {
        rows = 1;
        plan.idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    } else if (asks("s=") || asks("si")) {
        rows = 50;
    } else if (asks("g=")) {
        rows = 1e3;
    } else if (asks("y=") || asks("yi")) {
        rows = 1e5;
    }
    for (std::size_t at = 0; at < conditions.size(); at += 2) {
        if (is_bound({conditions[at], conditions[at + 1]})) rows /= 3;
    }
    plan.estimatedRows = static_cast<sqlite3_int64>(std::max(rows, 1.0));
    plan.estimatedCost = std::max(rows, 1.0) * 2;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* plan) {
    std::string conditions;
    for (int at = 0; at != plan->nConstraint; ++at) {
        auto const taken = usable_condition(plan, at);
        auto const& offered = plan->aConstraint[at];
        if (taken) {
            conditions += {taken->what, taken->how};
            plan->aConstraintUsage[at].argvIndex = static_cast<int>(conditions.size() / 2);
        } else if (offered.iColumn == tag_column && offered.op == SQLITE_INDEX_CONSTRAINT_EQ) {
            return SQLITE_CONSTRAINT; // a tag cannot be checked afterwards
        }
    }
    if (plan->nOrderBy == 1 && plan->aOrderBy[0].iColumn == position_column) {
        plan->orderByConsumed = 1;
        plan->idxNum = plan->aOrderBy[0].desc;
    }
    estimate(*plan, conditions);
    plan->idxStr = sqlite3_mprintf("%s", conditions.c_str());
    plan->needToFreeIdxStr = 1;
    return plan->idxStr == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int open_cursor(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
    *made = new (std::nothrow) cursor{};
    return *made == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* walk) {
    delete static_cast<cursor*>(walk); // NOLINT(cppcoreguidelines-owning-memory): SQLite's way
    return SQLITE_OK;
}

int fail(cursor& walk, error const& failure) {
    sqlite3_free(walk.pVtab->zErrMsg);
    walk.pVtab->zErrMsg = sqlite3_mprintf("%s", failure.message().c_str());
    source_of(walk).failure = failure;
    return SQLITE_ERROR;
}

std::string text_of(sqlite3_value* value) {
    auto const* const text = reinterpret_cast<char const*>(sqlite3_value_text(value));
    auto const size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    return text == nullptr ? std::string{} : std::string{text, size};
}

/// The least and the greatest that a row may have.
struct range {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
    bool is_empty = false;

    void narrow(char how, sqlite3_value* value) {
        if (sqlite3_value_numeric_type(value) != SQLITE_INTEGER) {
            is_empty = is_empty || sqlite3_value_type(value) == SQLITE_NULL;
            return; // SQLite compares it with each row
        }
        using limits = std::numeric_limits<std::int64_t>;
        std::int64_t const bound = sqlite3_value_int64(value);
        if (bound == (how == '>' ? limits::max() : limits::min()) && (how == '>' || how == '<')) {
            is_empty = true; // no number lies beyond
            return;
        }
        if (how == '=' || how == 'g' || how == '>') {
            least = std::max(least, how == '>' ? bound + 1 : bound);
        }
        if (how == '=' || how == 'l' || how == '<') {
            greatest = std::min(greatest, how == '<' ? bound - 1 : bound);
        }
        is_empty = is_empty || least > greatest;
    }
};

/// What a plan asks of the log.
class asked_events {
public:
    asked_events(char const* conditions, sqlite3_value** values) {
        for (; *conditions != '\0'; conditions += 2, ++values) {
            add({conditions[0], conditions[1]}, *values);
        }
    }

    [[nodiscard]] bool is_empty() const {
        return positions_.is_empty || times_.is_empty || is_nowhere_;
    }
    [[nodiscard]] std::string const& tag() const { return tag_; }

    /// Through a position, forwards or backwards.
    [[nodiscard]] reader read(events_source::moment const& now, bool is_backwards) const {
        reader events = now.log->read().matching(matching_);
        if (positions_.least > 1) {
            auto const first = static_cast<std::uint64_t>(positions_.least);
            events = std::move(events).after(position{first - 1});
        }
        auto const last =
            std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(positions_.greatest, 0)),
                     now.through.value);
        events = std::move(events).before(position{last + 1});
        range const all;
        if (times_.least != all.least) {
            events = std::move(events).after(time_at(times_.least - 1));
        }
        if (times_.greatest != all.greatest) {
            events = std::move(events).before(time_at(times_.greatest + 1));
        }
        return is_backwards ? std::move(events).backwards() : std::move(events);
    }

private:
    static timestamp time_at(std::int64_t nanoseconds) {
        return timestamp{std::chrono::nanoseconds{nanoseconds}};
    }

    void add(condition asked, sqlite3_value* value) {
        if (asked.what == 'p') return positions_.narrow(asked.how, value);
        if (asked.what == 't') return times_.narrow(asked.how, value);
        if (asked.how == '=') return add_name(asked.what, value);
        // One of a list; of another such list of the same column, SQLite checks itself.
        sqlite3_value* each = nullptr;
        bool is_any = false;
        for (int code = sqlite3_vtab_in_first(value, &each); code == SQLITE_OK;
             code = sqlite3_vtab_in_next(value, &each)) {
            is_any = is_any || sqlite3_value_type(each) != SQLITE_NULL;
            if (sqlite3_value_type(each) != SQLITE_NULL) add_name(asked.what, each);
        }
        is_nowhere_ = is_nowhere_ || !is_any;
    }

    void add_name(char what, sqlite3_value* value) {
        std::string const name = text_of(value);
        if (sqlite3_value_type(value) == SQLITE_NULL) is_nowhere_ = true;
        if (what == 's') matching_.stream(name);
        if (what == 'y') matching_.type(name);
        if (what == 'g') {
            matching_.tag(name);
            is_nowhere_ = is_nowhere_ || (!tag_.empty() && tag_ != name);
            tag_ = name;
        }
    }

    query matching_;
    range positions_;
    range times_;
    std::string tag_;
    bool is_nowhere_ = false;
};

int advance(cursor& walk) {
    auto found = walk.events->next();
    if (!found) return fail(walk, found.error());
    walk.current = std::move(*found);
    return SQLITE_OK;
}

/// C++ must not throw through SQLite.
template <class Work>
int guarded(cursor& walk, Work const& work) {
    try {
        return work();
    } catch (std::bad_alloc const&) { return SQLITE_NOMEM; } catch (std::exception const& thrown) {
        return fail(walk, error{errc::io_error, thrown.what()});
    }
}

int filter(sqlite3_vtab_cursor* base, int is_backwards, char const* conditions, int,
           sqlite3_value** values) {
    auto& walk = *static_cast<cursor*>(base);
    return guarded(walk, [&] {
        asked_events const asked{conditions, values};
        walk.current.reset();
        walk.events.reset();
        walk.tag = asked.tag();
        if (asked.is_empty()) return SQLITE_OK;
        auto const now = source_of(walk).now();
        if (!now) return fail(walk, now.error());
        walk.events = asked.read(*now, is_backwards != 0);
        return advance(walk);
    });
}

int next(sqlite3_vtab_cursor* base) {
    auto& walk = *static_cast<cursor*>(base);
    return guarded(walk, [&] { return advance(walk); });
}

int is_at_end(sqlite3_vtab_cursor* base) {
    return static_cast<cursor*>(base)->current.has_value() ? 0 : 1;
}

void give_text(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void give_text_if_any(sqlite3_context* context, std::string_view text) {
    if (!text.empty()) give_text(context, text);
}

void give_number(sqlite3_context* context, std::uint64_t number) {
    sqlite3_result_int64(context, static_cast<sqlite3_int64>(number));
}

std::string tags_json(event_view const& event) {
    boost::json::array tags;
    for (std::string_view const tag : event.tags) {
        tags.emplace_back(boost::json::string_view{tag.data(), tag.size()});
    }
    return boost::json::serialize(tags);
}

void give_column(sqlite3_context* context, cursor const& walk, int column) {
    event_view const& event = *walk.current;
    switch (column) {
    case position_column: return give_number(context, event.position.value);
    case stream_column: return give_text(context, event.stream);
    case version_column: return give_number(context, event.version.value);
    case type_column: return give_text(context, event.type);
    case schema_version_column: return give_number(context, event.schema_version);
    case id_column: return give_text(context, to_string(event.id));
    case recorded_at_column:
        return sqlite3_result_int64(context, event.recorded_at.time_since_epoch().count());
    case occurred_at_column:
        if (event.occurred_at) {
            sqlite3_result_int64(context, event.occurred_at->time_since_epoch().count());
        }
        return;
    case correlation_id_column: return give_text_if_any(context, event.correlation_id);
    case causation_id_column: return give_text_if_any(context, event.causation_id);
    case tags_column: return give_text(context, tags_json(event));
    case metadata_column: return give_text_if_any(context, event.metadata);
    case data_column: return give_text(context, event.data);
    default: return give_text_if_any(context, walk.tag);
    }
}

int give(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    auto& walk = *static_cast<cursor*>(base);
    return guarded(walk, [&] {
        give_column(context, walk, column);
        return SQLITE_OK;
    });
}

int row_id(sqlite3_vtab_cursor* base, sqlite3_int64* id) {
    *id = static_cast<sqlite3_int64>(static_cast<cursor*>(base)->current->position.value);
    return SQLITE_OK;
}

/// Without `xCreate` the table is there by itself, and nobody can make another.
sqlite3_module events_module() {
    sqlite3_module made{};
    made.xConnect = connect;
    made.xDisconnect = disconnect;
    made.xBestIndex = best_index;
    made.xOpen = open_cursor;
    made.xClose = close_cursor;
    made.xFilter = filter;
    made.xNext = next;
    made.xEof = is_at_end;
    made.xColumn = give;
    made.xRowid = row_id;
    return made;
}

} // namespace

int add_events_table(sqlite3* database, std::unique_ptr<events_source> source) {
    static sqlite3_module const module = events_module();
    return sqlite3_create_module_v2(database, "events", &module, source.release(), [](void* held) {
        std::unique_ptr<events_source> const released{static_cast<events_source*>(held)};
    });
}

} // namespace swarmlog::detail
