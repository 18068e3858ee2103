#!/bin/sh
# Measures the built program beside peers, in one run on this machine: ratios are what counts.
# Real mail is taken from ../shared/data/email/corpus where that is present, and made up otherwise.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cc -O2 -o "$work/one-commit" one_commit.c -lcurl -lsqlite3 -lcrypto -lz
sh language.sh "$bin" "$work" ../../../shared/data/lang
python3 bench.py "$bin" "$work" ../../../shared/data/email/corpus/spamassassin.tar.xz
