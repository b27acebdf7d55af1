"""Calls of workers: take jobs, return results, read messages of their owner."""
