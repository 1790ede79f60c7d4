#include "memory/memory_backend.hpp"

#include "memory/memory_transaction.hpp"
#include "memory/memory_view.hpp"

#include <random>

namespace swarmlog::detail {

memory_backend::memory_backend(memory_store_options const& options)
    : state_(std::make_shared<memory_state>()) {
    state_->bytes_max = options.bytes_max;
    std::random_device source;
    for (auto& byte : facts_.id) byte = static_cast<std::uint8_t>(source());
    facts_.schema_version = 1;
    facts_.migrated_from = 1;
    facts_.created = true;
    facts_.mode = durability::volatile_memory;
}

result<void> memory_backend::check_open() const {
    if (state_->abandoned.load(std::memory_order_relaxed)) return error{errc::forked_handle};
    if (is_closed_.load(std::memory_order_relaxed)) return error{errc::closed};
    return {};
}

result<std::unique_ptr<write_transaction>> memory_backend::begin() {
    if (auto open = check_open(); !open) return open.error();
    if (state_->in_transaction) {
        return error{errc::invalid_argument, "the last transaction has not ended"};
    }
    return std::make_unique<memory_transaction>(state_);
}

result<std::unique_ptr<read_view>> memory_backend::read() {
    if (auto open = check_open(); !open) return open.error();
    return std::make_unique<memory_view>(state_);
}

result<void> memory_backend::backup_to(std::string const& path, progress const&) {
    return error{errc::unsupported, "a log in memory has no file to copy to " + path +
                                        "; read it and append its events to a log in a file"};
}

result<storage_sizes> memory_backend::sizes() {
    if (auto open = check_open(); !open) return open.error();
    storage_sizes sizes = state_->snapshot().sizes;
    sizes.total_bytes = sizes.log_bytes + sizes.index_bytes + sizes.row_bytes;
    return sizes;
}

result<void> memory_backend::close() {
    is_closed_.store(true, std::memory_order_relaxed);
    return {};
}

void memory_backend::abandon() noexcept {
    state_->abandoned.store(true, std::memory_order_relaxed);
}

} // namespace swarmlog::detail

namespace swarmlog {

result<std::unique_ptr<backend>> open_memory_store(memory_store_options options) {
    return std::make_unique<detail::memory_backend>(options);
}

} // namespace swarmlog
