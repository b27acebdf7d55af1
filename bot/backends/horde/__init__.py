"""The backend for the AI Horde and every server with its API."""
