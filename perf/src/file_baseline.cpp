#include "file_baseline.hpp"

#include "latencies.hpp"
#include "packed_event.hpp"
#include "stopwatch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace swarmlog::perf {

namespace {

class appended_file {
public:
    explicit appended_file(std::filesystem::path const& path)
        : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
        if (file_ < 0) { throw std::runtime_error{"the baseline cannot make its file"}; }
    }
    appended_file(appended_file const&) = delete;
    appended_file& operator=(appended_file const&) = delete;
    ~appended_file() { ::close(file_); }

    void write(std::string const& bytes) const {
        auto const written = ::write(file_, bytes.data(), bytes.size());
        expect(written == static_cast<::ssize_t>(bytes.size()));
    }
    void flush() const { expect(::fdatasync(file_) == 0); }

private:
    static void expect(bool worked) {
        if (!worked) { throw std::runtime_error{"the baseline cannot write its file"}; }
    }
    int file_;
};

std::uint64_t digest_of(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{file}, {}};
    digest read;
    add_packed(read, bytes);
    return read.value();
}

} // namespace

contestant plain_file(event_maker make, std::uint64_t per_group) {
    return [make = std::move(make), per_group](setting const& given) {
        auto const path = given.folder / "events.log";
        appended_file const file{path};
        std::string group;
        sample_event event;
        latencies groups;
        latencies flushes;
        stopwatch const watch;
        for (std::uint64_t done = 0; done != given.events;) {
            auto const began = latencies::clock::now();
            group.clear();
            for (std::uint64_t each = 0; each != per_group && done != given.events;
                 ++each, ++done) {
                make(done, event);
                pack_event(event, group);
            }
            file.write(group);
            auto const written = latencies::clock::now();
            file.flush();
            auto const flushed = latencies::clock::now();
            groups.add(flushed - began);
            flushes.add(flushed - written);
        }
        sample taken = watch.stop(static_cast<double>(given.events));
        groups.report(taken);
        flushes.report(taken, "flush_");
        taken.digest = digest_of(path);
        return taken;
    };
}

} // namespace swarmlog::perf
