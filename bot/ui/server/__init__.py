"""Cards, panels, buttons and files of /server."""
