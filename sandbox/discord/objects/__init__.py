"""Users, guilds, channels and roles, and their JSON."""
