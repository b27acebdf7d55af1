"""The endpoints of the Horde's API v2."""
