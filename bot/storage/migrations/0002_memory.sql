-- What people keep: settings under a name, defaults of people and places, results they saved.
CREATE TABLE presets (
    owner      TEXT    NOT NULL,                       -- user, guild
    owner_id   INTEGER NOT NULL,
    key        TEXT    NOT NULL,                       -- the name without its case, unique by owner
    name       TEXT    NOT NULL,
    choices    TEXT    NOT NULL,                       -- JSON of bot.kept
    made_by    INTEGER NOT NULL,                       -- whoever saved or shared it
    created_at REAL    NOT NULL,
    used_at    REAL    NOT NULL,
    PRIMARY KEY (owner, owner_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE defaults (
    scope    TEXT    NOT NULL,                         -- user, channel, guild
    scope_id INTEGER NOT NULL,
    choices  TEXT    NOT NULL,                         -- JSON of bot.kept
    PRIMARY KEY (scope, scope_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    user_id  INTEGER PRIMARY KEY,
    settings TEXT    NOT NULL                          -- JSON of bot.records.PersonSettings
) STRICT;

DROP TABLE guilds;                                     -- never written: a server's are defaults now

-- Requests that their person keeps beyond [store] keep_days.
CREATE TABLE favourites (
    request_id INTEGER PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL,
    saved_at   REAL    NOT NULL
) STRICT;
CREATE INDEX favourites_user ON favourites (user_id, request_id);

-- What /history lists and searches: small rows, one person's beside each other, so that looking
-- through 100,000 of them takes milliseconds. A deleted result leaves this list at once.
CREATE TABLE history (
    user_id    INTEGER NOT NULL,
    request_id INTEGER NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    words      TEXT    NOT NULL,                       -- what can be searched for, case folded
    PRIMARY KEY (user_id, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_request ON history (request_id);
INSERT INTO history
    SELECT user_id, id, kind, lower(coalesce(json_extract(request, '$.prompt'), ''))
    FROM requests;
