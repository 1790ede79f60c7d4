#!/bin/sh
# Usage: make-reference.sh
#        make-reference.sh --self-test
#
# Writes the API reference into build/docs/html/, by docs/Doxyfile. Fails, with a line for each,
# when a public name has no docstring or a reference leads nowhere.
#
# --self-test plants faults of both kinds into a copy of the headers and fails unless every one
# is caught, and the copy as it is passes.
set -eu

cd "$(dirname "$0")/.."

make_reference() {
    SWARMLOG_VERSION=$(sed -n 's/.*header_version = "\(.*\)";/\1/p' \
        engine/include/swarmlog/version.hpp)
    export SWARMLOG_VERSION
    rm -rf build/docs
    mkdir -p build/docs
    doxygen docs/Doxyfile && find_what_doxygen_leaves_out
}

# Doxygen says nothing of a concept or an empty struct without a docstring.
find_what_doxygen_leaves_out() {
    find include engine/include projections/include backends/include -name '*.hpp' \
        ! -path '*/detail/*' | sort | xargs awk '
        FNR == 1 { is_detail = 0 }
        /^namespace detail \{/ { is_detail = 1; begin = FNR }
        /^} \/\/ namespace detail/ || (/^}$/ && FNR == begin + 2) { is_detail = 0 }
        !is_detail && /^ *(concept |(struct|class) [A-Za-z_: ]*\{\};)/ && !is_documented {
            printf "%s:%d: error: %s is not documented.\n", FILENAME, FNR, $2
            found = 1
        }
        !/^ *template/ { is_documented = /^ *\/\/\// }
        END { exit found }' >&2
}

# A line that is planted into a header, before the end of its namespace, and what has to be said.
must_catch() {
    cases=$((cases + 1))
    header=engine/include/swarmlog/engine/$1
    cp "$header" "$folder/kept"
    sed "s|^} // namespace swarmlog\$|$2\n&|" "$folder/kept" >"$header"
    if output=$(make_reference 2>&1); then
        printf '%s\n' "NOT CAUGHT: $1: $2"
        failures=$((failures + 1))
    elif ! printf '%s\n' "$output" | grep -q "$1:[0-9]*: .*$3"; then
        printf '%s\n' "CAUGHT AS SOMETHING ELSE: $1: $2" "$output"
        failures=$((failures + 1))
    else
        printf '%s\n' "caught: $1: $2"
    fi
    mv "$folder/kept" "$header"
}

self_test() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    for part in docs/Doxyfile docs/reference.sed docs/reference-links.sed docs/api-reference.md \
        include engine/include projections/include backends/include; do
        mkdir -p "$folder/$(dirname "$part")"
        cp -R "$part" "$folder/$part"
    done
    cd "$folder"
    cases=1
    failures=0
    make_reference || failures=1

    must_catch position.hpp 'struct planted {};' 'planted is not documented'
    must_catch event.hpp 'void planted();' 'planted.*is not documented'
    must_catch error.hpp '/// Text.\nstruct planted { int member = 0; };' \
        'member.*is not documented'
    must_catch query.hpp 'template <class T>\nconcept planted = true;' 'planted is not documented'
    must_catch query.hpp '/// See \\ref nowhere.\nstruct planted {};' "reference to 'nowhere'"

    echo "make-reference --self-test: $cases cases, $failures failures"
    [ "$failures" -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
    self_test
else
    make_reference
    echo "reference: $(find build/docs/html -name '*.html' | wc -l) pages," \
        "from build/docs/html/index.html on"
fi
