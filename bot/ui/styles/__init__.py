"""The styles and collections of the Horde that a user owns."""
