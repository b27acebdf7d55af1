-- What a server's key pays: reserved when a request is written down, settled when it is over. A row
-- outlives its request, since what was spent today stays spent; it goes some days later.
CREATE TABLE spending (
    request_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    mark       TEXT    NOT NULL,                       -- of the person (bot/marks.py): it may outlive them
    day        INTEGER NOT NULL,                       -- of UTC, counted from 1970
    kudos      REAL    NOT NULL,
    settled    INTEGER NOT NULL DEFAULT 0              -- 0: an estimate, it is still under way
) STRICT;
CREATE INDEX spending_day ON spending (guild_id, day);
