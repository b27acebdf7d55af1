"""Emulates Discord's client: checks a member's input and sends the interaction."""
