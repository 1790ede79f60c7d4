/// An inline projection: a table folded in the transaction of each commit, queried, rebuilt, and
/// read as of an earlier moment.

#include <swarmlog/swarmlog.hpp>

#include <iostream>
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
    position const before = log.head();

    // Both or neither: the second event would leave account 1 below zero.
    append_request transfer;
    transfer.add("account-2", money_moved{"2", 700}).add("account-1", money_moved{"1", -700});
    auto const refused = writer.append(std::move(transfer));
    if (!refused) { std::cout << refused.error().message() << '\n'; }

    writer.append("account-2", expected::any{}, money_moved{"2", 40}).value();
    auto const rich = log.query<account>()
                          .where(gt(&account::cents, 0))
                          .order_by(&account::cents, descending)
                          .all()
                          .value();
    for (account const& each : rich) { std::cout << each.owner << ' ' << each.cents << '\n'; }

    // The same table as it was, and the same rows when folded anew.
    auto const then = log.as_of(before).value();
    bool const was_empty = then.table<account>().find("2").value()->cents == 0;
    bool const is_identical = projections.rebuild("accounts").value().is_identical;
    return !refused && rich.size() == 2 && was_empty && is_identical ? 0 : 1;
}
