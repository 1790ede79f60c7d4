#!/bin/sh
# Usage: check-includes.sh [root]
#        check-includes.sh --self-test
#
# Keeps the dependency graph of docs/architecture.md: reads every #include of our C++ files
# and prints those that break a rule as <file>:<line>: <rule>: <included>.
#
#   engine_is_lowest     engine includes nothing of projections, backends or cli
#   siblings             projections and backends do not include each other, nor cli
#   sqlite_stays         the libraries, cli and examples leave SQLite's headers to
#                        backends/src/sqlite/ and backends/sqlite_extension/; tests and
#                        baselines may look underneath
#   public_is_complete   a public header includes no private one, so it uses no quotes
#   umbrella_is_for_users
#                        only examples, test, perf and cli include <swarmlog/swarmlog.hpp>
#   no_way_around        no path in the libraries and cli contains "..", which would lead
#                        around the other rules
#
# --self-test plants a violation of each rule in a folder of its own and fails unless every
# one is caught, and a correct tree is not.
set -eu

parts="engine projections backends cli examples test perf include"

check() {
    cd "$1"
    present=
    for part in $parts; do
        if [ -d "$part" ]; then
            present="$present $part"
        fi
    done
    if [ -z "$present" ]; then
        echo "check-includes: no sources under $1" >&2
        return 2
    fi
    private=$(for part in engine projections backends; do
        if [ -d "$part/src" ]; then
            (cd "$part/src" && find . -name '*.hpp' -o -name '*.h' | sed 's|^\./||')
        fi
    done)
    # shellcheck disable=SC2086
    find $present -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.ipp' | sort |
        PRIVATE_HEADERS=$private awk '
        function violation(rule) {
            printf "%s:%d: %s: %s\n", file, line, rule, included
            violations++
        }
        function judge(    quoted, area, component, is_public) {
            included = text
            sub(/^[ \t]*#[ \t]*include(_next)?[ \t]*/, "", included)
            quoted = substr(included, 1, 1) == "\""
            if (!quoted && substr(included, 1, 1) != "<") {
                return  # A macro names the header: not ours.
            }
            included = substr(included, 2)
            sub(/[">].*$/, "", included)

            area = file
            sub(/\/.*$/, "", area)
            component = ""
            if (match(included, /^(swarmlog\/)?(engine|projections|backends|cli)\//)) {
                component = substr(included, 1, RLENGTH)
                sub(/^swarmlog\//, "", component)
                gsub(/\//, "", component)
            }
            is_public = file ~ /^((engine|projections|backends)\/)?include\//

            if (included ~ /(^|\/)\.\.(\/|$)/ && area !~ /^(examples|test|perf)$/) {
                violation("no_way_around")
            }
            if (area == "engine" && component ~ /^(projections|backends|cli)$/) {
                violation("engine_is_lowest")
            }
            if (area == "projections" && component ~ /^(backends|cli)$/ ||
                area == "backends" && component ~ /^(projections|cli)$/) {
                violation("siblings")
            }
            if (included ~ /(^|\/)sqlite3(ext)?\.h$/ && area !~ /^(test|perf)$/ &&
                file !~ /^backends\/(src\/sqlite|sqlite_extension)\//) {
                violation("sqlite_stays")
            }
            if (is_public && (quoted || included in private_header)) {
                violation("public_is_complete")
            }
            if (included == "swarmlog/swarmlog.hpp" && area !~ /^(examples|test|perf|cli)$/) {
                violation("umbrella_is_for_users")
            }
        }
        BEGIN {
            count = split(ENVIRON["PRIVATE_HEADERS"], names, "\n")
            for (i = 1; i <= count; i++) {
                private_header[names[i]] = 1
            }
        }
        {
            file = $0
            files++
            line = 0
            while ((getline text < file) > 0) {
                line++
                if (text ~ /^[ \t]*#[ \t]*include/) {
                    includes++
                    judge()
                }
            }
            close(file)
        }
        END {
            printf "check-includes: %d files, %d includes, %d violations\n", files, includes,
                violations
            exit violations > 0
        }'
}

plant() {
    mkdir -p "$(dirname "$folder/$1")"
    printf '#pragma once\n%s\n' "$2" >"$folder/$1"
}

# A file and a line that must be reported under the rule.
must_catch() {
    rule=$1
    plant "$2" "$3"
    cases=$((cases + 1))
    if output=$(check "$folder"); then
        echo "NOT CAUGHT: $rule: $2: $3"
        failures=$((failures + 1))
    elif ! printf '%s\n' "$output" | grep -qF "$2:2: $rule: "; then
        echo "CAUGHT UNDER ANOTHER RULE: $rule: $2: $3"
        printf '%s\n' "$output"
        failures=$((failures + 1))
    else
        echo "caught: $rule: $2: $3"
    fi
    rm "$folder/$2"
}

must_accept() {
    plant "$1" "$2"
    cases=$((cases + 1))
    if output=$(check "$folder"); then
        echo "accepted: $1: $2"
    else
        echo "WRONGLY REPORTED: $output"
        failures=$((failures + 1))
    fi
}

self_test() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cases=0
    failures=0

    # The correct tree stays, and the violations are planted into it one by one.
    must_accept engine/include/swarmlog/engine/log.hpp '#include <swarmlog/engine/event.hpp>'
    must_accept engine/src/record/codec.hpp '#include <vector>'
    must_accept engine/src/record/codec.cpp '#include "record/codec.hpp"'
    must_accept projections/src/fold.cpp '#include <swarmlog/engine/log.hpp>'
    must_accept backends/src/sqlite/connection.cpp '#include <sqlite3.h>'
    must_accept backends/sqlite_extension/extension.cpp '#include <sqlite3ext.h>'
    must_accept cli/src/main.cpp '#include <swarmlog/swarmlog.hpp>'
    must_accept test/backends/file_test.cpp '#include <sqlite3.h>'
    must_accept test/cli/deep/b_test.cpp '#include "../support.hpp"'
    must_accept include/swarmlog/swarmlog.hpp '#include <swarmlog/backends/sqlite.hpp>'

    must_catch engine_is_lowest engine/src/a.cpp '#include <swarmlog/projections/table.hpp>'
    must_catch engine_is_lowest engine/src/a.cpp '#include <swarmlog/backends/sqlite.hpp>'
    must_catch engine_is_lowest engine/src/deep/a.hpp '  #  include "cli/command.hpp"'
    must_catch engine_is_lowest engine/include/swarmlog/engine/a.hpp \
        '#include <swarmlog/backends/memory.hpp>'
    must_catch siblings projections/src/a.cpp '#include <swarmlog/backends/sqlite.hpp>'
    must_catch siblings backends/src/a.cpp '#include <swarmlog/projections/table.hpp>'
    must_catch siblings backends/src/sqlite/a.cpp '#include "cli/command.hpp"'
    must_catch sqlite_stays engine/src/a.cpp '#include <sqlite3.h>'
    must_catch sqlite_stays projections/src/a.cpp '#include "sqlite3.h"'
    must_catch sqlite_stays backends/src/memory/a.cpp '#include <sqlite3.h>'
    must_catch sqlite_stays backends/include/swarmlog/backends/a.hpp '#include <sqlite3.h>'
    must_catch sqlite_stays cli/src/a.cpp '#include <sqlite3ext.h>'
    must_catch public_is_complete engine/include/swarmlog/engine/a.hpp \
        '#include "record/codec.hpp"'
    must_catch public_is_complete engine/include/swarmlog/engine/a.hpp \
        '#include <record/codec.hpp>'
    must_catch umbrella_is_for_users engine/src/a.cpp '#include <swarmlog/swarmlog.hpp>'
    must_catch umbrella_is_for_users backends/src/a.cpp '#include <swarmlog/swarmlog.hpp>'
    must_catch no_way_around projections/src/a.cpp '#include "../../engine/src/record/codec.hpp"'

    echo "check-includes --self-test: $cases cases, $failures failures"
    [ "$failures" -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
    self_test
else
    check "${1:-$(dirname "$0")/..}"
fi
