"""Polls open requests, downloads their results and settles them."""
