"""Buttons, menus and modals that act on a result or on a message."""
