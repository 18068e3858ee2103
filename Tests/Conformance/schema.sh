#!/bin/sh
# Holds every sample's envelope against the published schema, by a validator that is not ours (Python's jsonschema).
set -eu
bin=$1
cd "$(dirname "$0")/../.."
if ! python3 -c 'import jsonschema' 2>/dev/null; then
    echo "skipped: Python's jsonschema is not installed (pip install jsonschema)"
    exit 0
fi
samples=$(find Samples -mindepth 2 -type f ! -name '*.expected.json' ! -name README.md ! -name '.*' ! -path '*/media/*' ! -path '*_media/*' | sort)
for sample in $samples; do
    channel=$(echo "$sample" | cut -d/ -f2)
    "$bin/gatehouse" parse --channel "$channel" --region DE --time-zone Europe/Berlin "$sample" 2>/dev/null || [ $? = 65 ]
done | python3 Tests/Conformance/validate.py deploy/schema/envelope.schema.json
