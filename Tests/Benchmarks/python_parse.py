"""The peer of `gatehouse poll`: Python's own parser on the same Maildir.

Usage: python_parse.py MAILDIR [decode]. Merely parses; with `decode` it also reads what a gateway needs of each mail, as
`gatehouse` does: the addresses, the subject, the date, the text and the attachments' bytes.
"""

import email
import email.policy
import os
import sys


def decode(message):
    """Headers under policy.default are parsed when they are read, bodies when they are asked for."""
    try:
        for name in ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "references", "in-reply-to"):
            str(message.get(name, ""))
        body = message.get_body(preferencelist=("plain", "html"))
        if body is not None:
            body.get_content()
        for part in message.iter_attachments():
            part.get_payload(decode=True)
    except (LookupError, ValueError, AttributeError, KeyError, TypeError, IndexError):
        pass  # real mail breaks it now and then; what counts here is the time


folder = os.path.join(sys.argv[1], "new")
count = 0
for name in os.listdir(folder):
    with open(os.path.join(folder, name), "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    if len(sys.argv) > 2:
        decode(message)
    count += 1
print(count)
