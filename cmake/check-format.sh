#!/bin/sh
# Usage: check-format.sh [--fix]
#
# Compares the layout of all C++ files with .clang-format, or changes it to that.
set -eu

cd "$(dirname "$0")/.."
mode="--dry-run -Werror"
if [ "${1:-}" = --fix ]; then
    mode=-i
fi

files=$(mktemp)
trap 'rm -f "$files"' EXIT
sh cmake/list-files.sh '*.cpp' '*.hpp' '*.h' >"$files"
[ -s "$files" ] || exit 0
# shellcheck disable=SC2086
xargs clang-format --style=file $mode <"$files"
echo "format: $(wc -l <"$files") files"
