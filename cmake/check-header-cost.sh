#!/bin/sh
# Usage: check-header-cost.sh <compiler> <folder of public headers>
#        check-header-cost.sh --self-test <compiler>
#
# What a program pays that includes <swarmlog/swarmlog.hpp>. Fails when
#
#   heavy      it includes a header that is kept out of the public ones: those of libraries that
#              only the sources use, whole libraries at once, and what is known to be slow
#   slow       it takes more than 2.6 times as long to compile as the standard headers that the
#              public ones include. That is 4 seconds where those take 1.5
#
# Seconds are a processor's, the least of three compilations.
#
# --self-test holds two small headers to it, one with each fault, and one without.
set -eu

ratio_max=2.6
heavy='/(regex|iostream|fstream|future|thread|random|format)$
/boost/(asio|json|describe|system)\.hpp$
/boost/(spirit|asio/ssl|beast|serialization|test)/
/boost/json/(src|impl/src)\.hpp$
/(sqlite3|xxhash|lz4|lz4frame|concurrentqueue|CLI11|CLI)\.h(pp)?$
/(openssl|fmt|CLI)/'

check() {
    compiler=$1
    headers=$2
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    echo '#include <swarmlog/swarmlog.hpp>' >"$work/all.cpp"
    find "$headers" -name '*.hpp' | xargs grep -hoE '^#include <[a-z_]+>' | sort -u \
        >"$work/standard.cpp"
    result=0

    echo "$heavy" >"$work/heavy"
    "$compiler" -std=c++20 -I "$headers" -M -MG "$work/all.cpp" | tr -s ' \\' '\n' |
        grep -E -f "$work/heavy" | sed 's|^|heavy: |' >"$work/found" || true
    if [ -s "$work/found" ]; then
        cat "$work/found"
        result=1
    fi

    perl -e '
        my ($ratio_max, $work, @compile) = @ARGV;
        sub seconds {
            my @before = times;
            system(@compile, "$work/$_[0].cpp", "-o", "$work/$_[0].o") == 0 or exit 1;
            my @after = times;
            return $after[2] + $after[3] - $before[2] - $before[3];
        }
        my %least;
        for (1 .. 3) {
            for my $name ("all", "standard") {
                my $now = seconds($name);
                $least{$name} = $now unless defined $least{$name} && $least{$name} < $now;
            }
        }
        my $ratio = $least{all} / $least{standard};
        printf "swarmlog.hpp: %.2f s, %.2f times its standard headers\n", $least{all}, $ratio;
        print "slow: more than $ratio_max times\n" if $ratio > $ratio_max;
        exit($ratio > $ratio_max);' \
        "$ratio_max" "$work" "$compiler" -std=c++20 -I "$headers" -c || result=1
    return $result
}

# One set of headers, of which swarmlog.hpp has this line besides; and what has to be said.
must_say() {
    mkdir -p "$folder/swarmlog"
    printf '%s\n' '#include <string>' "$2" >"$folder/swarmlog/swarmlog.hpp"
    if output=$(check "$compiler" "$folder" 2>&1); then status=passes; else status=fails; fi
    case "$status $output" in
    $1) echo "as expected: $2" ;;
    *)
        echo "NOT AS EXPECTED: $2"
        echo "$status $output"
        failures=$((failures + 1))
        ;;
    esac
}

if [ "$1" = --self-test ]; then
    compiler=$2
    folder=$(mktemp -d)
    failures=0
    must_say 'passes *' '#include <string_view>'
    must_say 'fails heavy: */regex*' '#include  <regex>'
    must_say 'fails *slow: *' '#include <boost/asio/ip/tcp.hpp>'
    rm -rf "$folder"
    echo "check-header-cost --self-test: 3 cases, $failures failures"
    exit "$failures"
fi
check "$1" "$2"
