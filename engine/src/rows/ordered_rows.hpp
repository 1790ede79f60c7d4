#pragma once

#include <swarmlog/engine/rows.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace swarmlog::detail {

using shared_row = std::shared_ptr<row_cells const>;

/// Rows in the order of some columns, and then of their key: a persistent treap (Seidel and
/// Aragon, 1996). Copying is one pointer; a change copies the path to it as far as another copy
/// shares it, and changes it in place where none does. Depth is logarithmic with overwhelming
/// probability, as priorities are random. One thread at a time changes one copy; copies are
/// independent of each other, also across threads.
class ordered_rows {
public:
    /// `columns` and then `key`; the key's own order has no column before it.
    ordered_rows(std::vector<std::uint32_t> columns, std::uint32_t key);

    /// Puts a row in place of an equal one.
    void put(shared_row row);
    /// Erases the row that is equal in the ordering's columns.
    bool erase(row_cells const& row);
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::vector<std::uint32_t> const& columns() const noexcept { return columns_; }

    /// Walks rows that begin with the cells of `prefix` (one for each of the first columns), in
    /// order or against it, while `visit(shared_row const&)` returns true.
    template <class Visitor>
    void walk(std::vector<cell const*> const& prefix, bool backwards, Visitor&& visit) const {
        walk_node(root_.get(), prefix, backwards, visit);
    }

private:
    struct node;
    using link = boost::intrusive_ptr<node>;
    struct node {
        node() = default;
        node(node const& other)
            : row(other.row), priority(other.priority), left(other.left), right(other.right) {}
        node& operator=(node const&) = delete;

        shared_row row;
        std::uint64_t priority = 0;
        link left, right;
        std::atomic<std::uint32_t> owners{0};

        friend void intrusive_ptr_add_ref(node* added) noexcept {
            // Whoever adds an owner has one already.
            added->owners.fetch_add(1, std::memory_order_relaxed);
        }
        friend void intrusive_ptr_release(node* released) noexcept {
            // What an owner read comes before what the last one changes or frees.
            if (released->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) { delete released; }
        }
    };

    template <class Visitor>
    bool walk_node(node const* at, std::vector<cell const*> const& prefix, bool backwards,
                   Visitor& visit) const {
        if (at == nullptr) { return true; }
        auto const side = compare_prefix(*at->row, prefix);
        bool const left_may = side >= 0;
        bool const right_may = side <= 0;
        if (backwards ? right_may : left_may) {
            node const* const first = (backwards ? at->right : at->left).get();
            if (!walk_node(first, prefix, backwards, visit)) { return false; }
        }
        if (side == 0 && !visit(at->row)) { return false; }
        if (backwards ? left_may : right_may) {
            node const* const second = (backwards ? at->left : at->right).get();
            return walk_node(second, prefix, backwards, visit);
        }
        return true;
    }

    [[nodiscard]] std::strong_ordering compare(row_cells const& left,
                                               row_cells const& right) const noexcept;
    [[nodiscard]] std::strong_ordering
    compare_prefix(row_cells const& row, std::vector<cell const*> const& prefix) const noexcept;
    [[nodiscard]] std::uint64_t next_priority() noexcept;

    /// The node itself when nobody else has it, else a copy that takes its place.
    static node& own(link& at);
    void insert(link& at, shared_row&& row, std::uint64_t priority);
    bool replace(link& at, shared_row& row);
    /// Cuts a tree in two, before and behind a row.
    void split(link at, row_cells const& row, link& before, link& behind);
    static link join(link left, link right);

    std::vector<std::uint32_t> columns_; ///< the key is the last
    link root_;
    std::size_t size_ = 0;
    std::uint64_t random_ = 0x2545f4914f6cdd1dU;
};

} // namespace swarmlog::detail
