#include "security/attacked_log.hpp"

#include "json/utf8.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace swarmlog::test {

namespace {

constexpr std::string_view innocent = "innocent";
constexpr char const* tables[] = {"cards", "tallies", "agents", "tasks", "messages", "metrics"};

struct text_noted {
    static constexpr std::string_view type = "text.noted";
    std::string text;
};
BOOST_DESCRIBE_STRUCT(text_noted, (), (text))

bool is_utf8(std::string_view text) {
    return detail::find_invalid_utf8(text) == std::string_view::npos;
}
bool is_name(std::string_view text) { return !text.empty() && text.size() <= 255 && is_utf8(text); }
/// What the swarm takes as an id and keeps in a row.
bool is_id(std::string_view text) {
    return is_name(text) && text.size() <= 240 && text.find('\0') == std::string_view::npos;
}
bool is_row_text(std::string_view text) {
    return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

std::string in_json(std::string const& text) {
    return boost::json::serialize(boost::json::value(text));
}

std::string line_of(event const& each) {
    std::string line = std::to_string(each.position.value) + '|' + std::string{each.stream} + '|' +
                       std::to_string(each.version.value) + '|' + std::string{each.type} + '|' +
                       std::string{each.data} + '|' + std::string{each.metadata} + '|' +
                       std::string{each.correlation_id} + '|' + std::string{each.causation_id};
    for (std::string_view const tag : each.tags) { line += '|' + std::string{tag}; }
    return line;
}

} // namespace

attacked_log::attacked_log(std::string_view backend)
    : log_(backend, options()), to_(log_->make_producer()), desk_(*log_) {
    for (std::string const name : {"innocent", "bystander"}) {
        must(to_.append(name, expected::any{}, raw("innocent.event", R"({"a":"'"})"),
                        {.tags = {innocent}}));
        must(to_.append("card-" + name, expected::any{}, board::card_added{name, 1, {"label"}}));
        must(to_.append("card-" + name, expected::any{}, board::card_taken{name, "ann"}));
        must(desk_.run(swarm::register_agent{.id = name, .capabilities = {"build"}}));
        must(desk_.run(swarm::create_task{.id = name, .task_type = "build"}));
    }
    must(must(log_->open_consumer(innocent)).acknowledge(position{2}));
    consumers_.emplace(innocent);
    known_ = all_events(*log_);
}

log_options attacked_log::options() {
    projections_.add(board::cards{}).add(board::tallies{});
    swarm::add_projections(projections_);
    log_options made = small_options();
    made.state = projections_;
    return made;
}

std::vector<attacked_log::entry_point> attacked_log::entry_points() {
    using self = attacked_log;
    return {&self::as_stream,
            &self::as_type,
            &self::as_tag,
            &self::as_ids,
            &self::as_text_in_json,
            &self::as_json,
            &self::as_idempotency_key,
            &self::as_condition,
            &self::in_a_decision,
            &self::in_a_transaction,
            &self::as_query,
            &self::as_consumer,
            &self::as_row,
            &self::as_compared_value,
            &self::as_projection,
            &self::as_agent,
            &self::as_task,
            &self::as_message,
            &self::as_metric,
            &self::as_statement,
            &self::as_parameter};
}

void attacked_log::attack(std::string const& text) {
    BOOST_TEST_CONTEXT("text " << detail::quoted(text) << " of " << text.size() << " bytes on "
                               << (log_.is_sqlite() ? "sqlite" : "memory")) {
        for (entry_point const each : entry_points()) {
            (this->*each)(text);
            ++calls_;
        }
    }
}

std::vector<event const*> attacked_log::take_new(std::size_t count) {
    auto found = must(log_->read().after(position{known_.size()}).collect());
    BOOST_REQUIRE(found.size() == count);
    BOOST_REQUIRE(log_->head().value == known_.size() + count);
    for (event& each : found) { known_.push_back(std::move(each)); }
    std::vector<event const*> views;
    for (std::size_t at = known_.size() - count; at != known_.size(); ++at) {
        views.push_back(&known_[at]);
    }
    return views;
}

template <class T>
bool attacked_log::settle(result<T> const& got, bool is_valid, std::size_t events) {
    std::string const said = got ? "taken" : got.error().message();
    BOOST_REQUIRE_MESSAGE(got.has_value() == is_valid, said);
    if (!got) {
        BOOST_TEST(got.error().is_rejected(), said);
        take_new(0);
    } else if (events != 0) {
        take_new(events);
    }
    return got.has_value();
}

std::uint64_t attacked_log::count_known(query const& events) const {
    return static_cast<std::uint64_t>(std::count_if(
        known_.begin(), known_.end(), [&](event const& each) { return events.matches(each); }));
}

sql_reader& attacked_log::sql() {
    if (!sql_) { sql_.emplace(must(sql_reader::open(log_.path()))); }
    return *sql_;
}

void attacked_log::as_stream(std::string const& text) {
    if (settle(to_.append(text, expected::any{}, raw()), is_name(text))) {
        BOOST_TEST(known_.back().stream == text);
        BOOST_TEST(must(log_->read().stream(text).count()) == count_known(query{}.stream(text)));
    }
    BOOST_TEST(must(log_->version_of(text)).value == count_known(query{}.stream(text)));
}

void attacked_log::as_type(std::string const& text) {
    if (settle(to_.append("s", expected::any{}, raw(text)), is_name(text))) {
        BOOST_TEST(known_.back().type == text);
        BOOST_TEST(must(log_->read().type(text).count()) == count_known(query{}.type(text)));
    }
}

void attacked_log::as_tag(std::string const& text) {
    if (settle(to_.append("s", expected::any{}, raw(), {.tags = {"x", text}}), is_name(text))) {
        BOOST_TEST(known_.back().tags.size() == (text == "x" ? 1U : 2U));
        BOOST_TEST(must(log_->read().tag(text).count()) == count_known(query{}.tag(text)));
    }
}

void attacked_log::as_ids(std::string const& text) {
    event_details const details{.correlation_id = text, .causation_id = text};
    if (settle(to_.append("s", expected::any{}, raw(), details), text.empty() || is_name(text))) {
        BOOST_TEST(known_.back().correlation_id == text);
        BOOST_TEST(known_.back().causation_id == text);
    }
}

void attacked_log::as_text_in_json(std::string const& text) {
    std::string const json = in_json(text);
    bool const is_taken =
        settle(to_.append("s", expected::any{}, raw("t", json), {.metadata = json}), is_utf8(text));
    if (is_taken) {
        BOOST_TEST(known_.back().data == json);
        BOOST_TEST(known_.back().metadata == json);
    }
    bool const is_typed_taken =
        settle(to_.append("s", expected::any{}, text_noted{text}), is_utf8(text));
    if (is_typed_taken) {
        BOOST_TEST(must(decode_event<text_noted>(known_.back().data)).text == text);
    }
}

void attacked_log::as_json(std::string const& text) {
    auto const got = to_.append("s", expected::any{}, raw("t", text));
    if (settle(got, got.has_value())) { BOOST_TEST(known_.back().data == text); }
}

void attacked_log::as_idempotency_key(std::string const& text) {
    auto const send = [&](std::string_view type) {
        append_request request = to_.new_append();
        request.idempotency_key(text).add("s", raw(type));
        return to_.append(std::move(request));
    };
    bool const is_known = keys_.contains(text);
    auto const first = send("keyed");
    if (!settle(first, is_name(text), is_known ? 0 : 1)) { return; }
    BOOST_TEST(first->repeated == is_known);
    keys_.insert(text);
    BOOST_TEST(must(send("keyed")).repeated);
    BOOST_TEST(failed_with(send("other"), errc::idempotency_conflict));
    take_new(0);
}

void attacked_log::as_condition(std::string const& text) {
    query const asked = query{}.stream(text).type("innocent.event") | query{}.type(text).tag(text);
    append_request request = to_.new_append();
    request.expect(expected::none_since{position{0}, asked}).add("s", raw());
    auto const got = to_.append(std::move(request));
    settle(got, count_known(asked) == 0);
    append_request wrong = to_.new_append();
    wrong.expect(text, expected::version{1'000'000}).add("s", raw());
    settle(to_.append(std::move(wrong)), false);
}

void attacked_log::in_a_decision(std::string const& text) {
    auto const decided = log_->decide([&](decision& now) -> result<void> {
        auto const before = now.version_of(text);
        auto const newest = now.newest(query{}.tag(text) | query{}.stream(text), 3);
        if (!before || !newest) { return before ? newest.error() : before.error(); }
        return now.append(text, raw(text), {.tags = {text}});
    });
    settle(decided, is_name(text));
    auto const refused = log_->decide([&](decision&) -> result<void> {
        return error{errc::decision_failed, text};
    });
    BOOST_REQUIRE(!refused);
    BOOST_TEST((text.empty() || refused.error().message() == detail::printable(text)));
    take_new(0);
}

void attacked_log::in_a_transaction(std::string const& text) {
    transaction work = log_->begin();
    BOOST_TEST(must(work.version_of(text)).value == count_known(query{}.stream(text)));
    BOOST_TEST(must(work.read(query{}.type(text))).size() == count_known(query{}.type(text)));
    auto const added = work.append(text, raw(text));
    BOOST_TEST(added.has_value() == is_name(text));
    settle(work.commit(), is_name(text));
}

void attacked_log::as_query(std::string const& text) {
    for (query const& asked :
         {query{}.stream(text), query{}.type(text), query{}.tag(text),
          query{}.stream(text).type(text).tag(text), query{}.tag(text) | query{}.type("t")}) {
        BOOST_TEST(must(log_->read().matching(asked).count()) == count_known(asked));
        BOOST_TEST(must(log_->read().matching(asked).backwards().collect()).size() ==
                   count_known(asked));
    }
    must(log_->subscribe(query{}.stream(text).tag(text), log_->head()));
    BOOST_TEST(must(desk_.events_of_task(text, 1'000)).size() ==
               count_known(query{}.tag("task:" + text)));
}

void attacked_log::as_consumer(std::string const& text) {
    auto reader = log_->open_consumer(text);
    BOOST_REQUIRE(reader.has_value() == is_name(text));
    if (!reader) { return; }
    must(reader->acknowledge(position{3}));
    auto const names = must(log_->consumers());
    BOOST_TEST(names.size() == consumers_.size() + (consumers_.contains(text) ? 0U : 1U));
    // Half of them stay.
    if (text.size() % 2 == 0 && !consumers_.contains(text)) {
        must(log_->remove_consumer(text));
    } else {
        consumers_.insert(text);
    }
}

void attacked_log::as_row(std::string const& text) {
    // An inline projection whose row cannot be kept rejects the append.
    bool const is_taken =
        settle(to_.append("card-row", expected::any{}, board::card_added{text, 2, {text}}),
               is_row_text(text));
    if (is_taken) {
        auto const row = must(log_->table<board::card>().find(text));
        BOOST_REQUIRE(row != nullptr);
        BOOST_TEST(row->labels == std::vector<std::string>{text}, boost::test_tools::per_element());
    }
    settle(to_.append("card-row", expected::any{}, board::card_taken{"innocent", text}),
           is_row_text(text));
}

void attacked_log::as_compared_value(std::string const& text) {
    auto const cards = must(log_->table<board::card>().all());
    auto const matching = [&](auto const& holds) {
        return static_cast<std::uint64_t>(std::count_if(cards.begin(), cards.end(), holds));
    };
    auto const asked = [&](predicate<board::card> condition) {
        return must(log_->query<board::card>().where(std::move(condition)).count());
    };
    using board::card;
    BOOST_TEST(asked(eq(&card::id, text)) == matching([&](auto& row) { return row.id == text; }));
    BOOST_TEST(asked(ne(&card::id, text)) == matching([&](auto& row) { return row.id != text; }));
    BOOST_TEST(asked(lt(&card::id, text)) == matching([&](auto& row) { return row.id < text; }));
    BOOST_TEST(asked(ge(&card::id, text)) == matching([&](auto& row) { return row.id >= text; }));
    BOOST_TEST(asked(like(&card::id, text)) ==
               matching([&](auto& row) { return is_like(row.id, text); }));
    BOOST_TEST(asked(in(&card::id, {text, std::string{"bystander"}})) ==
               matching([&](auto& row) { return row.id == text || row.id == "bystander"; }));
    BOOST_TEST(asked(eq(&card::taken_by, text) || !like(&card::taken_by, text)) ==
               matching([&](auto& row) {
                   return row.taken_by && (*row.taken_by == text || !is_like(*row.taken_by, text));
               }));
    auto const found = must(log_->table<card>().find(text));
    BOOST_TEST((found != nullptr) == (matching([&](auto& row) { return row.id == text; }) != 0));
}

void attacked_log::as_projection(std::string const& text) {
    if (std::find(std::begin(tables), std::end(tables), text) != std::end(tables)) { return; }
    BOOST_TEST(failed_with(projections_.rebuild(text), errc::not_found));
    BOOST_TEST(failed_with(projections_.table_of(text), errc::not_found));
    BOOST_TEST(failed_with(projections_.diff(text, position{1}, position{2}), errc::not_found));
    BOOST_TEST(failed_with(projections_.wait_until(text, position{1}, std::chrono::milliseconds{0}),
                           errc::not_found));
}

void attacked_log::as_agent(std::string const& text) {
    bool const is_new = must(desk_.find_agent(text)) == nullptr;
    settle(desk_.run(swarm::register_agent{.id = text,
                                           .name = text,
                                           .agent_type = text,
                                           .capabilities = {text},
                                           .metadata = boost::json::value(text)}),
           is_id(text) && is_new);
    if (!is_id(text)) { return; }
    auto const row = must(desk_.find_agent(text));
    BOOST_REQUIRE(row != nullptr);
    BOOST_TEST(row->name == text);
    BOOST_TEST(row->capabilities == std::vector<std::string>{text},
               boost::test_tools::per_element());
    BOOST_TEST(must(desk_.agents_able(text)).size() == 1U);
    settle(desk_.run(swarm::heartbeat{text}), true);
    settle(desk_.run(swarm::set_agent_status{text, swarm::agent_status::busy}), true);
}

void attacked_log::as_task(std::string const& text) {
    bool const is_new = must(desk_.find_task(text)) == nullptr;
    settle(desk_.run(swarm::create_task{.id = text,
                                        .task_type = text,
                                        .payload = boost::json::value(text),
                                        .required_capabilities = {"build"}}),
           is_id(text) && is_new);
    settle(desk_.run(swarm::claim_task{text, text + " nobody"}), false);
    settle(desk_.run(swarm::create_task{.id = text + "+", .dependencies = {text + " nobody"}}),
           false);
    if (!is_id(text) || !is_new) { return; }
    std::string const by{innocent};
    settle(desk_.run(swarm::claim_task{text, by}), true);
    settle(desk_.run(swarm::start_task{text, by}), true);
    settle(desk_.run(swarm::annotate_task{text, {{text, boost::json::value(text)}}}), true);
    settle(desk_.run(swarm::fail_task{text, text + " nobody", text}), false);
    settle(desk_.run(swarm::fail_task{text, by, text}), true);
    settle(desk_.run(swarm::cancel_task{text, text}), true);
    auto const row = must(desk_.find_task(text));
    BOOST_REQUIRE(row != nullptr);
    BOOST_TEST(row->task_type == text);
    BOOST_TEST(must(desk_.tasks_of(text)).empty());
}

void attacked_log::as_message(std::string const& text) {
    std::string const id = text.size() < 200 ? text : std::string{};
    bool const was_sent = count_known(query{}.stream("message-" + id)) != 0;
    bool const is_valid = is_id(id) && !was_sent;
    settle(desk_.run(swarm::send_message{.id = id,
                                         .from_agent = "innocent",
                                         .to_agent = "bystander",
                                         .message_type = text,
                                         .content = boost::json::value(text)}),
           is_valid);
    settle(
        desk_.run(swarm::send_message{.id = "x", .from_agent = text + " nobody", .to_agent = text}),
        false);
    settle(desk_.run(swarm::mark_read{text, text}), false);
    BOOST_TEST(must(desk_.unread_messages(text)).empty());
    BOOST_TEST(must(desk_.messages_between(text, "nobody")).empty());
}

void attacked_log::as_metric(std::string const& text) {
    swarm::metric_recorded made;
    made.metric_type = text;
    made.agent_id = text;
    made.unit = text;
    made.tags = {{text, text}};
    auto const got = desk_.run(swarm::record_metric{made});
    if (settle(got, got.has_value())) {
        BOOST_TEST(is_row_text(text));
        BOOST_TEST(!must(desk_.metrics_of(text, text)).empty());
    }
}

void attacked_log::as_statement(std::string const& text) {
    if (!log_.is_sqlite()) { return; }
    // Whatever it answers; that it changes nothing is looked at in the end.
    for (std::string const& statement : {text, "SELECT " + text, "SELECT '" + text,
                                         "SELECT id FROM cards WHERE id = '" + text + "'"}) {
        static_cast<void>(sql().select(statement));
    }
}

void attacked_log::as_parameter(std::string const& text) {
    if (!log_.is_sqlite()) { return; }
    auto const number = [&](char const* statement) {
        return std::get<std::int64_t>(must(sql().select(statement, {text})).rows.at(0).at(0));
    };
    BOOST_TEST((must(sql().select("SELECT ?", {text})).rows.at(0).at(0) == cell{text}));
    for (auto const& [statement, asked] :
         {std::pair{"SELECT count(*) FROM events WHERE stream = ?", query{}.stream(text)},
          std::pair{"SELECT count(*) FROM events WHERE type = ?", query{}.type(text)},
          std::pair{"SELECT count(*) FROM events WHERE tag = ?", query{}.tag(text)}}) {
        BOOST_TEST(number(statement) == static_cast<std::int64_t>(count_known(asked)), statement);
    }
}

void attacked_log::check_everything() {
    sql_.reset();
    auto const stored = all_events(*log_);
    BOOST_REQUIRE(stored.size() == known_.size());
    for (std::size_t at = 0; at != stored.size(); ++at) {
        if (line_of(stored[at]) != line_of(known_[at])) {
            BOOST_ERROR("event " << at + 1 << " is " << detail::quoted(line_of(stored[at])));
        }
    }
    for (char const* const table : tables) {
        BOOST_TEST(must(projections_.rebuild(table)).is_identical, table);
    }
    std::set<std::string> names;
    for (stored_checkpoint const& each : must(log_->consumers())) { names.insert(each.name); }
    BOOST_TEST((names == consumers_), "the consumers are others");
    check_sound(*log_);
    BOOST_REQUIRE(to_.flush().rejected == 0);
    if (!log_.is_sqlite()) { return; }
    // Opening compares what the file declares, word for word.
    log_.reopen();
    BOOST_TEST(log_->head().value == known_.size());
    log_.close();
    std::set<std::string> files;
    for (auto const& entry : std::filesystem::directory_iterator{log_.folder().path()}) {
        files.insert(entry.path().filename().string());
    }
    BOOST_TEST(files == (std::set<std::string>{"log.db", "log.db.lock"}),
               boost::test_tools::per_element());
}

} // namespace swarmlog::test
