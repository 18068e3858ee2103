#!/usr/bin/env python3
"""Writes the zips among the samples: Tests/Conformance/sample_zips.py. The same bytes each time."""
import io
import json
import pathlib
import zipfile

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Samples" / "social_dm"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


class Pipe(io.RawIOBase):
    """Can't seek, so that sizes stand behind the data, as the networks' servers write them."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)


def write(name, files, stored=()):
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(path, (2026, 1, 12, 9, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if path in stored else zipfile.ZIP_DEFLATED
            if not isinstance(content, bytes):
                content = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2)
                content = content.encode()
            archive.writestr(info, content)
    (FOLDER / name).write_bytes(pipe.bytes)


MARK = "\u200e"
IOS = "\r\n".join(
    [
        f"[12.01.26, 09:14:03] Ana Ferreira: {MARK}Messages and calls are end-to-end encrypted. Only people in this chat"
        " can read, listen to, or share them.",
        "[12.01.26, 09:14:03] Ana Ferreira: Good morning, my withdrawal has been pending since yesterday 😟",
        "Order: 4711",
        f"{MARK}[12.01.26, 09:14:40] Ana Ferreira: see here {MARK}<attached: 00000003-PHOTO-2026-01-12-09-14-40.png>",
        "[12.01.26, 09:14:55] Ana Ferreira: ok",
        "[12.01.26, 09:14:55] Ana Ferreira: ok",
        f"[12.01.26, 09:20:10] Example Support: We are looking into it. {MARK}<This message was edited>",
        f"[12.01.26, 09:21:00] Ana Ferreira: {MARK}This message was deleted.",
        f"[13.01.26, 08:00:00] Ana Ferreira: {MARK}Missed voice call. {MARK}Tap to call back",
        f"[13.01.26, 08:00:30] Ana Ferreira: {MARK}audio omitted",
        "",
    ]
)
write(
    "whatsapp-ios-download.zip",
    {"_chat.txt": IOS, "00000003-PHOTO-2026-01-12-09-14-40.png": PNG},
    stored={"00000003-PHOTO-2026-01-12-09-14-40.png"},
)

USERS = [
    {"id": "U0ANA00001", "team_id": "T1", "name": "ana", "is_bot": False,
     "profile": {"real_name": "Ana Ferreira", "display_name": "Ana F.", "email": "ana@example.org"}},
    {"id": "U0SUP00001", "team_id": "T1", "name": "support", "is_bot": False,
     "profile": {"real_name": "Example Support", "display_name": ""}},
]
DAY = [
    {"type": "message", "subtype": "channel_join", "user": "U0ANA00001", "text": "<@U0ANA00001> has joined the channel",
     "ts": "1768208400.000100"},
    {"type": "message", "client_msg_id": "6f1c0a52-1", "user": "U0ANA00001", "ts": "1768208943.905399",
     "thread_ts": "1768208943.905399", "reply_count": 1,
     "text": "Hi <@U0SUP00001>, my API key &amp; its secret stopped working, see <https://example.org/status|status> &lt;now&gt;",
     "edited": {"user": "U0ANA00001", "ts": "1768208990.000000"},
     "files": [{"id": "F0FILE0001", "name": "error.png", "mimetype": "image/png", "size": 70, "mode": "hosted",
                "url_private": "https://files.slack.com/files-pri/T1-F0FILE0001/error.png?t=xoxe-1-example"}],
     "reactions": [{"name": "eyes", "users": ["U0SUP00001"], "count": 1}]},
    {"type": "message", "user": "U0SUP00001", "ts": "1768209000.120000", "thread_ts": "1768208943.905399",
     "parent_user_id": "U0ANA00001", "text": "We rotated it: see <#C0HELP0001|help>"},
    {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": "1768209100.000200",
     "text": "This message was deleted.", "hidden": True},
    {"type": "message", "subtype": "bot_message", "bot_id": "B0BOT00001", "username": "status", "ts": "1768209200.000300",
     "text": "", "attachments": [{"title": "Incident", "text": "API keys: degraded", "fallback": "Incident"}]},
]
DIRECT = [
    {"type": "message", "user": "U0ANA00001", "ts": "1768210000.000100", "text": "",
     "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
         {"type": "text", "text": "Please call me, "}, {"type": "user", "user_id": "U0SUP00001"},
         {"type": "emoji", "name": "pray"}]}]}]},
]
write(
    "slack-download.zip",
    {
        "Example Slack export/channels.json": [{"id": "C0HELP0001", "name": "hilfe-für-alle", "members": ["U0ANA00001"]}],
        "Example Slack export/dms.json": [{"id": "D0DIRECT01", "members": ["U0ANA00001", "U0SUP00001"]}],
        "Example Slack export/users.json": USERS,
        "Example Slack export/hilfe-für-alle/2026-01-12.json": DAY,
        "Example Slack export/D0DIRECT01/2026-01-12.json": DIRECT,
    },
)

write(
    "discord-package-download.zip",
    {
        "account/user.json": {"id": "301234567890123456", "username": "example_support", "global_name": "Example Support"},
        "messages/index.json": {"1201234567890123456": "Direct Message with ana_f#0", "1201234567890123999": None},
        "messages/c1201234567890123456/channel.json": {
            "id": "1201234567890123456", "type": 1, "recipients": ["301234567890123456", "401234567890123456"]},
        "messages/c1201234567890123456/messages.json":
            '[{"ID": 1460201641213952001, "Timestamp": "2026-01-12 09:20:00", "Contents": "We are looking into it.",'
            ' "Attachments": ""},\n {"ID": 1460201641213952002, "Timestamp": "2026-01-12 09:20:00", "Contents": "",'
            ' "Attachments": "https://cdn.discordapp.com/attachments/1/2/steps.pdf?ex=69660000&is=1&hm=2"}]',
        "messages/c1201234567890123999/messages.csv":
            'ID,Timestamp,Contents,Attachments\r\n1460201891290939399,2026-01-12 09:21:00.123000+00:00,'
            '"Two lines,\nand ""quotes""",\r\n',
        "servers/index.json": {},
    },
)

MESSENGER = {
    "participants": [{"name": "Ana Ferreira"}, {"name": "Example Support"}],
    "messages": [
        {"sender_name": "Ana Ferreira", "timestamp_ms": 1768208943905, "content": "N\u00c3\u00a3o consigo entrar",
         "type": "Generic",
         "photos": [{"uri": "your_facebook_activity/messages/inbox/ana_1/photos/1.png", "creation_timestamp": 1768208943}]},
    ],
    "title": "Ana Ferreira", "is_still_participant": True, "thread_path": "inbox/ana_1",
}
write(
    "messenger-download.zip",
    {
        "your_facebook_activity/messages/inbox/ana_1/message_1.json": json.dumps(MESSENGER),
        "your_facebook_activity/messages/inbox/ana_1/photos/1.png": PNG,
        "your_facebook_activity/posts/your_posts_1.json": [{"timestamp": 1768208943, "title": "A post"}],
    },
    stored={"your_facebook_activity/messages/inbox/ana_1/photos/1.png"},
)
