"""Values that all other packages use: requests, results, records, people, budgets."""
