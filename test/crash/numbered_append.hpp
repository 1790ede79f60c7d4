#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/event.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace swarmlog::test {

/// The appends of the crash tests: everything about append number n follows from n, so a log
/// that holds the appends 1 to n, each whole and in order, can be told from any other.
class numbered_append {
public:
    explicit numbered_append(std::uint64_t number) noexcept : number_(number) {}

    [[nodiscard]] std::uint32_t event_count() const noexcept {
        return number_ % 3 == 0 ? static_cast<std::uint32_t>(1 + number_ % 7) : 1;
    }
    [[nodiscard]] std::string stream_of(std::uint32_t part) const {
        return "stream-" + std::to_string((number_ * 7 + part) % 23);
    }
    [[nodiscard]] std::string type() const { return "type-" + std::to_string(number_ % 3); }
    [[nodiscard]] std::string tag() const { return "tag:" + std::to_string(number_ % 10); }
    [[nodiscard]] std::string idempotency_key() const {
        return number_ % 4 == 0 ? "key-" + std::to_string(number_) : std::string{};
    }
    [[nodiscard]] std::size_t text_bytes() const noexcept { return number_ * 37 % 400; }
    [[nodiscard]] std::string data_of(std::uint32_t part) const {
        return R"({"append":)" + std::to_string(number_) + R"(,"part":)" + std::to_string(part) +
               R"(,"text":")" + std::string(text_bytes(), 'x') + R"("})";
    }

    void add_to(append_request& request) const {
        std::string const tag_name = tag();
        std::string const type_name = type();
        for (std::uint32_t part = 0; part != event_count(); ++part) {
            std::string const data = data_of(part);
            request.add(stream_of(part), raw_event{type_name, data}, {.tags = {tag_name}});
        }
        if (std::string const key = idempotency_key(); !key.empty()) {
            request.idempotency_key(key);
        }
    }

private:
    std::uint64_t number_;
};

/// What a log looks like that holds the appends 1, 2, 3, … and nothing else.
class numbered_log {
public:
    struct place {
        std::uint64_t append = 0;
        std::uint32_t part = 0;
        std::uint64_t in_stream = 0; ///< version
    };

    /// Knows the appends up to `number` from now on.
    void extend_to(std::uint64_t number) {
        for (; appends_ < number; ++appends_) {
            numbered_append const next{appends_ + 1};
            first_positions_.push_back(places_.size() + 1);
            for (std::uint32_t part = 0; part != next.event_count(); ++part) {
                places_.push_back({appends_ + 1, part, ++versions_[next.stream_of(part)]});
            }
        }
    }
    /// Knows the appends up to the one that holds `at` from now on.
    void extend_over(position at) {
        while (places_.size() < at.value) { extend_to(appends_ + 1); }
    }
    [[nodiscard]] place const& at(position where) const { return places_[where.value - 1]; }
    [[nodiscard]] std::uint64_t first_of(std::uint64_t append) const {
        return first_positions_[append - 1];
    }
    [[nodiscard]] std::uint64_t last_of(std::uint64_t append) const {
        return first_of(append) + numbered_append{append}.event_count() - 1;
    }
    /// The events of one stream up to a position.
    [[nodiscard]] std::uint64_t count_in(std::string const& stream, position upto) const {
        std::uint64_t count = 0;
        for (std::uint64_t each = 1; each <= upto.value; ++each) {
            place const& here = at(position{each});
            if (numbered_append{here.append}.stream_of(here.part) == stream) { ++count; }
        }
        return count;
    }

    /// What is wrong with an event, or nothing.
    [[nodiscard]] std::string difference(event_view const& found, position expected) {
        extend_over(expected);
        place const& here = at(expected);
        numbered_append const source{here.append};
        if (found.position != expected) { return "another position"; }
        if (found.stream != source.stream_of(here.part)) { return "another stream"; }
        if (found.version.value != here.in_stream) { return "another version"; }
        if (found.type != source.type()) { return "another type"; }
        if (found.data != source.data_of(here.part)) { return "other data"; }
        if (!found.tags.contains(source.tag())) { return "without its tag"; }
        return {};
    }

private:
    std::uint64_t appends_ = 0;
    std::vector<place> places_;
    std::vector<std::uint64_t> first_positions_;
    std::map<std::string, std::uint64_t> versions_;
};

} // namespace swarmlog::test
