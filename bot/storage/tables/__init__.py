"""One repository for each group of tables: every SQL statement of the bot."""
