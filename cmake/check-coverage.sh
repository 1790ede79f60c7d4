#!/bin/sh
# Usage: check-coverage.sh <build folder> <percent> [file...]
#
# Shows how many branches of the library the tests have taken that ran in <build folder>, which is
# configured with SWARMLOG_COVERAGE, and where most of the others are. Fails below <percent>.
# Given files of the library, prints their branches that were not taken instead:
# <file>:<line>:<column>, and whether it is the true or the false one.
#
# A branch is a condition that was true, or that was false, as Clang's source-based coverage has
# them: conditions in macros, such as assertions, and what the language adds for exceptions are
# none; nor are the parts of a defaulted comparison, for which Clang counts nothing of their own. Of
# a template it is taken when any instance took it.
set -eu

cd "$(dirname "$0")/.."
build=$1
least=$2
shift 2
library="engine projections backends include"
all=$build/coverage/all.profdata

# Paths without spaces, as everywhere here.
objects="$build/cli/swarmlog"
for program in "$build"/test/*_test "$build"/test/*_program; do
    if [ -x "$program" ]; then
        objects="$objects -object $program"
    fi
done
find "$build/coverage" -name '*.profraw' >"$build/coverage/profiles"
llvm-profdata merge -sparse -o "$all" -f "$build/coverage/profiles"

# shellcheck disable=SC2086
llvm-cov show $objects -instr-profile="$all" -show-branches=count -show-line-counts=false \
    $library 2>/dev/null | awk -v least="$least" -v here="$PWD/" -v only=" $* " '
    /^\/.*:$/ {
        file = substr($0, 1, length($0) - 1)
        if (index(file, here) == 1) { file = substr(file, length(here) + 1) }
        next
    }
    /^[ |]*[0-9]+\|/ { is_defaulted = /= default;/ }
    !is_defaulted && match($0, /Branch \([0-9]+:[0-9]+\): \[True: [0-9.kMG]+, False: [0-9.kMG]+\]/) {
        # Branch (line:column): [True: times, False: times]
        split(substr($0, RSTART, RLENGTH), part, /[^0-9.kMGa-zA-Z]+/)
        place = file ":" part[2] ":" part[3]
        places[place] = 1
        if (part[5] != "0") { was_true[place] = 1 }
        if (part[7] != "0") { was_false[place] = 1 }
    }
    END {
        for (place in places) {
            split(place, at, ":")
            area = at[1]
            sub("/.*", "", area)
            branches[area] += 2
            all += 2
            for (value = 0; value <= 1; value++) {
                if (value ? place in was_true : place in was_false) { continue }
                missed[area]++
                all_missed++
                missed_in[at[1]]++
                if (index(only, " " at[1] " ")) {
                    print place, value ? "true" : "false" | "sort -t : -k 1,1 -k 2,2n -k 3,3n"
                }
            }
        }
        if (only != "  ") { exit }
        print "branches not taken, most of them in"
        fflush()
        for (file in missed_in) {
            printf "%6d  %s\n", missed_in[file], file | "sort -rn | head -n 15"
        }
        close("sort -rn | head -n 15")
        for (area in branches) {
            printf "%-12s %5d branches, %5.1f %% taken\n", area, branches[area], \
                100 - 100 * missed[area] / branches[area]
        }
        taken = all == 0 ? 0 : 100 - 100 * all_missed / all
        printf "coverage: %.1f %% of %d branches taken; %d %% are asked for\n", taken, all, least
        exit taken < least
    }'
