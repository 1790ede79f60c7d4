#pragma once

#include "file_tree.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// One run over a tree, as the log has it: a task for each entry, a folder's waiting for those of
/// what is in it, and one for the root, which is created last and so completed last.
///
/// A task's id is `<run>/<file|folder>/<path>`, or a digest in the place of a long path; its
/// payload says the path, and the root's also which folder it is the root of.
struct tree_run {
    std::uint64_t number = 0;
    std::filesystem::path folder;
    std::string root_task;
    bool is_resumed = false; ///< its tasks, or some of them, were there already
};

/// Goes on with the run that the log has begun and not completed; else begins the next one.
/// `invalid_argument` when the unfinished one is of another folder.
[[nodiscard]] swarmlog::result<tree_run> find_run(swarmlog::event_log& log,
                                                  std::filesystem::path const& folder);

/// Creates the tasks that are not there yet, some hundred a decision.
[[nodiscard]] swarmlog::result<void> plan_run(swarmlog::event_log& log, tree_run const& run,
                                              std::vector<tree_entry> const& entries);

/// What a task of a run comes to: of a file, the digest of its bytes; of a link, of where it
/// points; of a folder, of the names and digests of what is in it. `on_slice` is called after
/// every megabyte of a file.
[[nodiscard]] swarmlog::result<std::string> digest_of(swarmlog::event_log& log, tree_run const& run,
                                                      swarmlog::swarm::task const& task,
                                                      std::function<void()> const& on_slice);

/// The root's digest; nothing while the run is not completed.
[[nodiscard]] swarmlog::result<std::optional<std::string>> outcome_of(swarmlog::event_log& log,
                                                                      tree_run const& run);
