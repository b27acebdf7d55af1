"""Addresses on Discord of the messages that show a request."""

from bot.domain.records import MessageAccess, Record


def jump_url(record: Record) -> str:
    """The address of its message; "" for none."""
    ref = record.messages[-1] if record.messages else None
    if ref is None or not ref.message_id or ref.ephemeral:
        return ""
    server = record.guild_id if ref.reach is not MessageAccess.DM and record.guild_id else "@me"
    return f"https://discord.com/channels/{server}/{ref.channel_id}/{ref.message_id}"


def parent_link(record: Record, parent: Record) -> str:
    """Address of the card of the parent; "" if the readers of this one cannot open it."""
    if parent.private or not record.messages or not parent.messages:
        return ""
    same_place = parent.messages[-1].channel_id == record.messages[-1].channel_id
    return jump_url(parent) if same_place else ""
