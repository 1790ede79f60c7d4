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

# Remembers each line of the input as something found, under the name of its rule.
found_by() { sed "s|^|$1: |" >>"$found"; }

# search <rule> <names> <grep's arguments>: greps in the text files whose names match <names>.
search() {
    rule=$1
    names=$2
    shift 2
    grep -E "$names" "$files" | xargs grep -I "$@" | found_by "$rule" || true
}

cr=$(printf '\r')
tab=$(printf '\t')
here=$(pwd)
sources='[.](cpp|hpp|cmake|sh)$|CMakeLists[.]txt$'
build_files='^Makefile$|^[.]ci/|^cmake/|CMakeLists[.]txt$|^CMakePresets[.]json$'

search "carriage return" . -nH "$cr\$"
search "space at the end of a line" . -nH "[ $tab]\$"
search "conflict marker" . -nH -E '^(<<<<<<<|>>>>>>>|=======$)'
search "path of this machine" . -nH -E '(^|[^[:alnum:]_.}/-])/(home|root|Users|mnt)/'
search "path of this checkout" . -nH -F "$here/"
search "tab" "$sources" -nH "$tab"
# The build takes packages by name from the system, and downloads nothing itself.
search "address in a build file" "$build_files" -nH -E '(https?|ftp)[:]//'
search "no #pragma once" '[.]hpp$' -L '^#pragma once$'

grep -E '[.](db|db-wal|db-shm|o|a|so)$|/[.]DS_Store$' "$files" | found_by "generated file" || true
xargs wc -c <"$files" | awk -v max="$bytes_max" '$1 > max && $2 != "total" { print $2 }' |
    found_by "larger than $bytes_max bytes"
xargs grep -I -l . <"$files" | xargs perl -ne 'print "$ARGV\n" if eof && !/\n\z/' |
    found_by "no newline at the end"

if [ -s "$found" ]; then
    cat "$found"
    echo "hygiene: $(wc -l <"$found") findings"
    exit 1
fi
echo "hygiene: $(wc -l <"$files") files"
