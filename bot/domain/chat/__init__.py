"""Conversations with characters: what is stored of them."""
