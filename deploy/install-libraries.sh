#!/bin/sh
# Installs the system libraries that Gatehouse is built on, where they are missing.
# Needs apt, and root or sudo; otherwise it prints the line to run and exits 1.
set -eu

packages="libcurl4-openssl-dev libsqlite3-dev libssl-dev zlib1g-dev"
if [ $# -gt 0 ]; then packages="$packages $*"; fi

missing=
for package in $packages; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "These libraries are missing, and there is no apt here to install them:" >&2
    echo "   $missing" >&2
    echo "Install what your system calls them (headers of libcurl with OpenSSL, SQLite 3, OpenSSL, zlib), then run make again." >&2
    exit 1
fi

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "These libraries are missing:$missing" >&2
    echo "Run this as root, then run make again:" >&2
    echo "    apt-get update && apt-get install -y$missing" >&2
    exit 1
fi

echo "Installing$missing" >&2
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
