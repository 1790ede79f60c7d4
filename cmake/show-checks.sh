#!/bin/sh
# show-checks.sh <build folder>: a table of what the checks there did, one line for each
# checks/<check>.json that the tests have written.
set -eu

folder=${1:?"a build folder"}/checks

member() { sed -n "s/.*\"$2\":\"\{0,1\}\([^,\"}]*\).*/\1/p" "$1"; }

printf '%-24s %14s %11s %8s %9s\n' check count violations seeds seconds
for file in "$folder"/*.json; do
    if [ ! -f "$file" ]; then continue; fi
    printf '%-24s %14s %11s %8s %9.1f\n' "$(member "$file" check)" "$(member "$file" count)" \
        "$(member "$file" violations)" "$(member "$file" seeds)" "$(member "$file" seconds)"
done
