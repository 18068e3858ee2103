#!/bin/sh
# evaluate.sh BIN language|triage DATA: runs `evaluate`, on the unpacked dev.tar.xz where DATA holds the language sets packed.
set -eu
bin=$1 what=$2 data=$3
if [ "$what" = language ] && [ -f "$data/dev.tar.xz" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    tar -xJf "$data/dev.tar.xz" -C "$folder"
    data=$folder/dev
fi
set -- "$what" "$data"
[ "$what" = triage ] && set -- "$@" "$(dirname "$0")/urgency"
"$bin/evaluate" "$@"
