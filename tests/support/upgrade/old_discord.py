"""`python -m tests.support.upgrade.old_discord`: the sandbox with an earlier bot's messages in it.

Its people, its server and its channels have the ids that the recorded data names.
"""

from typing import Any
from unittest import mock

from sandbox import Sandbox, __main__
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects import snowflake
from tests.support.upgrade.old_data import old_messages

FIRST = 1_767_225_600_000 - snowflake.DISCORD_EPOCH  # ms; when the first ids were given
KEPT_APART = ("guild_id", "ephemeral_for", "edits", "created_at", "edited_at")  # not in the body


class OldSandbox(Sandbox):
    """The sandbox as it was when the old bot was killed; its Horde has forgotten everything."""

    def __init__(self, **options: Any) -> None:
        with mock.patch.object(snowflake, "_now", return_value=FIRST):
            super().__init__(**options)
            for name in ("dan", "eve"):
                self.discord.state.entities.add_user(name)
        for raw in old_messages():
            apart = {name: raw.pop(name) for name in KEPT_APART}
            self.discord.state.messages.add(Message(raw, [], **apart))


if __name__ == "__main__":
    with mock.patch.object(__main__, "Sandbox", OldSandbox):
        __main__.main()
