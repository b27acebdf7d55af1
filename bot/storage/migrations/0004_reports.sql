-- What moderators reported to those who run the bot; forgotten with the request.
CREATE TABLE reports (
    request_id  INTEGER PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
    reported_at REAL    NOT NULL,
    reporter_id INTEGER NOT NULL,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    message_id  INTEGER NOT NULL                       -- the one that was in front of them
) STRICT;
CREATE INDEX reports_newest ON reports (reported_at);
