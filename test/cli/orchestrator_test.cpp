// The orchestrator: its digest, its resumption after being killed, its silent workers.

#include "cli/running_cli.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;

namespace {

namespace fs = std::filesystem;

/// A tree of small files in nested folders, with a link and an empty folder.
class grown_tree {
public:
    explicit grown_tree(fs::path folder) : folder_(std::move(folder)) {
        std::mt19937_64 random{3};
        for (int each = 0; each != 120; ++each) {
            fs::path place = folder_;
            for (std::uint64_t depth = random() % 4; depth != 0; --depth) {
                place /= "d" + std::to_string(random() % 3);
            }
            fs::create_directories(place);
            std::ofstream{place / ("f" + std::to_string(each))}
                << std::string(random() % 5'000, static_cast<char>('a' + each % 26));
        }
        fs::create_directories(folder_ / "empty");
        fs::create_symlink("f0", folder_ / "link");
        fs::create_directories(folder_ / "build");
        std::ofstream{folder_ / "build" / "left_out"} << "x";
    }

    [[nodiscard]] fs::path const& folder() const { return folder_; }
    /// By another way than the program's: from the folders themselves.
    [[nodiscard]] std::string digest() const { return digest_of(folder_); }

private:
    static std::string sha256(std::string const& bytes) {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
        SHA256(reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), digest.data());
        std::string text;
        std::array<char, 3> two{};
        for (unsigned char const each : digest) {
            std::snprintf(two.data(), two.size(), "%02x", static_cast<unsigned>(each));
            text += two.data();
        }
        return text;
    }
    static std::string digest_of(fs::path const& path) {
        if (fs::is_symlink(path)) { return sha256("link " + fs::read_symlink(path).string()); }
        if (!fs::is_directory(path)) { return sha256(read_file(path)); }
        std::map<std::string, fs::path> children;
        for (auto const& each : fs::directory_iterator{path}) {
            std::string const name = each.path().filename().string();
            if (name != "build") { children[name] = each.path(); }
        }
        std::string text;
        for (auto const& [name, child] : children) {
            bool const is_folder = fs::is_directory(child) && !fs::is_symlink(child);
            text += (is_folder ? "folder " : "file ") + digest_of(child) + " " + name + "\n";
        }
        return sha256(text);
    }

    fs::path folder_;
};

struct orchestrated {
    scratch_folder scratch;
    grown_tree tree{scratch / "tree"};
    std::string database = (scratch / "orchestrator.db").string();

    [[nodiscard]] running_cli start(std::vector<std::string> more = {}) const {
        return start_over(tree.folder(), std::move(more));
    }
    [[nodiscard]] running_cli start_over(fs::path const& folder,
                                         std::vector<std::string> more) const {
        std::vector<std::string> arguments{folder.string(), "--database", database};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return {scratch, arguments, the_example("orchestrator")};
    }
};

std::uint64_t number_or_0(boost::json::object const& object, char const* name) {
    boost::json::value const* const found = object.if_contains(name);
    return found == nullptr ? 0 : found->to_number<std::uint64_t>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(orchestrator)

BOOST_AUTO_TEST_CASE(a_tree_is_digested_through_the_log) {
    orchestrated const on;
    cli_result const ran = on.start().wait();
    BOOST_TEST(ran.code == 0, ran.err);
    boost::json::object const found = last_json_line(ran);
    BOOST_TEST(found.at("digest").as_string() == on.tree.digest());
    BOOST_TEST(found.at("verified").as_bool());
    BOOST_TEST(found.at("rebuild_identical").as_bool());
    BOOST_TEST(found.at("as_of_identical").as_bool());
    BOOST_TEST(found.at("durability").as_string() == "durable");
    boost::json::object const& statuses = found.at("tasks_by_status").as_object();
    BOOST_TEST(number_or_0(statuses, "completed") == number_or_0(found, "tasks"));
    BOOST_TEST(number_or_0(found.at("agents_by_status").as_object(), "shutdown") == 8U);

    // The next run has the same outcome; it keeps the first one's history.
    std::ofstream{on.tree.folder() / "added"} << "one more";
    boost::json::object const again = last_json_line(on.start().wait());
    BOOST_TEST(number_or_0(again, "run") == 2U);
    BOOST_TEST(again.at("digest").as_string() == on.tree.digest());
    BOOST_TEST(again.at("digest").as_string() != found.at("digest").as_string());
    BOOST_TEST(number_or_0(again, "tasks") == 2 * number_or_0(found, "tasks") + 1);
}

BOOST_AUTO_TEST_CASE(killed_twenty_times_it_comes_to_the_same_digest) {
    orchestrated const on;
    std::mt19937_64 random{11};
    for (int kills = 0; kills != 20;) {
        running_cli running = on.start({"--tell", "--workers", "3"});
        // Zero lines: while it opens, plans or takes over.
        std::uint64_t lines = random() % 12;
        while (lines != 0 && running.read_line()) { --lines; }
        running.signal(SIGKILL);
        kills += running.wait().code == -SIGKILL ? 1 : 0;
    }
    cli_result const ran = on.start().wait();
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(last_json_line(ran).at("digest").as_string() == on.tree.digest());

    event_log const log = open_sqlite_read_only(on.database).value();
    std::map<std::string, int> completions;
    for (event_view const& event : log.read().type("task.completed")) {
        ++completions[std::string{event.stream}];
    }
    BOOST_TEST(completions.size() == number_or_0(last_json_line(ran), "tasks"));
    BOOST_TEST(std::all_of(completions.begin(), completions.end(),
                           [](auto const& each) { return each.second == 1; }));
    BOOST_TEST(log.read().type("task.released").count().value() > 0U);
}

BOOST_AUTO_TEST_CASE(tasks_of_silent_workers_are_handed_back) {
    orchestrated const on;
    cli_result const ran =
        on.start({"--silent-after", "9", "--lease", "40", "--workers", "4"}).wait();
    BOOST_TEST(ran.code == 0, ran.err);
    boost::json::object const found = last_json_line(ran);
    BOOST_TEST(found.at("digest").as_string() == on.tree.digest());
    BOOST_TEST(number_or_0(found, "agents") > 8U);
    BOOST_TEST(number_or_0(found.at("by_type").as_object(), "task.released") > 4U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_said) {
    orchestrated const on;
    BOOST_TEST(on.start_over(on.scratch / "nowhere", {}).wait().code == 3);
    running_cli running = on.start({"--tell", "--workers", "1"});
    BOOST_TEST(running.read_line().has_value());
    running.signal(SIGKILL);
    BOOST_TEST(running.wait().code == -SIGKILL);
    cli_result const other = on.start_over(on.tree.folder() / "empty", {}).wait();
    BOOST_TEST(other.code == 3);
    BOOST_TEST(other.err.find("unfinished run over " + on.tree.folder().string()) !=
               std::string::npos);
    BOOST_TEST(on.start({"--workers", "0"}).wait().code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
