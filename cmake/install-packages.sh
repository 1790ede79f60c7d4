#!/bin/sh
# Usage: install-packages.sh <list>...
#
# Installs what is missing from cmake/packages-<list>.txt: one package a line, and after a
# # the reason for it. Touches nothing, and needs no rights, when nothing is missing.
set -eu

here=$(dirname "$0")

if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian system: see cmake/packages-*.txt for what has to be installed." >&2
    exit 0
fi

is_installed() {
    dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed'
}

missing=
for list in "$@"; do
    for package in $(sed 's/#.*//' "$here/packages-$list.txt"); do
        is_installed "$package" || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
fi

echo "Installing:$missing" >&2
# Messages go to stderr: the last of stdout belongs to the target that called.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update >&2
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    $missing >&2 </dev/null
