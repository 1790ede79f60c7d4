# Gives the reference a line on each member whose declaration says all: so the headers need none.
# Doxygen reads the headers through it, see docs/Doxyfile.

# Each header has a page, also when it says nothing of its own.
1s|^#pragma once$|/** \\file */ &|

# Moving, copying and comparing.
/^ *[a-z_]*([a-z_]*&&) noexcept;$/s|$| ///< Moves; what is moved from can only be assigned to or dropped.|
/^ *[a-z_]*& operator=([a-z_]*&&) noexcept;$/s|$| ///< Moves, likewise.|
/^ *[a-z_]*([a-z_]* const&);$/s|$| ///< Copies.|
/^ *[a-z_]*& operator=([a-z_]* const&);$/s|$| ///< Copies.|
/^ *friend .*operator==([a-z_]* const&, [a-z_]* const&) = default;$/s|$| ///< Compares all members.|
/^ *friend .*operator<=>(.*) = default;$/s|$| ///< Orders by value.|

# What every event type has.
/^    static constexpr std::string_view type = "[a-z_.]*";$/s|$| ///< The event's type in the log.|

# What every projection has, in the order that projection.hpp explains.
/^    static constexpr std::string_view name = [^;]*;$/s|$| ///< The projection's name, and its table's.|
/^    static constexpr std::uint32_t version = [^;]*;$/s|$| ///< Of the fold and the row.|
/^    using row_type = [^;]*;$/s|$| ///< What its table holds.|
/^    static constexpr auto key = [^;]*;$/s|$| ///< The member that names a row.|
s|^    using handles =|    /** The events that it folds. */ using handles =|
s|^    static std::vector<index_spec> indexes() {|    /** Its table's secondary indexes. */&|
s|^    static std::string stream_of(std::string_view [a-z_]*) {|    /** The one stream whose events make the row of a key. */&|
s|^    void apply(|    /** Folds an event into its row. On the writer's thread. */&|

# What every command of the swarm has.
/^    result<void> operator()(decision& now) const;$/s|$| ///< Decides, on the writer's thread.|

# A trait of Boost's, whose namespace Doxygen does not see.
/^template <>$/ {
    N
    /is_error_code_enum/d
}
