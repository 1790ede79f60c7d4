#!/bin/sh
# Usage: check-hygiene.sh
#
# Keeps the repository readable and movable: what .editorconfig promises holds, nothing
# large or generated is stored, and no file depends on the machine it was written on.
set -eu

cd "$(dirname "$0")/.."
bytes_max=$((1024 * 1024))

files=$(mktemp)
found=$(mktemp)
trap 'rm -f "$files" "$found"' EXIT
sh cmake/list-files.sh >"$files"

# Prints the rule before each hit of grep, and remembers that there was one.
search() {
    rule=$1
    shift
    xargs grep -I -n -H "$@" <"$files" | sed "s|^|$rule: |" >>"$found" || true
}

cr=$(printf '\r')
tab=$(printf '\t')
here=$(pwd)

search "carriage return" "$cr\$"
search "space at the end of a line" "[ $tab]\$"
search "conflict marker" -E '^(<<<<<<<|>>>>>>>|=======$)'
search "path of this machine" -E '(^|[^[:alnum:]_.}/-])/(home|root|Users|mnt)/'
search "path of this checkout" -F "$here/"

while read -r file; do
    case $file in
    *.db | *.db-wal | *.db-shm | *.o | *.a | *.so | */.DS_Store)
        echo "generated file: $file" >>"$found"
        ;;
    esac
    size=$(wc -c <"$file")
    if [ "$size" -gt "$bytes_max" ]; then
        echo "larger than $bytes_max bytes: $file" >>"$found"
    fi
    if [ "$size" -gt 0 ] && grep -qI . "$file" && [ -n "$(tail -c 1 "$file")" ]; then
        echo "no newline at the end: $file" >>"$found"
    fi
    case $file in
    *.cpp | *.hpp | *.cmake | *CMakeLists.txt | *.sh)
        grep -nH "$tab" "$file" | sed 's|^|tab: |' >>"$found" || true
        ;;
    esac
    case $file in
    Makefile | .ci/* | cmake/* | *CMakeLists.txt | CMakePresets.json)
        # The build takes packages by name from the system, and downloads nothing itself.
        grep -nHE '(https?|ftp)[:]//' "$file" | sed 's|^|address in a build file: |' \
            >>"$found" || true
        ;;
    esac
    case $file in
    *.hpp)
        grep -q '^#pragma once$' "$file" || echo "no #pragma once: $file" >>"$found"
        ;;
    esac
done <"$files"

if [ -s "$found" ]; then
    cat "$found"
    echo "hygiene: $(wc -l <"$found") findings"
    exit 1
fi
echo "hygiene: $(wc -l <"$files") files"
