"""Deletion and export of what the bot stores about members and servers."""
