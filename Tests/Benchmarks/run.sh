#!/bin/sh
# Measures the built program beside peers, in one run on this machine: ratios are what counts.
# Real mail is taken from ../shared/data/email/corpus where that is present, and made up otherwise.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cc -O2 -o "$work/one-commit" one_commit.c -lsqlite3 -lcrypto -lz
# The peer in C needs Debian's package; without it that comparison is left out.
if ! pkg-config --exists gmime-3.0; then sh ../../deploy/install-libraries.sh libgmime-3.0-dev || true; fi
if pkg-config --exists gmime-3.0; then
    # shellcheck disable=SC2046
    cc -O2 -o "$work/gmime-parse" gmime_parse.c $(pkg-config --cflags --libs gmime-3.0 libcrypto)
fi
status=0
sh language.sh "$bin" "$work" ../../../shared/data/lang || status=1
# The texts that the comparison of languages has unpacked: Tatoeba's, a sentence a line.
[ ! -f "$work/language/tatoeba.txt" ] || "$bin/evaluate" triage-speed "$work/language/tatoeba.txt"
python3 bench.py "$bin" "$work" ../../../shared/data/email/corpus/spamassassin.tar.xz || status=1
python3 bench_exports.py "$bin" "$work" || status=1
python3 bench_delivery.py "$bin" "$work" || status=1
exit "$status"
