"""Calls of moderators and admins, and changes of an account by its owner."""
