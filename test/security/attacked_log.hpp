#pragma once

#include "projections/task_board.hpp"
#include "support/log_under_test.hpp"

#include <swarmlog/backends/sql_reader.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// A log to which texts are given wherever it takes one, and what it must hold afterwards: every
/// event in its order, the rows that follow from them, the consumers, and nothing else.
class attacked_log {
public:
    explicit attacked_log(std::string_view backend);

    /// Gives `text` to every entry point that takes one. Each checks its own answer.
    void attack(std::string const& text);
    /// Compares all that is stored with what must be.
    void check_everything();

    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }

private:
    using entry_point = void (attacked_log::*)(std::string const& text);
    static std::vector<entry_point> entry_points();

    // Each gives the text to one part of the interface.
    void as_stream(std::string const& text);
    void as_type(std::string const& text);
    void as_tag(std::string const& text);
    void as_ids(std::string const& text);
    void as_text_in_json(std::string const& text);
    void as_json(std::string const& text);
    void as_idempotency_key(std::string const& text);
    void as_condition(std::string const& text);
    void in_a_decision(std::string const& text);
    void in_a_transaction(std::string const& text);
    void as_query(std::string const& text);
    void as_consumer(std::string const& text);
    void as_row(std::string const& text);
    void as_compared_value(std::string const& text);
    void as_projection(std::string const& text);
    void as_agent(std::string const& text);
    void as_task(std::string const& text);
    void as_message(std::string const& text);
    void as_metric(std::string const& text);
    void as_statement(std::string const& text);
    void as_parameter(std::string const& text);

    [[nodiscard]] log_options options();
    /// The events after those that are known; their number must be this.
    std::vector<event const*> take_new(std::size_t count);
    /// An append that must be taken when `is_valid`, and else leave nothing.
    template <class T>
    bool settle(result<T> const& got, bool is_valid, std::size_t events = 1);
    [[nodiscard]] std::uint64_t count_known(query const& events) const;
    [[nodiscard]] sql_reader& sql();

    projection_set projections_;
    log_under_test log_;
    producer to_;
    swarm::desk desk_;
    std::vector<event> known_;
    std::set<std::string> keys_;
    std::set<std::string> consumers_;
    std::optional<sql_reader> sql_;
    std::uint64_t calls_ = 0;
};

} // namespace swarmlog::test
