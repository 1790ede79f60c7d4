#include "log/verify.hpp"

#include "index/key_enumeration.hpp"
#include "index/run.hpp"
#include "index/run_format.hpp"
#include "record/record.hpp"
#include "record/record_frame.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <string>

namespace swarmlog::detail {

namespace {

constexpr std::size_t problems_max = 100;
constexpr std::size_t page_records = 256;

/// What one event puts into the index, folded into one number for each kind of key. Sums of
/// hashes do not depend on the order, so the log and the index can be walked each in its own.
struct posting_sums {
    std::array<std::uint64_t, 5> sums{};
    std::array<std::uint64_t, 5> counts{};

    /// `in_stream` is a stream's version at that posting, 0 for other keys.
    void add(key_kind kind, std::string_view name, position at, version in_stream = {}) noexcept {
        auto const slot = static_cast<std::size_t>(kind);
        std::uint64_t const place = at.value ^ (in_stream.value * 0x9e37'79b9'7f4a'7c15U);
        sums[slot] += XXH3_64bits_withSeed(name.data(), name.size(), place);
        ++counts[slot];
    }
};

class verification {
public:
    verification(log_core& core, progress const& report) : core_(&core), report_(&report) {}

    result<verify_report> run() {
        position const head = core_->head.get();
        // What opening found broken is beyond the head, which the walk ends at.
        if (core_->opened.corrupt_at) { note(*core_->opened.corrupt_at, core_->opened.message); }
        if (auto const walked = walk_log(head); !walked) { return walked.error(); }
        // Damage in the log makes the index's comparison meaningless.
        if (found_.problems.empty()) {
            if (auto const walked = walk_index(head); !walked) { return walked.error(); }
        }
        found_.streams = versions_.size();
        return std::move(found_);
    }

private:
    void note(position at, std::string what) {
        if (found_.problems.size() < problems_max) {
            found_.problems.push_back({at, std::move(what)});
        }
    }

    result<void> walk_log(position head) {
        position next{1};
        while (next <= head) {
            auto now = core_->begin_reading();
            if (!now) { return now.error(); }
            position const began = next;
            std::size_t left = page_records;
            bool damaged = false;
            auto const visited = now->view->records_from(next, [&](stored_record const& stored) {
                damaged = !check_record(stored, next);
                next = stored.last.next();
                return !damaged && --left != 0 && next <= head;
            });
            if (!visited) {
                note(next, visited.error().message());
                return {};
            }
            if (damaged) { return {}; }
            if (next == began) {
                note(next, "the record is not there");
                return {};
            }
            if (*report_ && !(*report_)(next.value - 1, head.value)) {
                return error{errc::cancelled};
            }
        }
        return {};
    }

    bool check_record(stored_record const& stored, position expected) {
        if (stored.first != expected) {
            note(expected, "positions are not dense: the next record begins at " +
                               std::to_string(stored.first.value));
            return false;
        }
        auto const decoded = record::decode(stored);
        if (!decoded) {
            note(stored.first, decoded.error().message());
            return false;
        }
        record const& here = **decoded;
        if (hash_content(here.content()) != stored.hash) {
            note(stored.first, "the record's hash does not fit its content");
            return false;
        }
        if (here.header().previous != previous_) {
            note(stored.first, "the record does not follow the one before it");
            return false;
        }
        if (here.header().store != core_->store->facts().id) {
            note(stored.first, "the record belongs to another log");
            return false;
        }
        previous_ = stored.hash;
        ++found_.records;
        return check_events(here);
    }

    bool check_events(record const& here) {
        record::cursor walk{here};
        event_view event;
        auto next_key = here.keys().begin();
        while (walk.next(event)) {
            ++found_.events;
            if (event.recorded_at <= last_time_) {
                note(event.position, "recorded_at does not rise: " + to_string(event.recorded_at));
            }
            last_time_ = event.recorded_at;
            std::uint64_t& last_version = versions_[std::string{event.stream}];
            if (event.version.value != last_version + 1) {
                note(event.position, "version " + std::to_string(event.version.value) +
                                         " follows " + std::to_string(last_version) +
                                         " in stream \"" + std::string{event.stream} + '"');
            }
            last_version = event.version.value;
            from_log_.add(key_kind::stream, event.stream, event.position, event.version);
            from_log_.add(key_kind::type, event.type, event.position);
            for (std::string_view const tag : event.tags) {
                from_log_.add(key_kind::tag, tag, event.position);
            }
            if (next_key != here.keys().end() && next_key->first_ordinal + 1 == walk.ordinal()) {
                from_log_.add(key_kind::idempotency_key, next_key->key, event.position);
                ++next_key;
            }
        }
        if (walk.failed()) {
            note(here.first(), "an event of the record does not decode");
            return false;
        }
        return true;
    }

    result<void> walk_index(position head) {
        auto now = core_->begin_reading();
        if (!now) { return now.error(); }
        posting_sums from_index;
        auto const visited = for_each_posting(
            *now->index, *now->view,
            [&](key_kind kind, std::string_view name, std::uint64_t ordinal, position at) {
                ++found_.postings;
                from_index.add(kind, name, at, version{kind == key_kind::stream ? ordinal + 1 : 0});
                if (kind == key_kind::stream && ordinal == 0 && !versions_.contains(name)) {
                    note(at,
                         "the index has a stream that the log has not: " + detail::quoted(name));
                }
                return true;
            },
            head);
        if (!visited) {
            note(position{}, visited.error().message());
            return {};
        }
        check_guides(*now);
        static constexpr std::array names{"streams", "types", "tags", "event ids",
                                          "idempotency keys"};
        for (std::size_t kind = 0; kind != names.size(); ++kind) {
            // Only ids that callers brought are in the index, so these are not compared.
            if (static_cast<key_kind>(kind) == key_kind::event_id) { continue; }
            if (from_index.counts[kind] != from_log_.counts[kind] ||
                from_index.sums[kind] != from_log_.sums[kind]) {
                note(position{},
                     std::string{"the index of "} + names[kind] +
                         " does not fit the log: " + std::to_string(from_index.counts[kind]) +
                         " entries for " + std::to_string(from_log_.counts[kind]));
            }
        }
        return {};
    }

    /// Guides lead lookups to the blocks that were walked, without them.
    void check_guides(log_core::reading& now) {
        for (auto const& run : now.index->runs()) {
            std::uint64_t const id = run->meta().id;
            run_header const& header = run->header();
            for (std::uint32_t guide = 0; guide != header.guides.size(); ++guide) {
                std::uint32_t const block = block_of_guide(guide, header.data_block_count);
                auto const sealed = now.view->run_block(id, block);
                if (!sealed) {
                    note(position{}, sealed.error().message());
                } else if (auto const content = open_block(*sealed, id, block); !content) {
                    note(position{}, content.error().message());
                }
            }
        }
    }

    log_core* core_;
    progress const* report_;
    verify_report found_;
    record_hash previous_{};
    timestamp last_time_{timestamp::min()};
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return XXH3_64bits(text.data(), text.size());
        }
    };
    boost::unordered_flat_map<std::string, std::uint64_t, text_hash, std::equal_to<>> versions_;
    posting_sums from_log_;
};

} // namespace

result<verify_report> verify_log(log_core& core, progress const& report) {
    return verification{core, report}.run();
}

} // namespace swarmlog::detail
