#include "crash/fault_sweep.hpp"

#include "crash/allocation_fault.hpp"
#include "crash/numbered_file.hpp"
#include "event_importer.hpp"
#include "support/fault_vfs.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/projections/log_tables.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <boost/describe/class.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::test {

namespace {

/// Of every third append, which are those with several events.
struct part_added {
    static constexpr std::string_view type = "type-0";
    std::uint32_t append = 0;
    std::uint32_t part = 0;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(part_added, (), (append, part, text))

struct append_row {
    std::uint32_t append = 0;
    std::uint32_t parts = 0;
    std::uint32_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(append_row, (), (append, parts, bytes))

struct append_rows {
    static constexpr std::string_view name = "append_rows";
    static constexpr std::uint32_t version = 1;
    using row_type = append_row;
    static constexpr auto key = &append_row::append;
    using handles = event_types<part_added>;

    static std::vector<index_spec> indexes() { return {index_on(&append_row::parts)}; }
    void apply(part_added const& event, event_view const&, rows<append_row>& all) const {
        auto const bytes = static_cast<std::uint32_t>(event.text.size());
        if (append_row* const row = all.modify(event.append)) {
            ++row->parts;
            row->bytes += bytes;
        } else {
            all.put({event.append, 1, bytes});
        }
    }
};

enum class operation { open, append, checkpoint, rebuild, import, backup, close };
constexpr std::array<std::string_view, 7> operation_names{
    "open", "append", "checkpoint", "rebuild", "import", "backup", "close"};

enum class fault { read, write, sync, truncate, disk_full, allocation };
constexpr std::array<std::string_view, 6> fault_names{"read",     "write",     "flush",
                                                      "truncate", "disk full", "allocation"};

struct fault_point {
    operation during = operation::open;
    fault kind = fault::read;
    std::uint64_t nth = 0; ///< 0: nothing fails
    bool and_all_later = false;
    bool is_killed = false; ///< and not closed afterwards
};

std::string name_of(fault_point const& point) {
    std::string name{operation_names[static_cast<std::size_t>(point.during)]};
    name.append(", ").append(fault_names[static_cast<std::size_t>(point.kind)]).append(" ");
    name.append(std::to_string(point.nth)).append(point.and_all_later ? " and all later" : "");
    return name.append(point.is_killed ? ", killed" : ", closed");
}

/// What became of an append, without a word of text: memory may be short when it is noted.
struct told {
    enum class answer { unasked, accepted, refused, in_doubt } what = answer::unasked;
    errc code{};
};

class swept_log {
public:
    swept_log(fault_vfs& vfs, std::uint64_t appends) : vfs_(vfs), stored_before_(appends) {
        projection_set projections;
        auto log = must(open_sqlite(original_, options(projections)));
        append_numbers(log, 1, stored_before_);
        // Left as by a killed process, so that opening has something to recover.
        copy_as_killed(original_, template_);
    }

    /// What is wrong after a fault at this point; nothing when all is well.
    [[nodiscard]] std::string run(fault_point const& point) {
        vfs_.heal();
        copy_as_killed(template_, file_);
        told_ = {};
        problem_.clear();
        is_import_unknown_ = false;
        for (std::uint64_t number = 1; number <= stored_before_; ++number) {
            told_[number].what = told::answer::accepted;
        }
        {
            projection_set projections;
            auto faulty = options(projections);
            faulty.store.vfs = vfs_.name();
            std::optional<event_log> log;
            if (point.during != operation::open) { log.emplace(must(open_sqlite(file_, faulty))); }
            arm(point);
            perform(point, projections, faulty, log);
            judge_answers(point.kind == fault::allocation);
            if (log && point.during != operation::close) { check_reads(*log); }
            if (point.is_killed) { copy_as_killed(file_, killed_); }
        }
        vfs_.heal();
        check_stored(point.is_killed ? killed_ : file_);
        return problem_;
    }

    /// Calls of the kind in the run before, of one without a fault.
    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }

private:
    static constexpr std::size_t appends_max = 128;
    static constexpr std::uint64_t number_afterwards = 120;

    [[nodiscard]] static sqlite_log_options options(projection_set& projections) {
        projections.add(append_rows{});
        sqlite_log_options made = small_options();
        made.state = projections;
        return made;
    }

    void arm(fault_point const& point) {
        auto const call = [&](fault_vfs::call only) {
            vfs_.fail_at_call(only, point.nth, point.and_all_later);
        };
        switch (point.kind) {
        case fault::read: return call(fault_vfs::call::read);
        case fault::write: return call(fault_vfs::call::write);
        case fault::sync: return call(fault_vfs::call::sync);
        case fault::truncate: return call(fault_vfs::call::truncate);
        case fault::disk_full:
            return vfs_.fail_at(point.nth, fault_vfs::fault::disk_full, point.and_all_later);
        case fault::allocation: return;
        }
    }

    void perform(fault_point const& point, projection_set& projections,
                 sqlite_log_options const& faulty, std::optional<event_log>& log) {
        std::string const copy = (folder_ / "copy.db").string();
        for (char const* const suffix : {"", "-wal", "-shm", ".lock"}) {
            std::filesystem::remove(copy + suffix);
        }
        {
            std::optional<allocation_fault> memory;
            if (point.kind == fault::allocation) { memory.emplace(point.nth, point.and_all_later); }
            try {
                act(point.during, projections, faulty, log, copy);
            } catch (std::bad_alloc const&) {
                // Of the caller's own thread: what it asked for was not done.
            } catch (boost::system::system_error const&) { is_import_unknown_ = true; }
            calls_ = memory ? allocation_fault::count() : vfs_.calls();
        }
        if (point.during == operation::backup && std::filesystem::exists(copy)) {
            vfs_.heal();
            check_stored(copy);
        }
    }

    void act(operation during, projection_set& projections, sqlite_log_options const& faulty,
             std::optional<event_log>& log, std::string const& copy) {
        switch (during) {
        case operation::open: {
            auto opened = open_sqlite(file_, faulty);
            if (!opened) { return; }
            log.emplace(std::move(*opened));
            return append_some(*log, 1);
        }
        case operation::append: return append_some(*log, 4);
        case operation::checkpoint:
            static_cast<void>(log->checkpoint());
            return append_some(*log, 1);
        case operation::rebuild:
            static_cast<void>(projections.rebuild(append_rows::name));
            return append_some(*log, 1);
        case operation::import: return import_some(*log);
        case operation::backup: static_cast<void>(log->backup_to(copy)); return;
        case operation::close: static_cast<void>(log->close()); return;
        }
    }

    void append_some(event_log& log, std::uint64_t count) {
        for (std::uint64_t more = 1; more <= count; ++more) {
            told& noted = told_[stored_before_ + more];
            // Unless it answers something else: what throws was not asked.
            noted.what = told::answer::refused;
            noted.code = errc::disk_full;
            try {
                auto source = log.make_producer();
                note(noted, append_number(source, stored_before_ + more));
            } catch (std::bad_alloc const&) { continue; }
        }
    }

    static void note(told& noted, result<receipt> const& answer) {
        noted.code = answer ? errc{} : static_cast<errc>(answer.error().code().value());
        noted.what = answer ? told::answer::accepted : told::answer::refused;
        if (noted.code == errc::in_doubt) { noted.what = told::answer::in_doubt; }
    }

    /// One batch, as the command's import makes it: of one append with several events.
    void import_some(event_log& log) {
        std::uint64_t number = stored_before_ + 1;
        while (numbered_append{number}.event_count() == 1) { ++number; }
        told& noted = told_[number];
        // What throws between the batch and its answer leaves open whether it was stored.
        noted = {told::answer::in_doubt, errc::in_doubt};
        is_import_unknown_ = true;
        auto source = log.make_producer();
        cli::rejections refused;
        cli::event_importer importer{source, refused};
        numbered_append const append{number};
        for (std::uint32_t part = 0; part != append.event_count(); ++part) {
            cli::input_event event;
            event.stream = append.stream_of(part);
            event.type = append.type();
            event.data = append.data_of(part);
            event.tags = {append.tag()};
            if (auto const added = importer.add(std::move(event), "line"); !added) { return; }
        }
        auto const done = importer.finish();
        is_import_unknown_ = false;
        note(noted, done ? result<receipt>{receipt{}} : result<receipt>{done.error()});
    }

    void fail(std::string what) {
        if (problem_.empty()) { problem_ = std::move(what); }
    }

    void judge_answers(bool is_memory_short) {
        bool in_doubt = false;
        for (std::uint64_t number = 1; number != appends_max; ++number) {
            told const& noted = told_[number];
            if (noted.what == told::answer::accepted && in_doubt) {
                fail("append " + std::to_string(number) + " was accepted after one in doubt");
            }
            in_doubt = in_doubt || noted.what == told::answer::in_doubt;
            if (noted.what != told::answer::refused) { continue; }
            // A fold that throws, for want of memory too, rejects the append.
            bool const may_be_folds = is_memory_short && noted.code == errc::projection_failed;
            if (noted.code != errc::disk_full && noted.code != errc::io_error && !may_be_folds) {
                fail("append " + std::to_string(number) +
                     " answered: " + error{noted.code}.message());
            }
        }
    }

    /// Reading goes on: all that was acknowledged is seen, and nothing else.
    void check_reads(event_log& log) {
        if (is_import_unknown_) { return; }
        vfs_.heal();
        std::uint64_t events = 0;
        for (std::uint64_t number = 1; number != appends_max; ++number) {
            bool const is_there = told_[number].what == told::answer::accepted;
            events += is_there ? numbered_append{number}.event_count() : 0;
        }
        auto const all = log.read().collect();
        if (!all) {
            fail("reading answered: " + all.error().message());
        } else if (all->size() != events) {
            fail(std::to_string(all->size()) + " events are seen and " + std::to_string(events) +
                 " were acknowledged");
        }
    }

    void check_stored(std::filesystem::path const& path) {
        projection_set projections;
        auto log = open_sqlite(path, options(projections));
        if (!log) { return fail("it does not open again: " + log.error().message()); }
        if (log->opened().lost_events != 0 || log->opened().read_only) {
            return fail("opening found: " + log->opened().message);
        }
        auto const report = log->verify();
        if (!report) { return fail("verify answered: " + report.error().message()); }
        if (!report->sound()) { return fail("verify found: " + report->problems.front().what); }
        check_appends(*log);
        auto const rebuilt = projections.rebuild(append_rows::name);
        if (!rebuilt) { return fail("rebuild answered: " + rebuilt.error().message()); }
        if (!rebuilt->is_identical) { return fail("the table is not what a fresh fold makes"); }
        auto source = log->make_producer();
        auto const more = append_number(source, number_afterwards);
        if (!more) { return fail("appending again answered: " + more.error().message()); }
        auto const closed = log->close();
        if (!closed) { return fail("closing again answered: " + closed.error().message()); }
    }

    void check_appends(event_log& log) {
        std::array<std::uint32_t, appends_max> parts{};
        auto const all = log.read().collect();
        if (!all) { return fail("reading again answered: " + all.error().message()); }
        for (event const& each : *all) {
            std::uint64_t const number = std::stoull(std::string{each.data.substr(10)});
            if (number >= appends_max ||
                each.data != numbered_append{number}.data_of(parts[number]++)) {
                return fail("other data at position " + std::to_string(each.position.value));
            }
        }
        std::uint64_t rows = 0;
        for (std::uint64_t number = 1; number != appends_max; ++number) {
            check_append(number, parts[number]);
            rows += parts[number] != 0 && number % 3 == 0 ? 1U : 0U;
        }
        auto const counted = log.table<append_row>().count();
        if (!counted) {
            fail("counting rows answered: " + counted.error().message());
        } else if (*counted != rows) {
            fail("the table has " + std::to_string(*counted) + " rows of " + std::to_string(rows));
        }
    }

    void check_append(std::uint64_t number, std::uint32_t parts) {
        auto const what = told_[number].what;
        bool const may_be_there = what == told::answer::accepted || what == told::answer::in_doubt;
        std::string const name = "append " + std::to_string(number);
        if (parts != 0 && parts != numbered_append{number}.event_count()) {
            fail(name + " is there by half");
        } else if (parts != 0 && !may_be_there) {
            fail(name + " was turned away and is there");
        } else if (parts == 0 && what == told::answer::accepted) {
            fail(name + " was acknowledged and is lost");
        }
    }

    fault_vfs& vfs_;
    std::uint64_t stored_before_;
    temporary_folder folder_;
    std::filesystem::path original_ = folder_ / "original.db";
    std::filesystem::path template_ = folder_ / "template.db";
    std::filesystem::path file_ = folder_ / "log.db";
    std::filesystem::path killed_ = folder_ / "killed.db";
    std::array<told, appends_max> told_{};
    std::string problem_;
    bool is_import_unknown_ = false;
    std::uint64_t calls_ = 0;
};

std::vector<fault_point> all_points(swept_log& log) {
    std::vector<fault_point> points;
    for (std::size_t during = 0; during != operation_names.size(); ++during) {
        for (std::size_t kind = 0; kind != fault_names.size(); ++kind) {
            fault_point point{static_cast<operation>(during), static_cast<fault>(kind)};
            std::string const problem = log.run(point);
            BOOST_REQUIRE_MESSAGE(problem.empty(), name_of(point) << ": " << problem);
            for (std::uint64_t const calls = log.calls(); point.nth != calls;) {
                ++point.nth;
                point.is_killed = point.nth % 2 == 0;
                point.and_all_later = false;
                points.push_back(point);
                point.and_all_later = true;
                point.is_killed = !point.is_killed;
                points.push_back(point);
            }
        }
    }
    return points;
}

} // namespace

swept_faults sweep_faults(std::uint64_t seed, std::uint64_t appends, std::uint64_t points_max,
                          std::string_view only) {
    fault_vfs vfs{"swept"};
    swept_log log{vfs, appends};
    auto points = all_points(log);
    std::erase_if(points, [&](auto const& point) { return !name_of(point).starts_with(only); });
    swept_faults swept;
    swept.points_in_all = points.size();
    swept.points = std::min<std::uint64_t>(points.size(), points_max);
    for (std::uint64_t each = 0; each != swept.points; ++each) {
        auto const& point = points[(seed + each * points.size() / swept.points) % points.size()];
        std::string const problem = log.run(point);
        if (problem.empty()) { continue; }
        ++swept.violations;
        BOOST_ERROR(name_of(point) << " after " << appends << " appends: " << problem);
    }
    return swept;
}

} // namespace swarmlog::test
