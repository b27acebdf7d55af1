"""Sends cards to Discord and edits them."""
