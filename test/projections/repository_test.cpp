// Rows that are saved and removed as a whole, over events.
#include "support/log_under_test.hpp"

#include <swarmlog/projections/repository.hpp>

#include <thread>

using namespace swarmlog;
using namespace swarmlog::test;

namespace repository_cases {

struct note {
    std::string id;
    std::string text;
    std::int64_t edits = 0;
    friend bool operator==(note const&, note const&) = default;
};
BOOST_DESCRIBE_STRUCT(note, (), (id, text, edits))

struct notes {
    static constexpr std::string_view name = "notes";
    static constexpr std::uint32_t version = 1;
    using row_type = note;
    static constexpr auto key = &note::id;
    static std::vector<index_spec> indexes() { return {index_on(&note::edits)}; }
};

struct score {
    std::int64_t player = 0;
    double points = 0;
    friend bool operator==(score const&, score const&) = default;
};
BOOST_DESCRIBE_STRUCT(score, (), (player, points))

struct scores {
    static constexpr std::string_view name = "scores";
    static constexpr std::uint32_t version = 1;
    using row_type = score;
    static constexpr auto key = &score::player;
};

struct with_repositories {
    explicit with_repositories(std::string_view backend) : log(backend, options()) {}
    log_options options() {
        projections.add(repository_table<notes>{}).add(repository_table<scores>{});
        log_options made;
        made.state = projections;
        return made;
    }
    projection_set projections;
    log_under_test log;
    repository<notes> all{*log};
    repository<scores> points{*log};
};

} // namespace repository_cases

using namespace repository_cases;

BOOST_AUTO_TEST_SUITE(repositories)

BOOST_DATA_TEST_CASE(rows_are_saved_found_and_removed, all_backends, backend) {
    with_repositories on{backend};
    must(on.all.save({"2", "two", 0}));
    must(on.all.save({"1", "one", 0}));
    must(on.all.save({"2", "zwei", 1}));
    BOOST_TEST((*must(on.all.find("2")) == note{"2", "zwei", 1}));
    BOOST_TEST((must(on.all.find_all()) == std::vector<note>{{"1", "one", 0}, {"2", "zwei", 1}}));
    BOOST_TEST(must(on.all.query().where(eq(&note::edits, 1)).count()) == 1U);
    must(on.all.remove("1"));
    BOOST_TEST((must(on.all.find("1")) == nullptr));
    BOOST_TEST(failed_with(on.all.remove("1"), errc::not_found, {"no row 1 in notes"}));
    must(on.points.save({7, 1.5}));
    must(on.points.update(7, [](score& row) { row.points *= 2; }));
    BOOST_TEST(must(on.points.find(7))->points == 3.0);

    // They are events like all others.
    auto const history = must(on.log->read().stream("notes-2").collect());
    BOOST_REQUIRE(history.size() == 2U);
    BOOST_TEST(history.at(1).type == "notes.saved");
    BOOST_TEST(history.at(1).data == R"({"row":{"id":"2","text":"zwei","edits":1}})");
    auto const then = must(on.log->as_of(position{2}));
    BOOST_TEST(must(then.find<note>("2"))->text == "two");
    BOOST_TEST(must(on.projections.rebuild("notes")).is_identical);
    on.log.reopen();
    BOOST_TEST(must(repository<notes>{*on.log}.find_all()).size() == 1U);
}

BOOST_DATA_TEST_CASE(of_concurrent_updates_none_is_lost, all_backends, backend) {
    with_repositories on{backend};
    must(on.all.save({"1", "", 0}));
    std::vector<std::jthread> editors;
    for (int each = 0; each != 5; ++each) {
        editors.emplace_back([&] {
            for (int edit = 0; edit != 10; ++edit) {
                static_cast<void>(on.all.update("1", [](note& row) { ++row.edits; }));
            }
        });
    }
    editors.clear();
    BOOST_TEST(must(on.all.find("1"))->edits == 50);
}

BOOST_DATA_TEST_CASE(an_update_that_cannot_be_changes_nothing, all_backends, backend) {
    with_repositories on{backend};
    must(on.all.save({"1", "one", 0}));
    BOOST_TEST(failed_with(on.all.update("9", [](note&) {}), errc::not_found, {"9", "notes"}));
    BOOST_TEST(failed_with(on.all.update("1", [](note& row) { row.id = "2"; }),
                           errc::invalid_argument, {"changes the key of 1"}));
    BOOST_TEST(failed_with(on.all.update("1",
                                         [](note& row) -> result<void> {
                                             row.text = "half";
                                             return error{errc::condition_failed, "no"};
                                         }),
                           errc::condition_failed, {"no"}));
    BOOST_TEST(failed_with(on.all.save({std::string(300, 'k'), "", 0}), errc::invalid_stream_name));
    BOOST_TEST((must(on.all.find_all()) == std::vector<note>{{"1", "one", 0}}));
    BOOST_TEST(on.log->head().value == 1U);
}

BOOST_DATA_TEST_CASE(a_change_may_say_that_it_went_well, all_backends, backend) {
    with_repositories on{backend};
    must(on.all.save({"1", "one", 0}));
    must(on.all.update("1", [](note& row) -> result<void> {
        row.text = "changed";
        return {};
    }));
    BOOST_TEST(must(on.all.find("1"))->text == "changed");
    BOOST_TEST(failed_with(on.points.update(9, [](score&) {}), errc::not_found, {"9", "scores"}));
    BOOST_TEST(failed_with(on.points.remove(9), errc::not_found, {"no row 9 in scores"}));
    BOOST_TEST(failed_with(on.all.remove("no"), errc::not_found, {"no row no in notes"}));
}

BOOST_AUTO_TEST_SUITE_END()
