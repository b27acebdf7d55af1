"""The key of the database: sealed secrets, pseudonyms, the change of the key."""
