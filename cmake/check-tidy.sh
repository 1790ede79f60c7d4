#!/bin/sh
# Usage: check-tidy.sh <build folder> <jobs>
#
# Lints the sources that ship. Each is a separate process, so the caller says how many.
set -eu

cd "$(dirname "$0")/.."
build=$1
jobs=$2

files=$(mktemp)
report=$(mktemp)
trap 'rm -f "$files" "$report"' EXIT
sh cmake/list-files.sh 'engine/src/*.cpp' 'projections/src/*.cpp' 'backends/src/*.cpp' \
    'cli/src/*.cpp' >"$files"
[ -s "$files" ] || exit 0

status=0
xargs -P "$jobs" -n 1 clang-tidy --quiet -p "$build" <"$files" >"$report" 2>&1 || status=$?
# The count includes what was suppressed in other people's headers, and says nothing.
grep -vE '^[0-9]+ (warning|error)s?.* generated\.$' "$report" || true
echo "clang-tidy: $(wc -l <"$files") files"
exit "$status"
