/// The tables. Rules that must always hold are written here, not in the code that uses them.
///
/// Times are milliseconds since 1970. Rows that grow with every message hold no text that another table has.
enum Schema {
    static let version = 5

    static let tables = main + linking

    private static let main = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

        -- Channel and account: where keys are unique.
        CREATE TABLE scope(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

        CREATE TABLE message(
            id INTEGER PRIMARY KEY,
            envelope_id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('accepted', 'rejected')),
            type TEXT NOT NULL,
            channel TEXT NOT NULL,
            scope INTEGER NOT NULL REFERENCES scope,
            source TEXT NOT NULL,
            thread TEXT NOT NULL,
            revision INTEGER NOT NULL,
            urgency INTEGER NOT NULL CHECK (urgency BETWEEN 0 AND 3),
            has_own_id INTEGER NOT NULL,  -- the platform's: a composite key can't make it a duplicate of another such one
            language TEXT,
            time INTEGER NOT NULL,
            ingested_at INTEGER NOT NULL,
            reason TEXT,
            title TEXT,
            duplicates INTEGER NOT NULL DEFAULT 0,
            planned INTEGER NOT NULL,  -- for how many targets
            -- Its own bytes, and its envelope as JSON: here, or in a pack. An original that was purged has no size.
            pack INTEGER REFERENCES pack,
            original_start INTEGER,
            original_size INTEGER,
            envelope_start INTEGER,
            envelope_size INTEGER,
            envelope BLOB,
            original BLOB,
            CHECK (envelope IS NOT NULL OR pack IS NOT NULL AND envelope_start IS NOT NULL AND envelope_size IS NOT NULL)
        ) STRICT;
        CREATE INDEX message_time ON message(ingested_at);

        -- What was seen. A claimed key may have several contents, each its own message.
        CREATE TABLE dedup(
            key BLOB NOT NULL,          -- the first 16 bytes of HMAC-SHA256 over strength:value
            scope INTEGER NOT NULL,
            fingerprint BLOB NOT NULL,  -- one byte: 1 for fp1, 0 for the bytes as they came; then a keyed digest
            message INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (key, scope, fingerprint)
        ) STRICT, WITHOUT ROWID;

        -- The last few times that a message came again.
        CREATE TABLE duplicate(
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
            at INTEGER NOT NULL,
            source TEXT NOT NULL,
            position TEXT
        ) STRICT;
        CREATE INDEX duplicate_message ON duplicate(message);

        -- Files that hold the bytes of large batches (PackFiles): how long each is, and how much of it is in use.
        CREATE TABLE pack(id INTEGER PRIMARY KEY, length INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;
        -- What no row names any more, until its blocks have been given back.
        CREATE TABLE pack_hole(
            pack INTEGER NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL,
            PRIMARY KEY (pack, start)
        ) STRICT, WITHOUT ROWID;

        -- Attachments, each content once by its SHA-256; the bytes are here, or in a pack.
        CREATE TABLE blob(
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            uses INTEGER NOT NULL CHECK (uses >= 0),
            pack INTEGER REFERENCES pack,
            start INTEGER,
            bytes BLOB,
            CHECK ((bytes IS NULL) = (pack IS NOT NULL AND start IS NOT NULL))
        ) STRICT;
        -- part is the attachment's index.
        CREATE TABLE message_blob(
            message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
            part INTEGER NOT NULL,
            blob INTEGER NOT NULL,
            PRIMARY KEY (message, part)
        ) STRICT, WITHOUT ROWID;

        -- Threads that go on under another name: the same mail to two accounts.
        CREATE TABLE thread_alias(name TEXT PRIMARY KEY, thread TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- A thread at a target. After too long a pause its next segment begins, which has a ticket of its own.
        -- head, urgency and due_at sum up its ready rows, so that a lease need not look at them.
        CREATE TABLE conversation(
            id INTEGER PRIMARY KEY,
            target TEXT NOT NULL,
            thread TEXT NOT NULL,
            segment INTEGER NOT NULL DEFAULT 0,
            last_at INTEGER NOT NULL,
            ticket TEXT,
            ticket_segment INTEGER NOT NULL DEFAULT 0,
            url TEXT,
            dead_opener TEXT,
            head INTEGER,
            urgency INTEGER,
            due_at INTEGER,
            people BLOB NOT NULL DEFAULT x'',  -- of a mail thread: 8 bytes of keyed digest for each
            UNIQUE (target, thread)
        ) STRICT;
        CREATE INDEX conversation_ticket ON conversation(ticket) WHERE ticket IS NOT NULL;
        CREATE INDEX conversation_queue ON conversation(target, urgency DESC, head, due_at) WHERE head IS NOT NULL;

        CREATE TABLE outbox(
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES message,
            target TEXT NOT NULL,
            conversation INTEGER NOT NULL REFERENCES conversation,
            segment INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('ready', 'held', 'sent', 'dead', 'dropped', 'not_due')),
            urgency INTEGER NOT NULL,
            -- Milliseconds since 1970: its place in the conversation, after the segment and before the id.
            sequence INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            leased_until INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            outcome_unknown INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            ticket TEXT,
            url TEXT,
            created_at INTEGER NOT NULL,
            settled_at INTEGER,
            UNIQUE (message, target),
            CHECK (state = 'ready' OR leased_until IS NULL)
        ) STRICT;
        CREATE INDEX outbox_order ON outbox(conversation, segment, sequence, id) WHERE state = 'ready';
        CREATE INDEX outbox_urgency ON outbox(conversation, urgency) WHERE state = 'ready';
        CREATE INDEX outbox_leased ON outbox(leased_until) WHERE leased_until IS NOT NULL;
        CREATE INDEX outbox_unsent ON outbox(state, target, id) WHERE state IN ('held', 'dead');

        CREATE TABLE outbox_count(
            target TEXT NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (target, state)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER outbox_added AFTER INSERT ON outbox BEGIN
            INSERT INTO outbox_count VALUES (new.target, new.state, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER outbox_moved AFTER UPDATE OF state ON outbox WHEN old.state <> new.state BEGIN
            UPDATE outbox_count SET count = count - 1 WHERE target = old.target AND state = old.state;
            INSERT INTO outbox_count VALUES (new.target, new.state, 1)
                ON CONFLICT DO UPDATE SET count = count + 1;
        END;

        -- Every try, for audit.
        CREATE TABLE attempt(
            id INTEGER PRIMARY KEY,
            outbox INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER,
            duration_ms INTEGER,
            reason TEXT,
            answer TEXT,
            chain BLOB  -- AttemptChain: a keyed digest over this try and the one before it
        ) STRICT;
        CREATE INDEX attempt_outbox ON attempt(outbox);

        -- Mails of one sender and kind in one window of time, for the loop breaker.
        CREATE TABLE sender_count(
            slot INTEGER NOT NULL, sender BLOB NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (slot, sender)
        ) STRICT, WITHOUT ROWID;

        -- What a sender, by a keyed digest, wrote in last.
        CREATE TABLE sender_language(sender BLOB PRIMARY KEY, tag TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE position(
            source TEXT NOT NULL, item TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (source, item)
        ) STRICT, WITHOUT ROWID;

        -- Inputs by day (since 1970) and fate.
        CREATE TABLE tally(
            day INTEGER NOT NULL,
            source TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('accepted', 'duplicate', 'rejected', 'ignored', 'refused')),
            kind TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (day, source, state, kind)
        ) STRICT, WITHOUT ROWID;
        \(facets);
        CREATE TABLE source(
            name TEXT PRIMARY KEY, inputs INTEGER NOT NULL, last_commit_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    /// Since version 5. All of it is forgotten after some days.
    static let linking = """
        -- Messages by what may link them: keyed digests of a sender, of a transaction, of a text (two of each text).
        CREATE TABLE IF NOT EXISTS link(
            key INTEGER NOT NULL, time INTEGER NOT NULL, message INTEGER NOT NULL,
            PRIMARY KEY (key, time, message)
        ) STRICT, WITHOUT ROWID;
        -- What is compared: TextSketch. cluster is the first message of those that say the same.
        CREATE TABLE IF NOT EXISTS sketch(
            message INTEGER PRIMARY KEY, sender INTEGER NOT NULL, cluster INTEGER, grams BLOB NOT NULL
        ) STRICT;
        -- Senders of a cluster; their number is in the row of sender 0.
        CREATE TABLE IF NOT EXISTS cluster(
            message INTEGER NOT NULL, sender INTEGER NOT NULL, senders INTEGER NOT NULL,
            PRIMARY KEY (message, sender)
        ) STRICT, WITHOUT ROWID;
        -- Messages on a topic by channel and hour since 1970.
        CREATE TABLE IF NOT EXISTS topic_rate(
            topic TEXT NOT NULL, channel TEXT NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (channel, topic, hour)
        ) STRICT, WITHOUT ROWID;
        """

    /// Messages by the hour (since 1970) in which they were stored, by what triage said of them, and by channel.
    static let facets = """
        CREATE TABLE IF NOT EXISTS facet(
            hour INTEGER NOT NULL,
            name TEXT NOT NULL CHECK (name IN ('topic', 'queue', 'redaction', 'flag')),
            value TEXT NOT NULL,
            channel TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (name, hour, value, channel)
        ) STRICT, WITHOUT ROWID
        """
}
