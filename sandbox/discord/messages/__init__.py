"""Messages: how they are built, stored and changed."""
