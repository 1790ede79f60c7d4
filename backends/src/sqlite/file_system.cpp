#include "sqlite/file_system.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string_view>

namespace swarmlog::detail {

namespace {

struct file_system_type {
    std::uint32_t magic; ///< of statfs(2)
    char const* name;
};

constexpr std::array network_types{
    file_system_type{0x0000'6969, "nfs"},   file_system_type{0xff53'4d42, "cifs"},
    file_system_type{0xfe53'4d42, "smb3"},  file_system_type{0x0000'517b, "smbfs"},
    file_system_type{0x5346'414f, "afs"},   file_system_type{0x6b41'4653, "afs"},
    file_system_type{0x7375'7245, "coda"},  file_system_type{0x0000'564c, "ncpfs"},
    file_system_type{0x00c3'6400, "ceph"},  file_system_type{0x0bd0'0bd0, "lustre"},
    file_system_type{0x7461'636f, "ocfs2"}, file_system_type{0x0116'1970, "gfs2"},
    file_system_type{0x4750'4653, "gpfs"},
};

constexpr std::uint32_t fuse_magic = 0x6573'5546;

/// Programs behind FUSE that reach another machine; the others are as local as their disk.
constexpr std::array<std::string_view, 13> network_programs{
    "fuse.sshfs",     "fuse.s3fs",    "fuse.rclone",  "fuse.glusterfs", "fuse.ceph-fuse",
    "fuse.curlftpfs", "fuse.gcsfuse", "fuse.juicefs", "fuse.mfs",       "fuse.smbnetfs",
    "fuse.davfs",     "fuse.davfs2",  "fuse.goofys",
};

/// The mount's type in /proc/self/mountinfo, found by its device; see proc(5).
std::string mount_type_of(std::string const& folder) {
    struct ::stat facts {};
    if (::stat(folder.c_str(), &facts) != 0) return {};
    std::string const device =
        std::to_string(major(facts.st_dev)) + ':' + std::to_string(minor(facts.st_dev));
    std::ifstream mounts{"/proc/self/mountinfo"};
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream words{line};
        std::string id;
        std::string parent;
        std::string its_device;
        words >> id >> parent >> its_device;
        auto const after_dash = line.find(" - ");
        if (its_device != device || after_dash == std::string::npos) continue;
        std::string_view const rest = std::string_view{line}.substr(after_dash + 3);
        return std::string{rest.substr(0, rest.find(' '))};
    }
    return {};
}

} // namespace

std::string network_file_system_of(std::string const& folder) {
    struct ::statfs facts {};
    if (::statfs(folder.c_str(), &facts) != 0) return {};
    auto const magic = static_cast<std::uint32_t>(facts.f_type);
    if (magic == fuse_magic) {
        std::string type = mount_type_of(folder);
        bool const is_network = std::find(network_programs.begin(), network_programs.end(), type) !=
                                network_programs.end();
        return is_network ? type : std::string{};
    }
    auto const* const found =
        std::find_if(network_types.begin(), network_types.end(),
                     [magic](file_system_type const& each) { return each.magic == magic; });
    return found == network_types.end() ? std::string{} : std::string{found->name};
}

result<void> refuse_network(std::string const& folder, file_system_probe const& probe) {
    std::string const type = probe ? probe(folder) : network_file_system_of(folder);
    if (type.empty()) return {};
    return error{errc::unsupported, folder + " is on a network file system (" + type +
                                        "), whose locks do not keep a second writer out; "
                                        "allow_network_file_system opens it all the same"};
}

} // namespace swarmlog::detail
