#!/bin/sh
# language.sh BIN WORK DATA: texts per second beside CLD2 (Debian: libcld2-dev), on the same texts in one run on one core.
# The texts are Tatoeba's from DATA/dev.tar.xz; without it, or without CLD2, this says so and measures nothing.
set -eu
bin=$1 work=$2 data=$3
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$data/dev.tar.xz" ]; then
    echo "note: $data/dev.tar.xz is not here; language is not measured"
    exit 0
fi
if ! g++ -O2 -o "$work/cld2-peer" "$here/cld2_peer.cc" -lcld2 2>"$work/cld2-peer.log"; then
    echo "note: libcld2-dev or g++ is not here; language is not measured"
    exit 0
fi
mkdir -p "$work/language"
tar -xJf "$data/dev.tar.xz" -C "$work/language"
cat "$work"/language/dev/tatoeba/*/sentence.txt >"$work/language/tatoeba.txt"
# In turn, since the machine may be busier at one time than at another.
for _ in 1 2 3; do
    echo "$("$bin/evaluate" language-speed "$work/language/tatoeba.txt") $("$work/cld2-peer" "$work/language/tatoeba.txt")"
done | awk '
    { if ($1 > ours) ours = $1; if ($2 > theirs) theirs = $2 }
    END {
        ratio = ours / theirs
        printf "%-46s ours %9d/s   peer %9d/s   ratio %6.2f   floor >= 0.5   %s\n", "language of a Tatoeba text / CLD2",
            ours, theirs, ratio, (ratio >= 0.5 ? "ok" : "MISSED")
        exit (ratio < 0.5)
    }'
