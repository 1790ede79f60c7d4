#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// Where the functions of this program begin, by its own symbols: those of the library, with what
/// the compiler has made of its templates, and without the tests'. A function that was inlined
/// everywhere is not among them.
///
/// With them a test stops the very library that users get at a place that it names, and the
/// sources know nothing of it. For x86-64 and AArch64, on Linux.
class function_entries {
public:
    struct function {
        std::string name; ///< qualified, without parameters
        std::uintptr_t address = 0;
    };

    /// Reads the symbols, once. Throws when there are none.
    [[nodiscard]] static function_entries const& of_this_program();

    /// By address.
    [[nodiscard]] std::span<function const> all() const noexcept { return functions_; }
    /// Of all functions with this qualified name. A name without `::` is one of a shared library
    /// or of the system.
    [[nodiscard]] std::vector<std::uintptr_t> named(std::string_view name) const;

private:
    function_entries();

    std::vector<function> functions_;
};

/// From now on the first thread that enters one of these functions calls `reached` with its
/// address, within a signal handler, which must not return. What was trapped before stays so.
void trap(std::span<std::uintptr_t const> entries, void (*reached)(std::uintptr_t entry) noexcept);

} // namespace swarmlog::test
