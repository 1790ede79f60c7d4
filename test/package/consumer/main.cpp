// A program that knows of swarmlog what is installed: events and a table of its own, in a file and
// in memory, a rejection, an error that is thrown through the library's boundary, and its version.
// It prints one line, and exits with 1 where something is not as it should be.
#include <swarmlog/projections/scenario.hpp>
#include <swarmlog/swarmlog.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>

using namespace swarmlog;

struct item_added {
    static constexpr std::string_view type = "item.added";
    std::string id;
    std::int64_t count = 0;
    std::vector<std::string> labels;
};
BOOST_DESCRIBE_STRUCT(item_added, (), (id, count, labels))

struct item {
    std::string id;
    std::int64_t count = 0;
    friend bool operator==(item const&, item const&) = default;
};
BOOST_DESCRIBE_STRUCT(item, (), (id, count))

struct item_table {
    static constexpr std::string_view name = "items";
    static constexpr std::uint32_t version = 1;
    using row_type = item;
    static constexpr auto key = &item::id;
    using handles = event_types<item_added>;
    void apply(item_added const& event, event_view const&, rows<item>& items) const {
        items.put({event.id, event.count});
    }
};

namespace {

void check(bool holds, char const* what) {
    if (!holds) { throw std::logic_error{what}; }
}

void use(event_log log) {
    auto producer = log.make_producer();
    auto const stored =
        producer.append("items", expected::no_stream{}, item_added{"a", 3, {"new"}}).value();
    check(stored.last == position{1}, "the first position is 1");
    auto const again = producer.append("items", expected::no_stream{}, item_added{"b", 1, {}});
    check(!again && again.error() == errc::stream_already_exists, "a second one is rejected");
    for (event_view event : log.read().stream("items")) {
        check(event.as<item_added>().value().labels.size() == 1, "an event comes back");
    }
    check(log.query<item>().where(gt(&item::count, 2)).all().value().size() == 1, "and its row");
}

void catch_what_the_library_throws() {
    try {
        open_sqlite("no such folder/log.db").value();
    } catch (boost::system::system_error const& thrown) {
        check(thrown.code() == errc::not_found, "the code is the library's");
        return;
    }
    check(false, "an error's value throws");
}

void catch_what_a_scenario_throws() {
    projection_set projections;
    projections.add(item_table{});
    scenario tried{projections,
                   [](log_options options) { return open_memory(std::move(options)); }};
    try {
        tried.given(in("items", item_added{"a", 1, {}})).then_row("a", item{"a", 2});
    } catch (scenario_failed const&) { return; }
    check(false, "a wrong expectation throws");
}

} // namespace

int main() {
    try {
        check(library_version() == header_version, "headers and library are of one version");
        projection_set file_projections;
        file_projections.add(item_table{});
        sqlite_log_options options;
        options.state = file_projections;
        std::filesystem::remove("consumer.db");
        std::filesystem::remove("consumer.db.lock");
        use(open_sqlite("consumer.db", options).value());
        projection_set projections;
        projections.add(item_table{});
        use(open_memory({.codec = record_codec::none, .state = projections}).value());
        catch_what_the_library_throws();
        catch_what_a_scenario_throws();
    } catch (std::exception const& thrown) {
        std::cerr << thrown.what() << '\n';
        return 1;
    }
    std::cout << "swarmlog " << library_version() << '\n';
}
