"""Helpers around asyncio: a clock, locks by key, a rate limiter."""
