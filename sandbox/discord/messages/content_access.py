"""What a bot gets of a message when its application lacks the message content intent.

Content stays in direct messages, in the bot's own messages and in those that mention the bot. A
reply with a ping mentions its author, but the response to an interaction cannot be pinged
(discord-api-docs #5395). Messages of webhooks carry none, not even those of the bot's own (#5411).
"""

from typing import Any

from sandbox.discord.messages.message_store import Message

Json = dict[str, Any]

CONTENT: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def visible_body(body: Json, bot_id: str) -> Json:
    """The body of a message of a guild, without the content that the bot does not get."""
    replied = body.get("referenced_message")
    if replied:
        body = body | {"referenced_message": visible_body(replied, bot_id)}
    return body if _has_content(body, bot_id) else body | CONTENT


def _has_content(body: Json, bot_id: str) -> bool:
    mentioned = any(user["id"] == bot_id for user in body["mentions"])
    return mentioned or body["author"]["id"] == bot_id


def can_be_pinged(message: Message) -> bool:
    """Whether a reply to this message can mention its author."""
    origin = message.body.get("interaction_metadata")
    if origin is not None:  # the response itself has no such id, a follow-up has
        return "original_response_message_id" in origin
    return "webhook_id" not in message.body
