"""The Horde's workers, teams and accounts: lists for all, changes for their owners."""
