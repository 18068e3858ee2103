"""Sessions of the manual's pages: what they show is run by the scripts beside this one, and compared with what is printed.

    session.py write PAGE NUMBER FOLDER    the page's NUMBERth block `console root` as FOLDER/steps, a script for sh
    session.py compare FOLDER              says what was printed otherwise than it is shown; exit code 1

The form is that of Tests/EndToEndTests/ManualSession.swift: `$ ` begins a command, a line that ends in a backslash goes on, `<<'END'`
goes on to the line `END`, what stands below is its output; `…` stands for any text in a line, and alone in a line for any number of lines.
"""

import json
import os
import re
import sys


def blocks(text):
    found, inside = [], False
    for line in text.split("\n"):
        if line.startswith("```"):
            inside = not inside and line == "```console root"
            if inside:
                found.append([])
        elif inside:
            found[-1].append(line)
    return found


def commands(lines):
    found, goes_on = [], False
    for line in lines:
        if goes_on:
            found[-1]["text"] += "\n" + line
        elif line.startswith("$ "):
            found.append({"text": line[2:], "expected": []})
        else:
            found[-1]["expected"].append(line)
            continue
        is_open = "<<'END'" in found[-1]["text"] and line != "END"
        goes_on = line.endswith("\\") or is_open
    return found


def write(page, number, folder):
    with open(page, encoding="utf-8") as file:
        found = blocks(file.read())
    if len(found) < number:
        sys.exit(f"{page} has no block {number}")
    session = commands(found[number - 1])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "session.json"), "w", encoding="utf-8") as file:
        json.dump(session, file)
    with open(os.path.join(folder, "steps"), "w", encoding="utf-8") as file:
        for index, command in enumerate(session):
            file.write(f"{{ {command['text']}\n}} >{folder}/{index} 2>&1 || step_failed {folder}/{index} {index}\n")


def matches(line, pattern):
    return re.fullmatch(".*".join(re.escape(piece) for piece in pattern.split("…")), line) is not None


def difference(printed, expected):
    while printed and not printed[-1]:
        printed.pop()
    while expected and not expected[-1]:
        expected.pop()
    while expected:
        wanted = expected.pop(0)
        if wanted == "…":
            if not expected:
                return None
            while printed and not matches(printed[0], expected[0]):
                printed.pop(0)
        elif not printed:
            return f"is missing: {wanted}"
        elif matches(printed[0], wanted):
            printed.pop(0)
        else:
            return f"printed: {printed[0]}\n  shown:   {wanted}"
    return f"printed, but not shown: {printed[0]}" if printed else None


def compare(folder):
    failed = False
    with open(os.path.join(folder, "session.json"), encoding="utf-8") as file:
        session = json.load(file)
    for index, command in enumerate(session):
        with open(os.path.join(folder, str(index)), encoding="utf-8", errors="replace") as file:
            printed = [line.rstrip() for line in file.read().split("\n")]
        all_lines = list(printed)
        words = difference(printed, [line.rstrip() for line in command["expected"]])
        if words:
            failed = True
            print(f"$ {command['text']}\n  {words}\nall of it:")
            print("\n".join(all_lines))
    sys.exit(1 if failed else 0)


if sys.argv[1] == "write":
    write(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    compare(sys.argv[2])
