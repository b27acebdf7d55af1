"""Carries a request from the queue to its result."""
