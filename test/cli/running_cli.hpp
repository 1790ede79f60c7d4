#pragma once

#include "history/scratch_folder.hpp"

#include <boost/json/object.hpp>

#include <sys/types.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a run of the `swarmlog` command left behind.
struct cli_result {
    int code = -1; ///< minus the signal's number when one ended it
    std::string out;
    std::string err;
};

/// The command while it runs, with pipes to and from it. Its messages go to a file.
class running_cli {
public:
    running_cli(scratch_folder const& scratch, std::vector<std::string> const& arguments,
                std::string program = the_command());

    static std::string the_command();
    running_cli(running_cli const&) = delete;
    running_cli& operator=(running_cli const&) = delete;
    ~running_cli();

    void write(std::string_view text);
    void close_input();
    /// The next line of its output without the end; nothing when it has closed it. Fails the test
    /// after a minute.
    [[nodiscard]] std::optional<std::string> read_line();
    void signal(int number) const;
    /// Reads the rest and waits for its end.
    [[nodiscard]] cli_result wait();

private:
    [[nodiscard]] bool read_more();

    std::string errors_; ///< the file
    pid_t process_ = -1;
    int input_ = -1;
    int output_ = -1;
    std::string unread_;
};

/// Runs the command to its end.
[[nodiscard]] cli_result run_cli(scratch_folder const& scratch,
                                 std::vector<std::string> const& arguments,
                                 std::string_view input = {});

/// The path of an example: `record_history`, `orchestrator`.
[[nodiscard]] std::string the_example(std::string const& name);

/// Runs the `record_history` example to its end.
[[nodiscard]] cli_result run_record_history(scratch_folder const& scratch,
                                            std::vector<std::string> const& arguments);

[[nodiscard]] std::string read_file(std::filesystem::path const& path);

/// The lines of a text, without their ends.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// The last line of its output, which has to be a JSON object.
[[nodiscard]] boost::json::object last_json_line(cli_result const& ran);
