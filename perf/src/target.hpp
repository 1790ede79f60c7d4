#pragma once

#include <string>
#include <vector>

namespace swarmlog::perf {

/// What a row promises: bounds on its ratio to the baseline, or on its own median. Empty: nothing.
class target {
public:
    target() = default;

    [[nodiscard]] bool is_set() const noexcept { return !bounds_.empty(); }
    [[nodiscard]] bool met(double median, double ratio) const;
    /// For a person: `at least 0.3 x and at least 3M events/s`.
    [[nodiscard]] std::string text(std::string const& unit) const;

    [[nodiscard]] friend target ratio_at_least(double limit) { return target{{true, true, limit}}; }
    [[nodiscard]] friend target ratio_at_most(double limit) { return target{{true, false, limit}}; }
    [[nodiscard]] friend target at_least(double limit) { return target{{false, true, limit}}; }
    [[nodiscard]] friend target at_most(double limit) { return target{{false, false, limit}}; }
    /// Both must hold.
    [[nodiscard]] friend target operator&&(target left, target const& right) {
        left.bounds_.insert(left.bounds_.end(), right.bounds_.begin(), right.bounds_.end());
        return left;
    }

private:
    struct bound {
        bool is_ratio;
        bool is_least;
        double limit;
        [[nodiscard]] bool holds(double median, double ratio) const noexcept {
            double const value = is_ratio ? ratio : median;
            return is_least ? value >= limit : value <= limit;
        }
    };
    explicit target(bound only) : bounds_{only} {}

    std::vector<bound> bounds_;
};

// A friend is found by its arguments only, and these have none of the class.
[[nodiscard]] target ratio_at_least(double limit);
[[nodiscard]] target ratio_at_most(double limit);
[[nodiscard]] target at_least(double limit);
[[nodiscard]] target at_most(double limit);

} // namespace swarmlog::perf
