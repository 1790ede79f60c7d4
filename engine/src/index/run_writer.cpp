#include "index/run_writer.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace swarmlog::detail {

run_writer::run_writer(std::uint64_t id, std::uint32_t level, position first, position last) {
    meta_.id = id;
    meta_.level = level;
    meta_.first = first;
    meta_.last = last;
    block_.resize(block_bytes_target);
}

result<void> run_writer::add(write_transaction& transaction, run_entry const& entry) {
    assert(entry.count >= 1 && entry.count <= entry_postings_max);
    bool const same_key = pending_.count != 0 && pending_.hash == entry.hash &&
                          entry.is_of(pending_.kind, pending_.name);
    if (same_key && entry.first <= pending_.last()) { // of a merged run that lies
        return error{errc::corrupt, "index run " + std::to_string(meta_.id) +
                                        ": postings to be joined are not in order"};
    }
    if (same_key && pending_.count + entry.count <= entry_postings_max) {
        join_entry(entry);
        return {};
    }
    if (pending_.count != 0) {
        if (auto written = write_pending(transaction); !written) { return written; }
    }
    if (same_key) {
        key_postings_ += pending_.count;
        key_is_new_ = false;
    } else {
        header_.colliding |= header_.entry_count != 0 && pending_.hash == entry.hash;
        key_postings_ = 0;
        key_is_new_ = true;
        ++header_.key_count;
    }
    start_entry(entry);
    return {};
}

void run_writer::start_entry(run_entry const& entry) {
    pending_name_.assign(entry.name);
    pending_deltas_.assign(entry.deltas);
    pending_ = entry;
    pending_.name = pending_name_;
    if (entry.kind != key_kind::stream) { pending_.ordinal = key_postings_; }
}

void run_writer::join_entry(run_entry const& entry) {
    append_varint(pending_deltas_, entry.first - pending_.last());
    pending_deltas_.append(entry.deltas);
    pending_.count += entry.count;
    pending_.span = entry.last() - pending_.first;
}

result<void> run_writer::write_pending(write_transaction& transaction) {
    pending_.deltas = pending_deltas_;
    std::size_t const bytes_at_most = entry_bytes_at_most(pending_);
    if (block_used_ != 0 && block_used_ + bytes_at_most > block_bytes_target) {
        if (auto written = write_data_block(transaction); !written) { return written; }
    }
    if (block_used_ == 0) { guide_.fences.push_back({pending_.hash, pending_.first}); }
    // A key that goes on behind a guide is in that guide's filter, too.
    if (key_is_new_ || guide_hashes_.empty()) { guide_hashes_.push_back(pending_.hash); }
    // An entry larger than a block has one to itself.
    if (block_.size() < block_used_ + bytes_at_most) { block_.resize(block_used_ + bytes_at_most); }
    char* const end = put_entry(block_.data() + block_used_, pending_, meta_.first);
    block_used_ = static_cast<std::size_t>(end - block_.data());
    ++header_.entry_count;
    header_.posting_count += pending_.count;
    return {};
}

result<void> run_writer::write_data_block(write_transaction& transaction) {
    block_.resize(block_used_);
    seal_block(block_, meta_.id, meta_.block_count);
    if (auto put = transaction.put_run_block(meta_.id, meta_.block_count, block_); !put) {
        return put;
    }
    block_.resize(block_bytes_target);
    block_used_ = 0;
    ++meta_.block_count;
    ++header_.data_block_count;
    return guide_.fences.size() == data_blocks_per_guide ? write_guide(transaction)
                                                         : result<void>{};
}

result<void> run_writer::write_guide(write_transaction& transaction) {
    guide_.filter = bloom_filter{guide_hashes_};
    std::string bytes = encode_guide(guide_, meta_.first);
    seal_block(bytes, meta_.id, meta_.block_count);
    if (auto put = transaction.put_run_block(meta_.id, meta_.block_count, bytes); !put) {
        return put;
    }
    ++meta_.block_count;
    header_.guides.push_back(guide_.fences.front());
    header_.guide_bytes += guide_.memory_bytes();
    guide_.fences.clear();
    guide_hashes_.clear();
    return {};
}

result<stored_run> run_writer::finish(write_transaction& transaction) {
    if (pending_.count != 0) {
        if (auto written = write_pending(transaction); !written) { return written.error(); }
        if (auto written = write_data_block(transaction); !written) { return written.error(); }
    }
    if (!guide_.fences.empty()) {
        if (auto written = write_guide(transaction); !written) { return written.error(); }
    }
    meta_.header = encode_header(header_, meta_);
    if (auto put = transaction.put_run(meta_); !put) { return put.error(); }
    return std::move(meta_);
}

} // namespace swarmlog::detail
