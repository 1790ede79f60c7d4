#include <swarmlog/engine/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace swarmlog {

namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr unsigned fraction_digits = 9;

/// Takes characters off the front of a text. Every read fails softly with nothing, and the
/// caller gives up at the first.
class text_cursor {
public:
    explicit text_cursor(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }

    [[nodiscard]] bool next_is_digit() const noexcept {
        return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    }

    [[nodiscard]] bool take_any_of(std::string_view accepted) noexcept {
        if (rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Exactly `count` digits as a number, if it lies in [low, high].
    [[nodiscard]] std::optional<unsigned> take_number(unsigned count, unsigned low,
                                                      unsigned high) noexcept {
        unsigned number = 0;
        for (unsigned i = 0; i != count; ++i) {
            if (!next_is_digit()) { return std::nullopt; }
            number = number * 10 + take_digit();
        }
        if (number < low || number > high) { return std::nullopt; }
        return number;
    }

    /// One to nine digits after the decimal point, as nanoseconds.
    [[nodiscard]] std::optional<std::int64_t> take_fraction() noexcept {
        std::int64_t nanoseconds = 0;
        unsigned digits = 0;
        for (; next_is_digit() && digits != fraction_digits; ++digits) {
            nanoseconds = nanoseconds * 10 + take_digit();
        }
        if (digits == 0) { return std::nullopt; }
        for (; digits != fraction_digits; ++digits) { nanoseconds *= 10; }
        return nanoseconds;
    }

private:
    unsigned take_digit() noexcept {
        auto const digit = static_cast<unsigned>(rest_.front() - '0');
        rest_.remove_prefix(1);
        return digit;
    }

    std::string_view rest_;
};

/// A moment of the years 0000 to 9999, which is more than a timestamp can hold.
struct wide_moment {
    std::chrono::sys_seconds seconds; ///< rounded down
    std::int64_t nanoseconds = 0;     ///< 0 to 999,999,999 after that
};

std::optional<std::chrono::sys_days> take_date(text_cursor& cursor) noexcept {
    auto const year = cursor.take_number(4, 0, 9999);
    if (!year || !cursor.take_any_of("-")) { return std::nullopt; }
    auto const month = cursor.take_number(2, 1, 12);
    if (!month || !cursor.take_any_of("-")) { return std::nullopt; }
    auto const day = cursor.take_number(2, 1, 31);
    if (!day) { return std::nullopt; }

    std::chrono::year_month_day const date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{*month}, std::chrono::day{*day}};
    if (!date.ok()) { return std::nullopt; }
    return std::chrono::sys_days{date};
}

/// The time of day; a leap second is no value that a timestamp could hold.
std::optional<std::chrono::seconds> take_time(text_cursor& cursor) noexcept {
    auto const hour = cursor.take_number(2, 0, 23);
    if (!hour || !cursor.take_any_of(":")) { return std::nullopt; }
    auto const minute = cursor.take_number(2, 0, 59);
    if (!minute || !cursor.take_any_of(":")) { return std::nullopt; }
    auto const second = cursor.take_number(2, 0, 59);
    if (!second) { return std::nullopt; }
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

/// How far local time is ahead of UTC.
std::optional<std::chrono::seconds> take_offset(text_cursor& cursor) noexcept {
    if (cursor.take_any_of("Zz")) { return std::chrono::seconds{0}; }
    bool const is_behind = cursor.take_any_of("-");
    if (!is_behind && !cursor.take_any_of("+")) { return std::nullopt; }
    auto const hours = cursor.take_number(2, 0, 23);
    if (!hours || !cursor.take_any_of(":")) { return std::nullopt; }
    auto const minutes = cursor.take_number(2, 0, 59);
    if (!minutes) { return std::nullopt; }
    std::chrono::seconds const ahead = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return is_behind ? -ahead : ahead;
}

std::optional<wide_moment> parse_rfc_3339(std::string_view text) noexcept {
    text_cursor cursor(text);
    auto const date = take_date(cursor);
    // RFC 3339 lets a space stand for the T, for readability.
    if (!date || !cursor.take_any_of("Tt ")) { return std::nullopt; }
    auto const time = take_time(cursor);
    if (!time) { return std::nullopt; }
    std::int64_t nanoseconds = 0;
    if (cursor.take_any_of(".")) {
        auto const fraction = cursor.take_fraction();
        if (!fraction) { return std::nullopt; }
        nanoseconds = *fraction;
    }
    auto const offset = take_offset(cursor);
    if (!offset || !cursor.is_at_end()) { return std::nullopt; }
    return wide_moment{*date + *time - *offset, nanoseconds};
}

std::optional<timestamp> narrow(wide_moment const& moment) noexcept {
    std::int64_t seconds = moment.seconds.time_since_epoch().count();
    std::int64_t nanoseconds = moment.nanoseconds;
    // Rounding towards zero instead of down keeps the product in range for the very first
    // second, which begins before the range does.
    if (seconds < 0) {
        ++seconds;
        nanoseconds -= nanoseconds_per_second;
    }
    constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t min = std::numeric_limits<std::int64_t>::min();
    if (seconds > max / nanoseconds_per_second || seconds < min / nanoseconds_per_second) {
        return std::nullopt;
    }
    std::int64_t const whole = seconds * nanoseconds_per_second;
    if ((nanoseconds > 0 && whole > max - nanoseconds) ||
        (nanoseconds < 0 && whole < min - nanoseconds)) {
        return std::nullopt;
    }
    return timestamp{std::chrono::nanoseconds{whole + nanoseconds}};
}

/// Writes `number` as `count` digits that end before `end`; returns where they begin.
char* put_digits_before(char* end, unsigned count, std::uint64_t number) noexcept {
    for (unsigned i = 0; i != count; ++i) {
        *--end = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    return end;
}

} // namespace

std::string to_string(timestamp time) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    // Seconds are taken off first: a day's begin may lie outside the range of nanoseconds.
    auto const second = std::chrono::floor<std::chrono::seconds>(time);
    std::chrono::hh_mm_ss const clock{second - day};
    std::int64_t const fraction =
        (time.time_since_epoch().count() % nanoseconds_per_second + nanoseconds_per_second) %
        nanoseconds_per_second;

    std::string text = "0000-00-00T00:00:00.000000000Z";
    auto const put = [&text](std::size_t end, unsigned count, auto number) {
        put_digits_before(text.data() + end, count, static_cast<std::uint64_t>(number));
    };
    put(4, 4, static_cast<int>(date.year()));
    put(7, 2, static_cast<unsigned>(date.month()));
    put(10, 2, static_cast<unsigned>(date.day()));
    put(13, 2, clock.hours().count());
    put(16, 2, clock.minutes().count());
    put(19, 2, clock.seconds().count());
    put(29, fraction_digits, fraction);
    return text;
}

result<timestamp> parse_timestamp(std::string_view text) {
    auto const moment = parse_rfc_3339(text);
    if (!moment) {
        return error(errc::invalid_argument,
                     "A text of " + std::to_string(text.size()) +
                         " bytes is not an RFC 3339 time like 2026-08-06T04:12:45.123456789Z.");
    }
    auto const time = narrow(*moment);
    if (!time) {
        return error(errc::invalid_argument, "The time is outside the range of a timestamp, " +
                                                 to_string(timestamp::min()) + " to " +
                                                 to_string(timestamp::max()) + ".");
    }
    return *time;
}

} // namespace swarmlog
