"""Algovera: images by job id. Its API is not maintained any more."""
