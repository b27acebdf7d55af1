"""API keys: stored, sealed, chosen to pay; prices and budgets."""
