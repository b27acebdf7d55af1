"""The bot on Discord: connection, commands, first answers, error messages."""
