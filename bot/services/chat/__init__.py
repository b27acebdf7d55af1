"""Conversations with characters: use cases of their cards, buttons and messages."""
