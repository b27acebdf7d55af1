"""What AI Horde 5.1.14 has and 5.1.5 has not: routes, parameters and their rules."""
