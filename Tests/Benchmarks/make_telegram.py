"""Writes a Telegram Desktop export of a given size. Usage: make_telegram.py MEGABYTES FILE

One chat of two in the form that the program's current versions write: one space of indentation a level, text as a
string and as pieces, `text_entities`, replies, edits, media that was not exported, service messages, and now and then a
control character as `\\x0B`, which is no JSON. The same size gives the same file. `strict` as a third word leaves the
control characters out, so that readers of RFC 8259 can take it.
"""

import datetime
import json
import random
import sys

TEXTS = [
    "Hello, my withdrawal is stuck since yesterday. Can you please look into it?",
    "ok",
    "Guten Tag, ich kann mich seit heute früh nicht mehr anmelden. Woran liegt das?",
    "Thanks!",
    "Мне не пришёл код подтверждения, помогите пожалуйста.",
    "¿Cuánto cuesta enviar dinero a otra cuenta? No encuentro las comisiones en ningún lado.",
    "我的充值已经三个小时了还没有到账，请帮我查一下。",
    "I sent it with transaction 0x8f3a9c1b2d4e5f60718293a4b5c6d7e8f9011223344556677889900aabbccdde and it still says \"pending\".",
    "Bonjour, pouvez-vous vérifier mon identité encore une fois ?\nMerci d'avance.",
    "出金が完了しません。どうすればいいですか？",
    "👍",
    "The app shows an error every time that I try to change my password, and then it closes. I have tried three times.",
]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def message(number, dice, strict):
    moment = 1_700_000_000 + number * 37
    clock = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    ours = dice.random() < 0.4
    name, sender = ("Support", "user777000111") if ours else ("Ann Example", "user6123456789")
    lines = [f'"id": {number}']
    if dice.random() < 0.01:
        lines += ['"type": "service"', f'"date": "{clock}"', f'"date_unixtime": "{moment}"', f'"actor": "{name}"']
        lines += [f'"actor_id": "{sender}"', '"action": "pin_message"', f'"message_id": {max(number - 3, 1)}']
        lines += ['"text": ""', '"text_entities": []']
        return lines
    lines += ['"type": "message"', f'"date": "{clock}"', f'"date_unixtime": "{moment}"']
    if dice.random() < 0.02:
        lines += [f'"edited": "{clock}"', f'"edited_unixtime": "{moment + 20}"']
    lines += [f'"from": "{name}"', f'"from_id": "{sender}"']
    if dice.random() < 0.1:
        lines.append(f'"reply_to_message_id": {max(number - 2, 1)}')
    if dice.random() < 0.04:
        absent = "(File not included. Change data exporting settings to download.)"
        lines += [f'"photo": "{absent}"', '"photo_file_size": 81234', '"width": 1280', '"height": 720']
    text = quoted(dice.choice(TEXTS))
    if not strict and dice.random() < 0.001:
        text = text[:-1] + '\\x0B"'
    plain = f'{{\n     "type": "plain",\n     "text": {text}\n    }}'
    if dice.random() < 0.05:
        link = '{\n     "type": "link",\n     "text": "https://example.org/status"\n    }'
        lines.append(f'"text": [\n    {text},\n    {link}\n   ]')
        lines.append(f'"text_entities": [\n    {plain},\n    {link}\n   ]')
    else:
        lines += [f'"text": {text}', f'"text_entities": [\n    {plain}\n   ]']
    return lines


def main(megabytes, path, strict):
    dice = random.Random(1)
    # Made once and used again with other ids and times: the file would else take minutes.
    pool = [message(number, dice, strict) for number in range(20_000)]
    written = number = 0
    with open(path, "w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
        written += file.write('{\n "name": "Ann Example",\n "type": "personal_chat",\n "id": 6123456789,\n "messages": [\n')
        while written < megabytes * 1_000_000:
            number += 1
            lines = pool[number % len(pool)].copy()
            lines[0] = f'"id": {number}'
            moment = 1_700_000_000 + number * 7
            lines[3] = f'"date_unixtime": "{moment}"'
            text = ("" if number == 1 else ",\n") + "  {\n   " + ",\n   ".join(lines) + "\n  }"
            file.write(text)
            written += len(text.encode())
        file.write("\n ]\n}\n")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:] == ["strict"])
