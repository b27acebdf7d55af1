-- Transfers of kudos between accounts. A row is written before its call and never used twice.
CREATE TABLE gifts (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    origin       TEXT    NOT NULL UNIQUE,              -- what caused it; also the idempotency key
    giver_id     INTEGER NOT NULL,
    recipient_id INTEGER NOT NULL,                     -- 0: only the name of the account is known
    username     TEXT    NOT NULL,                     -- the recipient's account; '' while held
    account      TEXT    NOT NULL DEFAULT '',          -- the giver's account since the first call
    kudos        INTEGER NOT NULL,
    phase        TEXT    NOT NULL,                     -- bot.domain.kudos.gifts.GiftPhase
    language     TEXT    NOT NULL,                     -- of the giver
    created_at   REAL    NOT NULL,
    sent_at      REAL,                                 -- the first call
    due_at       REAL,                                 -- of the next step; NULL: none
    note         TEXT    NOT NULL DEFAULT ''           -- the reason of a failure
) STRICT;
CREATE INDEX gifts_due ON gifts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX gifts_giver ON gifts (giver_id, id);
CREATE INDEX gifts_recipient ON gifts (recipient_id, id);
