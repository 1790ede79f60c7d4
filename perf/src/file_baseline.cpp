#include "file_baseline.hpp"

#include "stopwatch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace swarmlog::perf {

contestant plain_file(event_maker make, std::uint64_t per_group) {
    return [make = std::move(make), per_group](setting const& given) {
        int const file = ::open((given.folder / "events.log").c_str(),
                                O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (file < 0) { throw std::runtime_error{"the baseline cannot make its file"}; }
        stopwatch const watch;
        std::string group;
        sample_event event;
        for (std::uint64_t done = 0; done != given.events;) {
            group.clear();
            for (std::uint64_t each = 0; each != per_group && done != given.events;
                 ++each, ++done) {
                make(done, event);
                group += event.stream.str();
                group += event.type.str();
                group += event.data.str();
            }
            auto const written = ::write(file, group.data(), group.size());
            if (written != static_cast<::ssize_t>(group.size()) || ::fdatasync(file) != 0) {
                ::close(file);
                throw std::runtime_error{"the baseline cannot write its file"};
            }
        }
        sample const taken = watch.stop(static_cast<double>(given.events));
        ::close(file);
        return taken;
    };
}

} // namespace swarmlog::perf
