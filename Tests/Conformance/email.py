#!/usr/bin/env python3
"""Turns what `gatehouse parse` says of mails into the shape in which e-mail suites state their expectations.

    email.py GATEHOUSE FOLDER FILE… > predictions.ndjson

Each line of the result is {"file": FILE, "env": {from, to, cc, bcc, reply_to: [{name, email}], subject, date (UTC, seconds),
message_id, in_reply_to, references, text, html, attachments: [{name, mime, size, sha256}]}}. Text that was made from HTML is
left out, since suites ask for text parts. FILE names are read from standard input where none is given.
"""
import json
import re
import subprocess
import sys


def parties(data, key):
    return [{"name": p.get("name", ""), "email": p.get("email", "")} for p in data.get(key, [])]


def prediction(data):
    body = data.get("body", {})
    sent = data.get("times", {}).get("sent_at")
    env = {key: parties(data, key) for key in ("from", "to", "cc", "bcc", "reply_to")}
    env |= {key: data[key] for key in ("subject", "message_id", "in_reply_to", "references") if key in data}
    if sent:
        env["date"] = re.sub(r"\.\d+Z$", "Z", sent)
    if body.get("format") != "html":
        env["text"] = body.get("text", "")
    if "html" in body:
        env["html"] = body["html"]
    env["attachments"] = [
        {"name": a.get("name"), "mime": a.get("media_type", ""), "size": a.get("size", 0), "sha256": a.get("sha256", "")}
        for a in data.get("attachments", [])
    ]
    return env


def main():
    program, folder, *files = sys.argv[1:]
    for file in files or sys.stdin.read().splitlines():
        run = subprocess.run(
            [program, "parse", "--format", "rfc5322", f"{folder}/{file}"], capture_output=True, text=True, check=False
        )
        line = run.stdout.splitlines()[0] if run.stdout else ""
        env = prediction(json.loads(line)["data"]) if line else None
        print(json.dumps({"file": file, "env": env}, ensure_ascii=False))


if __name__ == "__main__":
    main()
