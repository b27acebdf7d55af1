"""Moves requests to the fallback of a backend that cannot take them."""
