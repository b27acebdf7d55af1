-- What a server's key pays: reserved when a request is written down, settled when it is over. A row
-- outlives its request, since what was spent today stays spent; it goes some days later.
CREATE TABLE spending (
    request_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,                       -- below 0: a keyed hash, the person was forgotten
    day        INTEGER NOT NULL,                       -- of UTC, counted from 1970
    kudos      REAL    NOT NULL,
    settled    INTEGER NOT NULL DEFAULT 0              -- 0: an estimate, it is still under way
) STRICT;
CREATE INDEX spending_day ON spending (guild_id, day, user_id);
