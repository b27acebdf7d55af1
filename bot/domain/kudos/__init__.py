"""Prices, budgets, gifts and parties."""
