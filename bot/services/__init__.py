"""Use cases of members, moderators and operators."""
