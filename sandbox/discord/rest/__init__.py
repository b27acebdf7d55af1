"""Endpoints of REST v10."""
