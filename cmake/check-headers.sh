#!/bin/sh
# Usage: check-headers.sh <jobs>
#        check-headers.sh --self-test
#
# Lets Clang read each public header as the first line of a source, with no include path but the
# public ones: a header that needs another one included before it, or a private one, fails. One
# that another header includes in its first line is tried there.
#
# --self-test does the same for a header that needs another, alone and where it is included first.
set -eu

cd "$(dirname "$0")/.."
folders="include engine/include projections/include backends/include"

# The headers of the folders that no other one of them includes before anything else.
not_included_first() {
    # shellcheck disable=SC2086
    for folder in $folders; do
        (cd "$folder" && find . -name '*.hpp' | sed 's|^\./||')
    done | sort >"$work/all"
    # shellcheck disable=SC2086
    find $folders -name '*.hpp' | while read -r header; do
        grep -m 1 '^#include' "$header" | sed -n 's/^#include <\(.*\)>$/\1/p'
    done | sort -u >"$work/first"
    comm -23 "$work/all" "$work/first"
}

check() {
    jobs=$1
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    not_included_first >"$work/headers"
    while read -r header; do
        echo "#include <$header>" >"$work/$(echo "$header" | tr '/' '.').cpp"
    done <"$work/headers"

    paths=
    for folder in $folders; do
        paths="$paths -I $folder"
    done
    # shellcheck disable=SC2086
    find "$work" -name '*.cpp' | sort | xargs -P "$jobs" -n 1 \
        clang++ -std=c++20 $paths -fsyntax-only -Werror -Wall -Wextra -Wpedantic -Wshadow \
        -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual ||
        return 1
    echo "check-headers: $(wc -l <"$work/all") headers"
}

if [ "$1" = --self-test ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cd "$folder"
    folders=include
    mkdir include
    echo 'inline int one() { return 1; }' >include/whole.hpp
    (check 1)
    echo 'inline std::size_t two() { return 2; }' >include/needy.hpp
    (check 1 >/dev/null 2>&1) && { echo "NOT CAUGHT: a header that needs another"; exit 1; }
    printf '#include <needy.hpp>\n#include <cstddef>\n' >include/uses_it.hpp
    (check 1 >/dev/null 2>&1) && { echo "NOT CAUGHT: the same, included first"; exit 1; }
    echo "check-headers --self-test: 3 cases, 0 failures"
    exit 0
fi
check "$1"
