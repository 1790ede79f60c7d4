#include "read_contestants.hpp"

#include "digest.hpp"
#include "prepared_folder.hpp"
#include "stopwatch.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

#include <stdexcept>
#include <utility>

namespace swarmlog::perf {

namespace {

std::filesystem::path prepared_log(setting const& given, std::string const& name,
                                   event_maker const& make) {
    return prepared_folder(given, name, [&](std::filesystem::path const& folder) {
        event_log log = open_log({}, folder);
        submit_all(log, make, 0, given.events);
        static_cast<void>(expect_content(log, make, given.events, true));
        log.close().value();
    });
}

} // namespace

contestant read_all(std::string log_name, event_maker make) {
    return [log_name = std::move(log_name), make = std::move(make)](setting const& given) {
        event_log const log = open_log({}, prepared_log(given, log_name, make));
        stopwatch const watch;
        std::uint64_t seen = 0;
        std::uint64_t touched = 0;
        for (event_view const& event : log.read()) {
            ++seen;
            touched += event.version.value + event.data.size() + event.type.size() +
                       event.stream.size() + static_cast<std::uint64_t>(event.data[0]);
        }
        sample taken = watch.stop(static_cast<double>(seen));
        if (seen != given.events || touched == 0) {
            throw std::runtime_error{"not every event was read"};
        }
        taken.digest = expect_content(log, make, given.events, true);
        return taken;
    };
}

contestant read_streams(std::string log_name, event_maker make, std::uint64_t stream_count,
                        std::uint64_t reads) {
    return [log_name = std::move(log_name), make = std::move(make), stream_count,
            reads](setting const& given) {
        event_log const log = open_log({}, prepared_log(given, log_name, make));
        digest found;
        text_builder stream;
        stopwatch const watch;
        for (std::uint64_t read = 0; read != reads; ++read) {
            stream.clear() << "task-" << read * 104'729 % stream_count;
            version last;
            for (event_view const& event : log.read().stream(stream).limit(100)) {
                if (event.version != last.next()) {
                    throw std::runtime_error{"a stream's versions have a gap"};
                }
                last = event.version;
                found.add(event.type, event.data);
            }
        }
        sample taken = watch.stop(static_cast<double>(reads));
        taken.digest = found.value();
        return taken;
    };
}

contestant read_agent_events(std::string log_name, event_maker make, std::uint64_t reads) {
    return [log_name = std::move(log_name), make = std::move(make), reads](setting const& given) {
        event_log log = open_log({}, prepared_log(given, log_name, make));
        swarm::desk const desk{log};
        digest found;
        text_builder agent;
        stopwatch const watch;
        for (std::uint64_t read = 0; read != reads; ++read) {
            agent.clear() << read % 10;
            for (event const& each : desk.events_of_agent(agent, 100).value()) {
                found.add(each.type, each.data);
            }
        }
        sample taken = watch.stop(static_cast<double>(reads));
        taken.digest = found.value();
        return taken;
    };
}

contestant reopen(std::string log_name, event_maker make) {
    return [log_name = std::move(log_name), make = std::move(make)](setting const& given) {
        auto const folder = prepared_log(given, log_name, make);
        constexpr int openings = 5;
        sample taken;
        for (int each = 0; each != openings; ++each) {
            stopwatch const watch;
            event_log const log = open_log({}, folder);
            sample const once = watch.stop(1);
            if (log.head().value != given.events) {
                throw std::runtime_error{"the log lost events"};
            }
            taken.units += once.units;
            taken.seconds += once.seconds;
            taken.cpu_seconds += once.cpu_seconds;
            taken.digest = log.head().value;
        }
        taken.figures["open_ms"] = taken.seconds / taken.units * 1e3;
        return taken;
    };
}

} // namespace swarmlog::perf
