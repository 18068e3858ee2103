#!/usr/bin/env python3
"""Counts how often `gatehouse parse` finds the answer in a reply, a bounce for what it is, and the mails of an mbox.

    replies.py GATEHOUSE FOLDER

FOLDER holds expected/*.jsonl, one {"file", "id", "expect": {reply | is_bounce | from_offsets}} a line, and suites/ with the files.
Prints each case that comes out otherwise, and for each suite how many do not. Exit code 0 whatever the figures are.
"""
import json
import os
import re
import subprocess
import sys

PROGRAM, FOLDER = sys.argv[1], sys.argv[2]


def parsed(path, form, head=b""):
    """The `data` of each envelope; `head` goes before what is no mail yet."""
    with open(path, "rb") as file:
        mail = head + file.read()
    run = subprocess.run([PROGRAM, "parse", "--no-triage", "--format", form, "-"], input=mail, capture_output=True, check=False)
    return [json.loads(line)["data"] for line in run.stdout.splitlines()]


def answer(path):
    text = b"Content-Type: text/plain; charset=utf-8\n\n" if path.endswith(".txt") else b""
    body = parsed(path, "rfc5322", text)[0]["body"]
    return (body.get("stripped_text") or body.get("text", "")).split()


def offsets(path):
    return [int(data["raw"]["source_position"].rsplit("#", 1)[1]) for data in parsed(path, "mbox")]


def is_right(expect, path):
    if "reply" in expect:
        return answer(path) == expect["reply"].split()
    if "is_bounce" in expect:
        return (parsed(path, "rfc5322")[0]["automated"] in ("bounce", "feedback_report")) == expect["is_bounce"]
    if "from_offsets" in expect:
        return offsets(path) == expect["from_offsets"]
    return None


def main():
    for suite in sorted(os.listdir(f"{FOLDER}/expected")):
        right = count = 0
        with open(f"{FOLDER}/expected/{suite}", encoding="utf-8") as lines:
            for line in lines:
                case = json.loads(line)
                result = is_right(case["expect"], f"{FOLDER}/suites/{case['file']}")
                if result is None:
                    continue
                count += 1
                right += result
                if not result:
                    print(f"  {suite} {case['id']} comes out otherwise")
        if count:
            print(f"{re.sub('[.]jsonl$', '', suite):12s} {right} of {count}")


if __name__ == "__main__":
    main()
