#!/usr/bin/env python3
"""Writes seed-words.bin from the word lists of BIP-39.

    pip install mnemonic==0.21
    python3 make-seed-words.py FOLDER/mnemonic/wordlist seed-words.bin

Layout (little endian): "GHSW", UInt32 version, UInt32 number of slots, UInt32 number of filter words of 64 bits; the letters'
folding for U+00C0 to U+024F (UInt16 each: the plain letter); the filter; the slots (UInt32 each: the upper 17 bits of the
word's hash, 4 bits language + 1, 11 bits the word's number; 0 is empty), each word at the place its hash names or behind it.
A word's hash is FNV-1a over its folded scalars: lower case, no accents, Turkish dotless i as i; then mixed once as
MurmurHash3 ends.
"""
import struct
import sys
import unicodedata

LANGUAGES = ["english", "japanese", "korean", "spanish", "chinese_simplified", "chinese_traditional", "french", "italian",
             "czech", "portuguese", "turkish", "russian"]
SLOTS, FILTER = 1 << 16, 1 << 12


def fold(word):
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not 0x300 <= ord(c) <= 0x36F)
    return unicodedata.normalize("NFC", plain).lower().replace("\u0131", "i")


def word_hash(word):
    value = 0xCBF29CE484222325
    for letter in word:
        value = ((value ^ ord(letter)) * 0x100000001B3) & (1 << 64) - 1
    value = ((value ^ value >> 33) * 0xFF51AFD7ED558CCD) & (1 << 64) - 1
    return value ^ value >> 33


def look_up(slots, word):
    value, found = word_hash(word), {}
    place = value >> 18 & SLOTS - 1
    while slots[place]:
        if slots[place] >> 15 == value >> 47:
            found.setdefault((slots[place] >> 11 & 15) - 1, []).append(slots[place] & 0x7FF)
        place = place + 1 & SLOTS - 1
    return found


def main(folder, output):
    slots, bits, lists = [0] * SLOTS, [0] * FILTER, []
    for number, language in enumerate(LANGUAGES):
        with open(f"{folder}/{language}.txt", encoding="utf-8") as lines:
            words = [fold(line.strip()) for line in lines if line.strip()]
        assert len(words) == 2048 and len(set(words)) == 2048, language
        lists.append(words)
        for index, word in enumerate(words):
            value = word_hash(word)
            bits[value >> 6 & FILTER - 1] |= 1 << (value & 63)
            place = value >> 18 & SLOTS - 1
            while slots[place]:
                place = place + 1 & SLOTS - 1
            slots[place] = (value >> 47 & 0x1FFFF) << 15 | number + 1 << 11 | index
    for number, words in enumerate(lists):
        for index, word in enumerate(words):
            assert look_up(slots, word)[number] == [index], word
    letters = []
    for scalar in range(0xC0, 0x250):
        plain = fold(chr(scalar))
        letters.append(ord(plain) if len(plain) == 1 else scalar)
    with open(output, "wb") as file:
        file.write(struct.pack("<4sIII", b"GHSW", 1, SLOTS, FILTER))
        file.write(struct.pack(f"<{len(letters)}H", *letters))
        file.write(struct.pack(f"<{FILTER}Q", *bits))
        file.write(struct.pack(f"<{SLOTS}I", *slots))


main(*sys.argv[1:])
