"""Calls of Discord's API as the sandbox names them."""

INTERACTION_CALLBACK = "POST /interactions/{id}/{token}/callback"
EDIT_ANSWER = "PATCH /webhooks/{app}/{token}/messages/{message}"
FOLLOW_UP = "POST /webhooks/{app}/{token}"
POST_MESSAGE = "POST /channels/{channel}/messages"
EDIT_MESSAGE = "PATCH /channels/{channel}/messages/{message}"
