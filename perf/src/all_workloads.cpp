#include "workload_lists.hpp"

#include <iterator>
#include <utility>

namespace swarmlog::perf {

std::vector<workload> all_workloads(bool is_full) {
    std::vector<workload> all;
    for (auto part : {append_workloads(is_full), batch_workloads(), table_workloads(is_full),
                      read_workloads(is_full), size_workloads(is_full)}) {
        all.insert(all.end(), std::make_move_iterator(part.begin()),
                   std::make_move_iterator(part.end()));
    }
    return all;
}

} // namespace swarmlog::perf
