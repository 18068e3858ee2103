#!/bin/sh
# Writes SAMPLE's expected envelopes beside it: expected.sh Samples/email/x.eml …; without arguments, for every sample.
# Read what it writes as critically as code: from then on it is the test. `git diff` shows what a change did.
set -eu
cd "$(dirname "$0")/../.."
gatehouse=${GATEHOUSE:-$(swift build --show-bin-path)/gatehouse}
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(find Samples -mindepth 2 -type f ! -name '*.expected.json' ! -name README.md ! -path '*/maildir/*' ! -path '*/media/*' \
        ! -path '*_media/*' ! -name '*.wav' ! -name '.*' | sort)
fi
for sample in "$@"; do
    channel=$(echo "$sample" | cut -d/ -f2)
    "$gatehouse" parse --channel "$channel" --region DE --time-zone Europe/Berlin --now 2026-03-15T12:00:00Z "$sample" 2>/dev/null |
        python3 -c '
import json, sys
envelopes = [json.loads(line) for line in sys.stdin]
for envelope in envelopes:
    # The version changes with every table of rules; what the rules say is compared, their name is not.
    envelope["data"].get("triage", {}).pop("rules_version", None)
json.dump(envelopes, sys.stdout, ensure_ascii=False, indent=1)
print()' >"${sample%.*}.expected.json"
done
