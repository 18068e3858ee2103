#!/bin/sh
# The main job, once, for real: poll the samples of all four channels, forward them to a ticket endpoint on loopback,
# show the tickets; then do it again, and show that nothing is sent twice. Everything lies in a temporary folder.
set -eu
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-demo.XXXXXX")
sink_pid=
cleanup() {
    if [ -n "$sink_pid" ]; then kill "$sink_pid" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Copies, so that the samples stay as they are whatever a configuration does with what it has read.
cp -R "$root/Samples" "$work/samples"
find "$work/samples" -name '*.expected.json' -exec rm {} +
mkdir "$work/samples/single-mails"
mv "$work"/samples/email/*.eml "$work/samples/single-mails/"

: >"$work/sink.log"
"$bin/ticket-sink" --port 0 --directory "$work/tickets" >"$work/sink.log" 2>&1 &
sink_pid=$!
url=
for _ in $(seq 100); do
    url=$(sed -n 's/^listening on //p' "$work/sink.log")
    if [ -n "$url" ]; then break; fi
    sleep 0.1
done
if [ -z "$url" ]; then
    echo "The ticket endpoint did not start:" >&2
    cat "$work/sink.log" >&2
    exit 1
fi

sed -e "s|@STATE@|$work/state|; s|@SAMPLES@|$work/samples|; s|@URL@|$url|" \
    "$root/deploy/demo/gatehouse.jsonc" >"$work/gatehouse.jsonc"
export GATEHOUSE_CONFIG="$work/gatehouse.jsonc"

# One line for each ticket, and one for each message that followed up on one.
tickets() { grep -c '^{' "$work/tickets/tickets.jsonl"; }

echo "A ticket endpoint listens on $url. First run: gatehouse run"
# 65 says that a sample was no message: those are there on purpose, and are kept for review.
"$bin/gatehouse" run --verbose || [ $? = 65 ]
echo
"$bin/gatehouse" list --limit 200
echo
first=$(tickets)
echo "The endpoint holds $first messages in its tickets."
echo
echo "Second run, same sources: gatehouse run"
"$bin/gatehouse" run --verbose || [ $? = 65 ]
second=$(tickets)
echo
echo "The endpoint holds $second messages in its tickets."
if [ "$first" != "$second" ]; then
    echo "The second run sent something again." >&2
    exit 1
fi
echo "Nothing was sent twice."
