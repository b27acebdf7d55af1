"""Hordecord: a Discord bot for the AI Horde."""
