#!/bin/sh
# Usage: list-files.sh [git pathspec...]
#
# Prints the files of the repository, also those that are new and not yet added, but not
# what is ignored. Files that are deleted in the working tree are left out.
set -eu

cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard -- "$@" | sort -u | while read -r file; do
    if [ -f "$file" ]; then
        printf '%s\n' "$file"
    fi
done
