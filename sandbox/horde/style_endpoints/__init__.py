"""The endpoints of styles, their examples and collections."""
