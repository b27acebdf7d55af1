"""A client of the AI Horde's HTTP API, version 2 (server 5.1.5, 2026-08)."""
