"""The backend for AI Power Grid and its API v1."""
