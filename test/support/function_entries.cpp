#include "support/function_entries.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace swarmlog::test {

namespace {

#if defined(__x86_64__)
constexpr std::array<unsigned char, 1> trap_instruction{0xcc}; // int3
constexpr std::uintptr_t bytes_passed = 1;                     // when its handler runs
std::uintptr_t place_of(::ucontext_t const& stopped) {
    return static_cast<std::uintptr_t>(stopped.uc_mcontext.gregs[REG_RIP]);
}
#elif defined(__aarch64__)
constexpr std::array<unsigned char, 4> trap_instruction{0x00, 0x00, 0x20, 0xd4}; // brk #0
constexpr std::uintptr_t bytes_passed = 0;
std::uintptr_t place_of(::ucontext_t const& stopped) { return stopped.uc_mcontext.pc; }
#else
#error "which instruction stops a program of this processor?"
#endif

void (*when_reached)(std::uintptr_t) noexcept = nullptr;

void on_trap(int, ::siginfo_t*, void* context) {
    when_reached(place_of(*static_cast<::ucontext_t const*>(context)) - bytes_passed);
}

/// How far the program lies from where its file says.
std::uintptr_t load_offset() {
    std::uintptr_t offset = 0;
    ::dl_iterate_phdr(
        [](::dl_phdr_info* first, std::size_t, void* into) {
            *static_cast<std::uintptr_t*>(into) = first->dlpi_addr;
            return 1;
        },
        &offset);
    return offset;
}

/// The qualified name of a function of the library's; empty for everything else.
std::string library_name(char const* symbol) {
    std::string_view const mangled{symbol};
    bool const is_ours =
        mangled.starts_with("_ZN8swarmlog") || mangled.starts_with("_ZNK8swarmlog");
    // The cold part of a function is jumped to, not called.
    if (!is_ours || mangled.find(".cold") != std::string_view::npos) { return {}; }
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> const text{
        abi::__cxa_demangle(std::string{mangled.substr(0, mangled.find('.'))}.c_str(), nullptr,
                            nullptr, &status),
        std::free};
    if (status != 0) { return {}; }
    std::string name{text.get()};
    constexpr std::string_view unnamed = "(anonymous namespace)::";
    for (std::size_t at = name.find(unnamed); at != std::string::npos; at = name.find(unnamed)) {
        name.erase(at, unnamed.size());
    }
    // A template's name begins with what it returns.
    if (!name.starts_with("swarmlog::") || name.starts_with("swarmlog::test::")) { return {}; }
    name.erase(std::min(name.find('('), name.size()));
    return name.substr(0, name.find("[abi:"));
}

/// Between two functions of one segment.
constexpr std::uintptr_t gap_bytes_max = 64 * 1024;

/// The pages stay this process's own; those of the program's file are not touched.
void make_writable(std::uintptr_t begin, std::uintptr_t end) {
    auto const page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    std::uintptr_t const page = begin & ~(page_bytes - 1);
    constexpr int everything = PROT_READ | PROT_WRITE | PROT_EXEC;
    if (::mprotect(reinterpret_cast<void*>(page), end - page, everything) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot write code"};
    }
}

template <class Header>
std::span<Header const> table_at(std::string const& file, std::size_t offset, std::size_t count) {
    if (offset + count * sizeof(Header) > file.size()) {
        throw std::runtime_error{"the program's file ends early"};
    }
    return {reinterpret_cast<Header const*>(file.data() + offset), count};
}

} // namespace

function_entries const& function_entries::of_this_program() {
    static function_entries const all;
    return all;
}

function_entries::function_entries() {
    std::ifstream program{"/proc/self/exe", std::ios::binary};
    std::string const file{std::istreambuf_iterator<char>{program}, {}};
    auto const& head = table_at<::Elf64_Ehdr>(file, 0, 1)[0];
    auto const sections = table_at<::Elf64_Shdr>(file, head.e_shoff, head.e_shnum);
    std::uintptr_t const offset = load_offset();
    for (::Elf64_Shdr const& section : sections) {
        if (section.sh_type != SHT_SYMTAB) { continue; }
        char const* const names = file.data() + sections[section.sh_link].sh_offset;
        for (::Elf64_Sym const& symbol : table_at<::Elf64_Sym>(
                 file, section.sh_offset, section.sh_size / sizeof(::Elf64_Sym))) {
            bool const is_here = symbol.st_shndx != SHN_UNDEF && symbol.st_size != 0;
            if (!is_here || ELF64_ST_TYPE(symbol.st_info) != STT_FUNC) { continue; }
            std::string name = library_name(names + symbol.st_name);
            if (!name.empty()) {
                functions_.push_back({std::move(name), symbol.st_value + offset});
            }
        }
    }
    if (functions_.empty()) { throw std::runtime_error{"the program has no symbols"}; }
    // Constructors have two symbols and often one place.
    std::sort(functions_.begin(), functions_.end(),
              [](auto const& one, auto const& other) { return one.address < other.address; });
    auto const end = std::unique(
        functions_.begin(), functions_.end(),
        [](auto const& one, auto const& other) { return one.address == other.address; });
    functions_.erase(end, functions_.end());
}

std::vector<std::uintptr_t> function_entries::named(std::string_view name) const {
    std::vector<std::uintptr_t> places;
    if (name.find("::") == std::string_view::npos) {
        void* const place = ::dlsym(RTLD_DEFAULT, std::string{name}.c_str());
        if (place != nullptr) { places.push_back(reinterpret_cast<std::uintptr_t>(place)); }
        return places;
    }
    for (function const& each : functions_) {
        if (each.name == name) { places.push_back(each.address); }
    }
    return places;
}

void trap(std::span<std::uintptr_t const> entries, void (*reached)(std::uintptr_t entry) noexcept) {
    when_reached = reached;
    struct ::sigaction handling {};
    handling.sa_sigaction = on_trap;
    handling.sa_flags = SA_SIGINFO;
    ::sigaction(SIGTRAP, &handling, nullptr);
    std::vector<std::uintptr_t> sorted{entries.begin(), entries.end()};
    std::sort(sorted.begin(), sorted.end());
    for (auto first = sorted.begin(); first != sorted.end();) {
        // Many lie in one text segment, which is cheaper to open at once than page by page.
        auto last = first;
        while (std::next(last) != sorted.end() && *std::next(last) - *last < gap_bytes_max) {
            ++last;
        }
        make_writable(*first, *last + trap_instruction.size());
        for (auto const end = std::next(last); first != end; ++first) {
            char* const place = reinterpret_cast<char*>(*first);
            std::memcpy(place, trap_instruction.data(), trap_instruction.size());
            __builtin___clear_cache(place, place + trap_instruction.size());
        }
    }
}

} // namespace swarmlog::test
