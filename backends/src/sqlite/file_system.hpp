#pragma once

#include <swarmlog/engine/error.hpp>

#include <functional>
#include <string>

namespace swarmlog::detail {

/// Tells the type of the file system that a folder is on, as mount(8) names it: "nfs",
/// "fuse.sshfs". Empty when it is none that is known to be another machine's.
using file_system_probe = std::function<std::string(std::string const& folder)>;

/// Asks the operating system.
[[nodiscard]] std::string network_file_system_of(std::string const& folder);

/// `unsupported` for a folder on a network file system: its locks and its shared memory are not
/// those of this machine alone, on which one writer and SQLite's write-ahead log rest.
[[nodiscard]] result<void> refuse_network(std::string const& folder,
                                          file_system_probe const& probe);

} // namespace swarmlog::detail
