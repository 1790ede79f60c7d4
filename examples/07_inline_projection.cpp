/// An inline projection: a table folded in the transaction of each commit, with a rule of its own.

#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace swarmlog;

struct account_opened {
    static constexpr std::string_view type = "account.opened";
    std::string id, owner;
};
BOOST_DESCRIBE_STRUCT(account_opened, (), (id, owner))

struct money_moved {
    static constexpr std::string_view type = "money.moved";
    std::string id;
    std::int64_t cents = 0;
};
BOOST_DESCRIBE_STRUCT(money_moved, (), (id, cents))

struct account {
    std::string id, owner;
    std::int64_t cents = 0;
};
BOOST_DESCRIBE_STRUCT(account, (), (id, owner, cents))

struct accounts {
    static constexpr std::string_view name = "accounts";
    static constexpr std::uint32_t version = 1;
    using row_type = account;
    static constexpr auto key = &account::id;
    using handles = event_types<account_opened, money_moved>;

    void apply(account_opened const& event, event_view const&, rows<account>& table) const {
        table.put({event.id, event.owner, 0});
    }
    void apply(money_moved const& event, event_view const&, rows<account>& table) const {
        account* const row = table.modify(event.id);
        // What a fold throws rejects the append whose event it was given.
        if (row == nullptr) { throw std::runtime_error{"no account " + event.id}; }
        row->cents += event.cents;
        if (row->cents < 0) { throw std::runtime_error{"account " + event.id + " is empty"}; }
    }
};

int main() {
    projection_set projections;
    projections.add(accounts{});
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();

    auto writer = log.make_producer();
    writer.append("account-1", expected::no_stream{}, account_opened{"1", "ann"}).value();
    writer.append("account-2", expected::no_stream{}, account_opened{"2", "bob"}).value();
    writer.append("account-1", expected::any{}, money_moved{"1", 500}).value();

    // Both or neither: the second event would leave account 1 below zero.
    append_request transfer;
    transfer.add("account-2", money_moved{"2", 700}).add("account-1", money_moved{"1", -700});
    auto const refused = writer.append(std::move(transfer));
    std::cout << refused.error().message() << '\n';

    // Whoever was answered sees the rows with what was answered: events and rows are one commit.
    writer.append("account-2", expected::any{}, money_moved{"2", 40}).value();
    auto const ann = log.table<account>().find("1").value();
    auto const bob = log.table<account>().find("2").value();
    std::cout << ann->owner << ' ' << ann->cents << ", " << bob->owner << ' ' << bob->cents << '\n';
    return refused.error() == errc::projection_failed && ann->cents == 500 && bob->cents == 40 ? 0
                                                                                               : 1;
}
