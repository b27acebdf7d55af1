-- What a server decides for itself.
CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY,
    settings TEXT NOT NULL                             -- JSON of bot.rules.GuildSettings
) STRICT;
