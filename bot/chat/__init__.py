"""Prompts of conversations: the tree of messages, lorebooks, templates, the token budget; pure."""
