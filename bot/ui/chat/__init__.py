"""Conversations: their panels, their modals, and what members do with them."""
