#include <swarmlog/engine/rows.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace swarmlog {

namespace {

struct by_cells {
    bool operator()(row_cells const& left, row_cells const& right) const noexcept {
        return std::lexicographical_compare(
            left.begin(), left.end(), right.begin(), right.end(),
            [](cell const& a, cell const& b) { return compare_cells(a, b) < 0; });
    }
};

/// A sum whose error does not grow with the number of terms (Neumaier, 1974). The order of the
/// rows is the same on every backend, and so is the sum.
class compensated_sum {
public:
    void add(double value) noexcept {
        double const next = sum_ + value;
        lost_ += std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
        sum_ = next;
    }
    [[nodiscard]] double value() const noexcept {
        // Beyond the range of a double the correction is not a number.
        return std::isfinite(sum_) ? sum_ + lost_ : sum_;
    }

private:
    double sum_ = 0;
    double lost_ = 0;
};

class accumulator {
public:
    void add(aggregate_kind what, cell const& value) {
        if (value.index() == 0) { return; }
        ++count_;
        switch (what) {
        case aggregate_kind::count: return;
        case aggregate_kind::sum:
        case aggregate_kind::mean: add_number(value); return;
        case aggregate_kind::min:
            if (best_.index() == 0 || compare_cells(value, best_) < 0) { best_ = value; }
            return;
        case aggregate_kind::max:
            if (best_.index() == 0 || compare_cells(value, best_) > 0) { best_ = value; }
            return;
        }
    }

    [[nodiscard]] result<cell> take(row_aggregate const& asked) const {
        if (count_ == 0) { return cell{}; }
        if (asked.what == aggregate_kind::min || asked.what == aggregate_kind::max) {
            return best_;
        }
        if (asked.what == aggregate_kind::mean) {
            double const all = is_integer_ ? static_cast<double>(integer_) : real_.value();
            return cell{all / static_cast<double>(count_)};
        }
        if (!is_integer_) { return cell{real_.value()}; }
        auto const narrowed = static_cast<std::int64_t>(integer_);
        if (narrowed != integer_) {
            return error{
                errc::invalid_argument,
                "the sum of column " + std::to_string(asked.column) + " does not fit 64 bits"};
        }
        return cell{narrowed};
    }

private:
    void add_number(cell const& value) {
        if (auto const* const integer = std::get_if<std::int64_t>(&value)) {
            is_integer_ = true;
            integer_ += *integer; // 2^64 rows would be needed to leave 128 bits
        } else if (auto const* const real = std::get_if<double>(&value)) {
            real_.add(*real);
        }
    }

    __extension__ using wide = __int128;

    std::uint64_t count_ = 0;
    bool is_integer_ = false;
    wide integer_ = 0;
    compensated_sum real_;
    cell best_;
};

} // namespace

struct row_groups::state {
    std::vector<std::uint32_t> group_by;
    std::vector<row_aggregate> aggregates;
    struct one_group {
        std::uint64_t rows = 0;
        std::vector<accumulator> parts;
    };
    std::map<row_cells, one_group, by_cells> groups;
    row_cells by; ///< kept from row to row for its memory
};

row_groups::row_groups(std::vector<std::uint32_t> group_by, std::vector<row_aggregate> aggregates)
    : state_(std::make_unique<state>()) {
    state_->group_by = std::move(group_by);
    state_->aggregates = std::move(aggregates);
    if (state_->group_by.empty()) { state_->groups[{}].parts.resize(state_->aggregates.size()); }
}

row_groups::row_groups(row_groups&&) noexcept = default;
row_groups::~row_groups() = default;

void row_groups::add(row_cells const& row) {
    state_->by.clear();
    for (std::uint32_t const column : state_->group_by) { state_->by.push_back(row[column]); }
    auto found = state_->groups.find(state_->by);
    if (found == state_->groups.end()) {
        found = state_->groups.emplace(state_->by, state::one_group{}).first;
        found->second.parts.resize(state_->aggregates.size());
    }
    ++found->second.rows;
    for (std::size_t at = 0; at != state_->aggregates.size(); ++at) {
        row_aggregate const& asked = state_->aggregates[at];
        if (asked.what == aggregate_kind::count) { continue; }
        found->second.parts[at].add(asked.what, row[asked.column]);
    }
}

result<std::vector<row_groups::group>> row_groups::take() {
    std::vector<group> all;
    for (auto& [by, each] : state_->groups) {
        group made;
        made.by = by;
        for (std::size_t at = 0; at != state_->aggregates.size(); ++at) {
            row_aggregate const& asked = state_->aggregates[at];
            if (asked.what == aggregate_kind::count) {
                made.results.emplace_back(static_cast<std::int64_t>(each.rows));
                continue;
            }
            auto value = each.parts[at].take(asked);
            if (!value) { return value.error(); }
            made.results.push_back(std::move(*value));
        }
        all.push_back(std::move(made));
    }
    return all;
}

} // namespace swarmlog
