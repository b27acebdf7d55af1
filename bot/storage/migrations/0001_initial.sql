-- Times are UTC seconds. Discord ids are below 2^63. A migration is one transaction.
CREATE TABLE requests (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- what people see as #id; never used again
    interaction_id INTEGER NOT NULL UNIQUE,            -- the same interaction is one request
    backend        TEXT    NOT NULL,
    remote_id      TEXT,
    user_id        INTEGER NOT NULL,
    guild_id       INTEGER,
    channel_id     INTEGER NOT NULL,
    payer          TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    request        TEXT    NOT NULL,                   -- JSON of bot.requests
    phase          TEXT    NOT NULL,
    status         TEXT,                               -- JSON of bot.results.Status, the newest
    acked          INTEGER NOT NULL DEFAULT 0,         -- Discord took our first answer
    attempts       INTEGER NOT NULL DEFAULT 0,
    resends        INTEGER NOT NULL DEFAULT 0,
    created_at     REAL    NOT NULL,
    sent_at        REAL,
    due_at         REAL,
    expires_at     REAL,
    cancel_at      REAL,                               -- its person asked to stop it
    outcome_at     REAL,                               -- the outcome is known and its bytes are kept
    closed_at      REAL,                               -- ... and was shown
    parent         INTEGER,
    conversation   INTEGER,
    surface        TEXT    NOT NULL DEFAULT 'card',
    owner          TEXT    NOT NULL DEFAULT '',        -- which process drives it, until lease_until
    lease_until    REAL
) STRICT;
CREATE INDEX requests_open ON requests (backend, id)
    WHERE phase IN ('queued', 'sending', 'waiting', 'processing');
CREATE INDEX requests_user ON requests (user_id, id);
CREATE INDEX requests_closed ON requests (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX requests_held ON requests (user_id) WHERE phase = 'held';
CREATE INDEX requests_remote ON requests (remote_id) WHERE remote_id IS NOT NULL;

CREATE TABLE messages (
    request_id       INTEGER NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    seq              INTEGER NOT NULL,
    channel_id       INTEGER NOT NULL,
    message_id       INTEGER NOT NULL DEFAULT 0,       -- 0 until Discord told us
    token            TEXT    NOT NULL DEFAULT '',      -- the interaction's, worthless after 15 minutes
    token_expires_at REAL    NOT NULL DEFAULT 0,
    ephemeral        INTEGER NOT NULL DEFAULT 0,
    reach            TEXT    NOT NULL,
    upload_limit     INTEGER NOT NULL,
    PRIMARY KEY (request_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_message ON messages (message_id);

CREATE TABLE credentials (
    owner      TEXT    NOT NULL,                       -- user, guild, bot
    owner_id   INTEGER NOT NULL,
    backend    TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    username   TEXT    NOT NULL,
    pays       TEXT    NOT NULL,                       -- kinds, comma separated
    created_at REAL    NOT NULL,
    PRIMARY KEY (owner, owner_id, backend)
) STRICT, WITHOUT ROWID;

CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY,
    settings TEXT NOT NULL                             -- JSON of bot.records.GuildSettings
) STRICT;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
