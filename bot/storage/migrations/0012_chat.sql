-- Characters, personas, lorebooks and conversations. Times in UTC seconds, ids of Discord as numbers.

CREATE TABLE characters (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id   INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL DEFAULT 0,              -- the server that may use it; 0: its owner alone
    name       TEXT    NOT NULL,
    data       TEXT    NOT NULL,                        -- bot.domain.chat.characters.Character as JSON
    avatar     TEXT    NOT NULL DEFAULT '',             -- name of a file; '': none
    adult      INTEGER NOT NULL DEFAULT 0,
    created_at REAL    NOT NULL
) STRICT;
CREATE INDEX characters_of_owner ON characters (owner_id);
CREATE INDEX characters_of_guild ON characters (guild_id) WHERE guild_id <> 0;

CREATE TABLE personas (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    active      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX personas_of_user ON personas (user_id);
CREATE UNIQUE INDEX active_persona ON personas (user_id) WHERE active = 1;

CREATE TABLE lorebooks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id   INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL DEFAULT 0,
    name       TEXT    NOT NULL,
    data       TEXT    NOT NULL,                        -- bot.domain.chat.lorebooks.Lorebook as JSON
    created_at REAL    NOT NULL
) STRICT;
CREATE INDEX lorebooks_of_owner ON lorebooks (owner_id);

CREATE TABLE conversations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id   INTEGER NOT NULL DEFAULT 0,              -- 0: direct messages
    channel_id INTEGER NOT NULL,
    owner_id   INTEGER NOT NULL,
    cast_ids   TEXT    NOT NULL,                        -- JSON: ids of characters
    leaf       INTEGER NOT NULL DEFAULT 0,              -- id of the newest shown message
    settings   TEXT    NOT NULL,                        -- bot.domain.chat.conversations.ChatSettings
    summary    TEXT    NOT NULL DEFAULT '',
    summarized INTEGER NOT NULL DEFAULT 0,              -- id of the newest message in the summary
    created_at REAL    NOT NULL,
    closed_at  REAL
) STRICT;
CREATE UNIQUE INDEX open_conversation ON conversations (channel_id) WHERE closed_at IS NULL;
CREATE INDEX conversations_of_owner ON conversations (owner_id);
CREATE INDEX conversations_of_guild ON conversations (guild_id) WHERE guild_id <> 0;

CREATE TABLE chat_messages (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent          INTEGER NOT NULL DEFAULT 0,
    side            TEXT    NOT NULL,
    author          INTEGER NOT NULL,                   -- id of the member or of the character
    name            TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    thoughts        TEXT    NOT NULL DEFAULT '',
    state           TEXT    NOT NULL,
    record_id       INTEGER NOT NULL DEFAULT 0,         -- the request that writes it
    discord_id      INTEGER NOT NULL DEFAULT 0,         -- the message that shows it
    created_at      REAL    NOT NULL
) STRICT;
CREATE INDEX messages_of_conversation ON chat_messages (conversation_id, parent);
CREATE INDEX chat_messages_on_discord ON chat_messages (discord_id) WHERE discord_id <> 0;
CREATE INDEX chat_messages_of_record ON chat_messages (record_id) WHERE record_id <> 0;
CREATE UNIQUE INDEX running_turn ON chat_messages (conversation_id) WHERE state = 'pending';
CREATE INDEX chat_messages_of_member ON chat_messages (author) WHERE side = 'member';

-- The newest line of a member that no turn answers yet.
CREATE TABLE waiting_lines (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    message_id      INTEGER NOT NULL,                   -- of chat_messages
    origin          TEXT    NOT NULL                    -- bot.domain.records.Origin as JSON, without a token
) STRICT;

CREATE TABLE channel_webhooks (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    webhook_id INTEGER NOT NULL,
    token      BLOB    NOT NULL                         -- sealed as API keys are
) STRICT;
