"""Fills a state with delivered messages, as if each had come and gone: for measuring only.

Usage: large_state.py DATABASE COUNT. The database must hold one delivered message, which is the pattern of all others.
The audit's chain is not made for them.
"""

import sqlite3
import sys

STEP = 100_000


def columns(base, table):
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})")]


def copy(base, table, changes):
    """Copies the pattern's row of a table once for each number, with some columns changed."""
    names = columns(base, table)
    values = ", ".join(changes.get(name, f"p.{name}") for name in names)
    numbers = "(WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) SELECT i FROM n) n"
    sql = f"INSERT INTO {table}({', '.join(names)}) SELECT {values} FROM {numbers}, pattern_{table} p"
    base.execute(sql, base.range)


def fill(path, count):
    base = Database(path)
    script = "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-400000; PRAGMA wal_autocheckpoint=100000"
    base.executescript(script)
    first = base.execute("SELECT max(id) FROM message").fetchone()[0]
    pattern = "SELECT message, conversation, id FROM outbox WHERE state = 'sent' ORDER BY id LIMIT 1"
    message, conversation, outbox = base.execute(pattern).fetchone()
    rows = {
        "message": f"id = {message}", "conversation": f"id = {conversation}", "outbox": f"id = {outbox}",
        "attempt": f"outbox = {outbox}", "dedup": f"message = {message}",
    }
    for table, row in rows.items():
        base.execute(f"CREATE TEMP TABLE pattern_{table} AS SELECT * FROM {table} WHERE {row}")
    shift = f"n.i + {max(first, 1_000_000)}"
    for start in range(0, count, STEP):
        base.range = (start, min(start + STEP, count) - 1)
        base.execute("BEGIN")
        new = {"id": shift, "message": shift, "conversation": shift, "outbox": shift, "thread": "'t' || n.i", "pack": "NULL"}
        copy(base, "message", {**new, "envelope_id": "'x' || printf('%020d', n.i)"})
        copy(base, "conversation", {**new, "ticket": "'' || n.i"})
        copy(base, "outbox", new)
        copy(base, "attempt", new)
        # Keys and fingerprints are digests, and so lie anywhere in the index.
        copy(base, "dedup", {"message": shift, "key": "randomblob(16)", "fingerprint": "randomblob(17)"})
        base.execute("COMMIT")
    base.execute("UPDATE source SET inputs = inputs + ?", (count,))
    base.execute("UPDATE tally SET count = count + ? WHERE state = 'accepted'", (count,))
    base.executescript("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()


class Database(sqlite3.Connection):
    range = (0, 0)

    def __init__(self, path):
        super().__init__(path, isolation_level=None)


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))
