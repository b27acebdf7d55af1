"""Views and buttons of /queue and /history."""
