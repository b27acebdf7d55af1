-- Who may not use the bot, and servers that it has left.
CREATE TABLE blocks (
    guild_id   INTEGER NOT NULL,                       -- 0: everywhere
    mark       TEXT    NOT NULL,                       -- keyed hash of the person's id (bot.marks)
    user_id    INTEGER,                                -- NULL once they had everything forgotten
    blocked_by INTEGER NOT NULL,                       -- 0 once that person had
    blocked_at REAL    NOT NULL,
    reason     TEXT    NOT NULL,
    PRIMARY KEY (guild_id, mark)
) STRICT, WITHOUT ROWID;

CREATE TABLE departures (
    guild_id INTEGER PRIMARY KEY,
    left_at  REAL NOT NULL                             -- its settings go 30 days later
) STRICT;

-- Which server a channel belongs to, so that its defaults can go with the server's.
ALTER TABLE defaults ADD COLUMN guild_id INTEGER NOT NULL DEFAULT 0;
