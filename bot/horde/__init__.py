"""A client of the AI Horde's HTTP API, version 2 (servers 5.1.5 to 5.1.14, 2026)."""
