"""Checks of submitted requests."""
