"""Renders a request and its status into a Card: pure, without discord.py."""
