"""Calls of people who make styles and collections."""
