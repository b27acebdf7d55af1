"""The user interface on Discord: everything that touches discord.ui."""
