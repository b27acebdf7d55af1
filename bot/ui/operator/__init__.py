"""Cards and buttons of /operator, of bans and of /help."""
