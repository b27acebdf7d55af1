"""The gateway: websocket connections, sessions and events."""
