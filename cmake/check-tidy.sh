#!/bin/sh
# Usage: check-tidy.sh <build folder> <jobs>
#
# Lints the sources that ship, a folder at a time: most of the cost is what they include, and
# it is met once for each folder then. <build folder> is configured with SWARMLOG_BY_FOLDER,
# whose sources name those of their folder.
set -eu

cd "$(dirname "$0")/.."
build=$1
jobs=$2

files=$(mktemp)
report=$(mktemp)
trap 'rm -f "$files" "$report"' EXIT
find "$build/engine" "$build/projections" "$build/backends" "$build/cli" -name 'unity_*.cxx' |
    grep -v /history/ | sort >"$files"
[ -s "$files" ] || { echo "clang-tidy: no sources in $build" >&2; exit 1; }

status=0
xargs -P "$jobs" -n 1 clang-tidy --quiet -p "$build" <"$files" >"$report" 2>&1 || status=$?
# The count includes what was suppressed in other people's headers, and says nothing.
grep -vE '^[0-9]+ (warning|error)s?.* generated\.$' "$report" || true
echo "clang-tidy: $(wc -l <"$files") folders, $(cat $(cat "$files") | grep -c '^#include') files"
exit "$status"
