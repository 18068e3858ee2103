"""Validates envelopes, one JSON object a line on standard input, against a JSON Schema (draft 2020-12)."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
count = 0
wrong = 0
for line in sys.stdin:
    envelope = json.loads(line)
    count += 1
    for error in validator.iter_errors(envelope):
        wrong += 1
        place = envelope.get("data", {}).get("raw", {}).get("source_position")
        print(f"{place}: {error.json_path}: {error.message}", file=sys.stderr)
if count == 0:
    sys.exit("no envelope came: nothing was validated")
print(f"{count} envelopes of the samples fit the schema" if wrong == 0 else f"{wrong} errors in {count} envelopes")
sys.exit(1 if wrong else 0)
