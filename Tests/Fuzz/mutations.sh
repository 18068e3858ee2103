#!/bin/sh
# Every prefix of each sample mail, and each with each of its bytes made each other byte: mutations.sh PROGRAM.
# One process for each file, as many at a time as there are processors; exit code 1 where one ends otherwise than well.
set -u
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-mutations.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$root/Samples/email" || exit 66
# The largest first, so that none is left over for the end.
find . -name '*.eml' -size +0 -printf '%s %f\n' -o -name '*.mbox' -printf '%s %f\n' | sort -rn | cut -d ' ' -f 2 \
    | PROGRAM=$program WORK=$work xargs -P "$(nproc)" -I FILE sh -c '
        "$PROGRAM" FILE >"$WORK/FILE.out" 2>"$WORK/FILE.at" || { echo "FILE: ended with $? $(tail -n 1 "$WORK/FILE.at")"; exit 1; }
        head -n 1 "$WORK/FILE.out"' || exit 1
cat "$work"/*.out | awk '/ inputs, / { all += $1 } END { print all " inputs, and no trap" }'
