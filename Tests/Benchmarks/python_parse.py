"""The peer of `gatehouse poll`: Python's own parser, merely parsing the same Maildir."""

import email
import email.policy
import os
import sys

count = 0
folder = os.path.join(sys.argv[1], "new")
for name in os.listdir(folder):
    with open(os.path.join(folder, name), "rb") as file:
        email.message_from_binary_file(file, policy=email.policy.default)
    count += 1
print(count)
