#include <swarmlog/projections/detail/staged_rows.hpp>

#include <algorithm>

namespace swarmlog::detail {

namespace {

/// How many committed rows a query reads first; each time after that, as many as it has.
constexpr std::size_t first_rows = 64;
/// A longer answer is not kept.
constexpr std::size_t kept_rows_max = 8'192;

} // namespace

/// Merges two streams that have the query's order: committed rows that are not changed, and
/// changed ones.
class staged_rows::reader final : public row_reader {
public:
    reader(staged_rows& staged, row_access const& committed)
        : staged_(&staged), committed_(&committed) {}

    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override {
        if (staged_->is_changed(key)) {
            row_cells const* const row = staged_->rows_.find(key);
            return row != nullptr ? std::optional{*row} : std::nullopt;
        }
        std::optional<row_cells> found;
        auto const read = committed_->with_reader([&](row_reader& below) -> result<void> {
            auto row = below.find_row(table, key);
            if (!row) { return row.error(); }
            found = std::move(*row);
            return {};
        });
        if (!read) { return read.error(); }
        return found;
    }

    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override {
        if (auto const valid = check_filter(table, asked.where); !valid) { return valid; }
        if (asked.limit == 0) { return {}; }
        kept_answer& known = staged_->answer_to(asked);
        std::uint64_t skip = asked.offset;
        std::uint64_t left = asked.limit;
        // Gives a row; false when no more are wanted.
        auto const give = [&](row_cells const& row) {
            if (skip != 0) {
                --skip;
                return true;
            }
            return visit(row) && --left != 0;
        };
        std::size_t next = known.hidden;
        bool is_over = false;
        // Gives the committed rows that come before `stop`: all, when it is null.
        auto const give_committed = [&](row_cells const* stop) -> result<void> {
            while (!is_over) {
                if (next == known.rows.size()) {
                    if (known.is_complete) { return {}; }
                    auto const extended = staged_->extend(known, *committed_);
                    if (!extended) { return extended; }
                    continue;
                }
                row_cells const& row = known.rows[next];
                if (staged_->is_changed(row[table.key])) {
                    if (next == known.hidden) { ++known.hidden; }
                    ++next;
                    continue;
                }
                if (stop != nullptr && !is_before(row, *stop, asked, table.key)) { return {}; }
                ++next;
                is_over = !give(row);
            }
            return {};
        };

        row_query of_changed;
        of_changed.where = asked.where;
        of_changed.order = asked.order;
        result<void> outcome;
        staged_->rows_.select(of_changed, [&](row_cells const& row) {
            outcome = give_committed(&row);
            if (!outcome || is_over) { return false; }
            is_over = !give(row);
            return !is_over;
        });
        if (outcome && !is_over) { outcome = give_committed(nullptr); }
        if (!outcome || known.rows.size() > kept_rows_max) { staged_->last_.reset(); }
        return outcome;
    }

    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override {
        std::uint64_t counted = 0;
        auto const read = committed_->with_reader([&](row_reader& below) -> result<void> {
            auto const all = below.count_rows(table, where);
            if (!all) { return all.error(); }
            counted = *all;
            for (cell const& key : staged_->changed_) {
                auto const before = below.find_row(table, key);
                if (!before) { return before.error(); }
                if (*before && matches(where, **before)) { --counted; }
            }
            return {};
        });
        if (!read) { return read.error(); }
        return counted + staged_->rows_.count(where);
    }

private:
    static bool is_before(row_cells const& left, row_cells const& right, row_query const& asked,
                          std::uint32_t key) {
        for (row_order const& each : asked.order) {
            auto const order = compare_cells(left[each.column], right[each.column]);
            if (order != 0) { return each.descending ? order > 0 : order < 0; }
        }
        return compare_cells(left[key], right[key]) < 0;
    }

    staged_rows* staged_;
    row_access const* committed_;
};

staged_rows::staged_rows(table_spec const& table) : table_(table), rows_(table) {}

void staged_rows::put(cell const& key, row_cells const& row) {
    changed_.insert(key);
    rows_.put(row);
}

void staged_rows::erase(cell const& key) {
    changed_.insert(key);
    rows_.erase(key);
}

void staged_rows::forget_changes() {
    changed_.clear();
    rows_ = memory_table{table_};
    if (last_) { last_->hidden = 0; }
}

result<void> staged_rows::read(row_access const& committed,
                               std::function<result<void>(row_reader&)> const& work) {
    reader merged{*this, committed};
    return work(merged);
}

kept_answer& staged_rows::answer_to(row_query const& asked) {
    if (!last_ || last_->where != asked.where || last_->order != asked.order) {
        last_.emplace();
        last_->where = asked.where;
        last_->order = asked.order;
    }
    return *last_;
}

result<void> staged_rows::extend(kept_answer& known, row_access const& committed) const {
    row_query more;
    more.where = known.where;
    more.order = known.order;
    more.offset = known.rows.size();
    more.limit = std::max(first_rows, known.rows.size());
    std::size_t const before = known.rows.size();
    auto const read = committed.with_reader([&](row_reader& below) {
        return below.select_rows(table_, more, [&](row_cells const& row) {
            known.rows.push_back(row);
            return true;
        });
    });
    known.is_complete = known.rows.size() - before < more.limit;
    return read;
}

} // namespace swarmlog::detail
