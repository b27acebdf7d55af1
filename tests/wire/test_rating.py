"""/rate at servers that share no image, as every known one."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

REFUSAL = "This Horde does not offer ratings of images."


async def test_horde_without_ratings_is_asked_once(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    await _is_asked_once(own_control)


async def test_newer_horde_without_ratings_is_asked_once(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    await _is_asked_once(newer_control)


async def _is_asked_once(control: Control) -> None:
    """The refusal replaces the question, and the next /rate says the same at once."""
    ada = await control.person("ada")
    await ada.result(await ada.command("imagine", prompt="a lighthouse", shape="square"))

    async def asked() -> Message | None:  # the result is stored right after it is shown
        card = await control.message((await ada.command("rate")).message_id)
        return card if card.pictures else None

    card = await eventually(asked, "the question")
    assert card.is_private
    await ada.press(card, "7")
    card = await ada.sees(card.id, lambda m: "artifacts" in m.text, "the second question")
    assert len(card.pictures) == 1
    await ada.press(card, "0")
    said = await ada.sees(card.id, lambda m: REFUSAL in m.text, "the refusal")
    assert (said.buttons, said.pictures) == ({}, [])
    again = await control.message((await ada.command("rate")).message_id)
    assert again.text.strip().endswith(REFUSAL)
    assert (again.buttons, again.pictures) == ({}, [])


async def test_without_an_image_there_is_nothing_to_rate(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    ben = await newer_control.person("ben")
    said = await newer_control.message((await ben.command("rate")).message_id)
    assert "no image to rate" in said.text
