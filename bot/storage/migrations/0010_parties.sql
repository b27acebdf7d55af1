-- Threads in which images are rewarded for a while. The rewards are rows of gifts.
CREATE TABLE parties (
    thread_id  INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    owner_id   INTEGER NOT NULL,                       -- pays the rewards
    name       TEXT    NOT NULL,
    style      TEXT    NOT NULL,                       -- the name of the style; '': any image
    award      INTEGER NOT NULL,                       -- kudos of one image
    budget     INTEGER NOT NULL,                       -- kudos of all rewards
    each_max   INTEGER NOT NULL,                       -- kudos of all rewards of one member
    language   TEXT    NOT NULL,                       -- of the server
    created_at REAL    NOT NULL,
    ends_at    REAL    NOT NULL,
    ended_at   REAL                                    -- its end was shown
) STRICT;
CREATE INDEX requests_channel ON requests (channel_id, id);
