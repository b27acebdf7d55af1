"""Every control of every panel and card is used once: none of them ends in an error of the bot."""

from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.json_types import Json

pytestmark = pytest.mark.wire

BUTTON, STRING, USER, ROLE, MENTIONABLE, CHANNEL = 2, 3, 5, 6, 7, 8
ERROR = "An error occurred in the bot"
PANEL_COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("server buttons", {}),
    ("server channels", {}),
    ("server roles", {}),
    ("server setup", {}),
    ("queue", {}),
    ("history", {}),
    ("horde models", {}),
    ("horde styles", {}),
    ("horde loras", {}),
    ("horde workers", {}),
    ("horde teams", {}),
    ("horde leaderboard", {}),
    ("horde sponsors", {}),
    ("worker list", {}),
    ("team list", {}),
    ("help", {}),
    ("chat settings", {}),
    ("chat memory", {}),
    ("operator guilds", {}),
    ("operator broadcast", {}),
    ("account forget", {}),
)
LEAVES = ("Leave", "Forget")  # they end the bot's stay or what the other panels show


def controls_of(message: Message) -> list[Json]:
    """The parts of a message that can be pressed or chosen."""
    kinds = {BUTTON, STRING, USER, ROLE, MENTIONABLE, CHANNEL}
    return [
        part
        for part in message.parts
        if part["type"] in kinds and part.get("custom_id") and not part.get("disabled")
    ]


async def values_of(control: Control, part: Json) -> list[list[str]]:
    """What to choose: each option of a menu once, and one object of the server for the others."""
    if part["type"] == STRING:
        least = part.get("min_values", 1)
        options = [option["value"] for option in part["options"]]
        return [options[: max(1, least)], *([value] for value in options[1:] if least <= 1)]
    world = await control.get("world")
    guild = next(guild for guild in world["guilds"] if guild["name"] == "The Workshop")
    if part["type"] == CHANNEL:
        return [[guild["channels"][0]["id"]]]
    if part["type"] == ROLE:
        return [[guild["roles"][-1]["id"]]]
    return [[world["users"][1]["id"]]]


class Panels:
    """Opens panels as an administrator who also operates the bot, and uses their controls."""

    def __init__(self, control: Control, person: Person) -> None:
        self._control = control
        self._person = person
        self.used: set[str] = set()

    async def open(self, command: str, options: dict[str, Any]) -> Message:
        answer = await self._person.command(command, **options)
        if answer.raw["modal"]:
            answer = await self._person.fill(answer.modal, "a text for this field")
        return await self._person.sees(
            answer.message_id, lambda m: m.text.strip() != "", f"/{command} answers"
        )

    async def use_all(self, command: str, options: dict[str, Any]) -> None:
        """Each control on a fresh panel, and once those of the panel that it leads to."""
        for index, part in enumerate(controls_of(await self.open(command, options))):
            label = part.get("label") or part.get("placeholder") or part["custom_id"]
            if str(label).startswith(LEAVES) and command != "account forget":
                continue
            for number in range(len(await self.choices(part))):
                await self._use(command, options, index, number)

    async def choices(self, part: Json) -> list[list[str]]:
        return [[]] if part["type"] == BUTTON else await values_of(self._control, part)

    async def _use(self, command: str, options: dict[str, Any], index: int, number: int) -> None:
        message = await self.open(command, options)
        controls = controls_of(message)
        if index >= len(controls):
            return  # removed by an earlier choice
        choices = await self.choices(controls[index])
        if number >= len(choices):
            return
        await self.act(message, controls[index], choices[number])
        if command == "server setup":
            await self._use_new(message.id)

    async def _use_new(self, message_id: str) -> None:
        """Use what the panel shows now and did not show before, until nothing is new."""
        while new := [
            part
            for part in controls_of(await self._control.message(message_id))
            if part["custom_id"] not in self.used
        ]:
            message = await self._control.message(message_id)
            await self.act(message, new[0], (await self.choices(new[0]))[0])

    async def act(self, message: Message, part: Json, values: list[str]) -> Answer:
        self.used.add(part["custom_id"])
        details: dict[str, Any] = {"message_id": message.id, "custom_id": part["custom_id"]}
        if values:
            details["values"] = values
        answer = await self._person.act("component", **details)
        if answer.raw["modal"]:
            answer = await self._person.fill(answer.modal, *["1"] * 5)
        return answer


async def test_no_control_of_a_panel_ends_in_an_error(
    own: BotProcess, own_control: Control
) -> None:
    ada = await own_control.person("ada")  # administrator of the server, owner of the application
    own.start_bot()
    result = await ada.result(await ada.command("imagine", prompt="a fox", count=2))
    await ada.command("chat start")
    panels = Panels(own_control, ada)
    for command, options in PANEL_COMMANDS:
        await panels.use_all(command, options)
    for part in controls_of(await own_control.message(result.id)):
        for values in await panels.choices(part):
            await panels.act(result, part, values)
    private = await own_control.messages(ada.channel_id, ada.id)
    assert [message.text for message in private if ERROR in message.text] == []
    assert "Traceback" not in own.log
    assert len(panels.used) > 40
