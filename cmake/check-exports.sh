#!/bin/sh
# Usage: check-exports.sh <shared library> <folder of public headers> [object file...]
#        check-exports.sh --self-test
#
# Compares what the shared library shows with what its headers mark with SWARMLOG_EXPORT:
#
#   not_public     a visible name is that of a marked function, or of a member of a marked class,
#                  but of no class in it that the header only declares
#   not_there      every marked name is visible
#   not_exported   what the object files, of programs that use public headers alone, need of
#                  namespace swarmlog and do not define themselves is visible
#
# --self-test compiles a small library with each fault, and fails unless every one is found.
set -eu

# The marked names with their namespaces, one a line: a class's own, or a function's; and behind an
# exclamation mark the classes that are declared in a marked one and defined in no header.
marked_names() {
    find "$1" -name '*.hpp' | sort | xargs awk '
        FNR == 1 { depth = 0; braces = 0; held = ""; class = "" }
        /^#/ { next }
        {
            sub(/\/\/.*$/, "")
            code = $0
            gsub(/"[^"]*"|\047.\047/, "", code)
            opened = gsub(/\{/, "", code)
            braces += opened - gsub(/}/, "", code)
        }
        /^namespace [a-z_:]+ \{$/ { space[++depth] = $2; level[depth] = braces }
        depth && braces < level[depth] { depth-- }
        /^};/ { class = "" }
        class != "" && /^    (struct|class) [A-Za-z_ ]*;/ {
            sub(/; *$/, "")
            sub(/^.* /, "")
            print "!" class "::" $0
            next
        }
        # A declaration may break its line behind the type.
        /SWARMLOG_EXPORT/ || held != "" {
            held = held " " $0
            if (held !~ /[({;]/) {
                next
            }
            sub(/^.*SWARMLOG_EXPORT/, "", held)
            is_class = held ~ /^[^(]*\{/
            if (is_class) {
                sub(/ *(final)? *(:.*)?\{.*$/, "", held)
            } else {
                sub(/ *\(.*$/, "", held)
            }
            sub(/^.*[ *&>]/, "", held)
            path = ""
            for (i = 1; i <= depth; i++) {
                path = path space[i] "::"
            }
            print path held
            class = is_class ? path held : ""
            held = ""
        }' | sort -u
}

# Visible names, demangled: what stands behind "vtable for", without parameters and arguments of
# templates, whose functions are shown with the type that they return.
visible_names() {
    nm --dynamic --defined-only --demangle "$1" | sed -E 's/^[0-9a-f]* *[A-Za-z] //' |
        sed -E ':innermost
            s/<[^<>]*>//
            t innermost
            s/^(vtable|VTT|typeinfo|typeinfo name|guard variable) for //
            s/^(non-virtual|virtual) thunk to //
            s/(\[abi:[^]]*\]|\().*$//
            /operator /! s/^.* //'
}

check() {
    library=$1
    headers=$2
    shift 2
    work=$(mktemp -d)
    marked_names "$headers" >"$work/marked"
    visible_names "$library" | sort -u >"$work/visible"
    [ -s "$work/marked" ] || { echo "nothing is marked in $headers" >&2; return 2; }

    # A name is public when it, or the class that it is in, is marked.
    awk -v marked="$work/marked" '
        BEGIN {
            while ((getline name < marked) > 0) {
                if (sub(/^!/, "", name)) {
                    is_private[name] = 1
                } else {
                    is_marked[name] = 1
                }
            }
        }
        {
            path = $0
            while (!(path in is_marked) && !(path in is_private) && path ~ /::/) {
                sub(/::[^:]*$/, "", path)
            }
            if (path in is_marked) {
                seen[path] = 1
            } else {
                print "not_public: " $0
            }
        }
        END {
            for (name in is_marked) {
                if (!(name in seen)) {
                    print "not_there: " name
                }
            }
        }' "$work/visible" | sort >"$work/found"

    if [ $# -ne 0 ]; then
        nm --dynamic --defined-only "$library" | awk '{ print $3 }' >"$work/defined"
        nm --defined-only "$@" 2>/dev/null | awk 'NF == 3 { print $3 }' >>"$work/defined"
        sort -u -o "$work/defined" "$work/defined"
        nm --undefined-only "$@" 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u |
            comm -23 - "$work/defined" | c++filt |
            grep -E '^((vtable|typeinfo|typeinfo name) for )?swarmlog::' |
            sed 's/^/not_exported: /' >>"$work/found" || true
    fi
    cat "$work/found"
    echo "check-exports: $(wc -l <"$work/visible") visible names, $(grep -vc ! "$work/marked") marked," \
        "$# objects, $(wc -l <"$work/found") findings"
    status=0
    [ ! -s "$work/found" ] || status=1
    rm -r "$work"
    return "$status"
}

# Compiles a library and a program's object, and wants these findings and no other.
must_find() {
    printf '%s\n' "$2" >"$folder/include/log.hpp"
    printf '#define SWARMLOG_EXPORT __attribute__((visibility("default")))\n%s\n%s\n' \
        '#include <log.hpp>' "$3" >"$folder/log.cpp"
    printf '#define SWARMLOG_EXPORT\n%s\n%s\n' '#include <log.hpp>' "$4" >"$folder/program.cpp"
    "${CXX:-c++}" -I "$folder/include" -fvisibility=hidden -fPIC -shared "$folder/log.cpp" \
        -o "$folder/log.so"
    "${CXX:-c++}" -I "$folder/include" -c "$folder/program.cpp" -o "$folder/program.o"
    found=$(check "$folder/log.so" "$folder/include" "$folder/program.o" | sed '$d') || true
    cases=$((cases + 1))
    if [ "$found" = "$1" ]; then
        echo "as it should be: ${1:-nothing found}"
    else
        printf 'wanted: %s\nfound:  %s\n' "$1" "$found"
        failures=$((failures + 1))
    fi
}

self_test() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    mkdir "$folder/include"
    cases=0
    failures=0
    header='namespace swarmlog {
class SWARMLOG_EXPORT reader {
public:
    void next();
};
SWARMLOG_EXPORT int
count(reader const& from);
void hidden();
} // namespace swarmlog'
    next='void swarmlog::reader::next() {}'
    count='int swarmlog::count(reader const&) { return 1; }'
    use='int use(swarmlog::reader& it) { it.next(); return swarmlog::count(it); }'

    must_find '' "$header" "$next $count void swarmlog::hidden() {}" "$use"
    must_find 'not_public: swarmlog::loose' "$header" \
        "$next $count namespace swarmlog { SWARMLOG_EXPORT void loose() {} }" "$use"
    must_find 'not_public: swarmlog::writer::run' "$header" \
        "$next $count namespace swarmlog { struct SWARMLOG_EXPORT writer { void run(); };
        void writer::run() {} }" "$use"
    must_find 'not_public: swarmlog::reader::state::look' \
        "$(printf '%s' "$header" | sed 's/^};/private:\n    struct state;\n};/')" \
        "$next $count struct swarmlog::reader::state { void look(); };
        void swarmlog::reader::state::look() {}" "$use"
    must_find 'not_there: swarmlog::count' "$header" "$next" \
        'void use(swarmlog::reader& it) { it.next(); }'
    must_find 'not_exported: swarmlog::hidden()' "$header" \
        "$next $count void swarmlog::hidden() {}" 'void use() { swarmlog::hidden(); }'

    echo "check-exports --self-test: $cases cases, $failures failures"
    [ "$failures" -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
    self_test
else
    check "$@"
fi
