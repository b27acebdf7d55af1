"""The command tree, its translations, and its registration at Discord."""
