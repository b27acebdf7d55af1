"""What moderators and administrators of the Horde may do: filters, timeouts, modes, awards."""
