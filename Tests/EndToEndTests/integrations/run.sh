#!/bin/sh
# Tries Gatehouse together with real mail servers, web servers and schedulers, as deploy/ says to set them up:
#
#     run.sh PROGRAMS [NAME…]       PROGRAMS holds gatehouse and ticket-sink; NAME is a script beside this one
#
# Each script runs as root in a sandbox of its own (sandbox.sh): a throw-away copy of this machine's root file system without any
# network but loopback, so it may install the servers' Debian packages and write to /etc as a person would, and leaves nothing
# behind. What can't be had is skipped with a word. The last line counts.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
programs=$(cd "$1" && pwd)
shift
passed=0
failed=0
skipped=0

if [ $# -eq 0 ]; then
    for script in "$here"/with-*.sh; do set -- "$@" "$(basename "$script" .sh)"; done
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for name in "$@"; do
    name=${name%.sh}
    name=with-${name#with-}
    code=0
    timeout -k 5 600 sh "$here/sandbox.sh" "$programs" "$name" >"$log" 2>&1 || code=$?
    case $code in
        0)
            passed=$((passed + 1))
            echo "passed   $name: $(sed -n 's/^proved: //p' "$log" | tail -n 1)"
            ;;
        77)
            skipped=$((skipped + 1))
            echo "skipped  $name: $(sed -n 's/^skipped: //p' "$log" | tail -n 1)"
            ;;
        *)
            failed=$((failed + 1))
            echo "FAILED   $name (exit code $code):"
            tail -n 40 "$log" | sed 's/^/    /'
            ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
