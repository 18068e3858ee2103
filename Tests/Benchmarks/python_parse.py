"""The peer of `gatehouse poll` and `gatehouse parse`: Python's own parser on the same Maildir.

Usage: python_parse.py MAILDIR [decode|json]. Merely parses; with `decode` it also reads what a gateway needs of each mail,
as `gatehouse` does: the addresses, the subject, the date, the text and the attachments' bytes; with `json` it takes the
SHA-256 of the mail and of each attachment too, and writes a JSON object a line.
"""

import email
import email.policy
import hashlib
import json
import os
import sys


FIELDS = ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "references", "in-reply-to")


def decode(message, digests):
    """Headers under policy.default are parsed when they are read, bodies when they are asked for."""
    found = {"attachments": []}
    try:
        for name in FIELDS:
            found[name] = str(message.get(name, ""))
        body = message.get_body(preferencelist=("plain", "html"))
        if body is not None:
            found["text"] = body.get_content()
        for part in message.iter_attachments():
            content = part.get_payload(decode=True)
            if digests and content is not None:
                found["attachments"].append(hashlib.sha256(content).hexdigest())
    except (LookupError, ValueError, AttributeError, KeyError, TypeError, IndexError):
        pass  # real mail breaks it now and then; what counts here is the time
    return found


folder = os.path.join(sys.argv[1], "new")
mode = sys.argv[2] if len(sys.argv) > 2 else ""
count = 0
for name in os.listdir(folder):
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    message = email.message_from_bytes(data, policy=email.policy.default)
    if mode:
        found = decode(message, mode == "json")
    if mode == "json":
        found["sha256"] = hashlib.sha256(data).hexdigest()
        print(json.dumps(found))
    count += 1
if mode != "json":
    print(count)
