"""Forms that the backend of the place cannot use: refused before they are opened."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.catalog import mark
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import Kind, Source
from bot.errors import NotAllowed
from bot.rules.guild_settings import GuildSettings
from bot.ui.actions import remix_modal
from bot.ui.actions.source_form import About
from bot.ui.browse.buttons import use_entry
from tests.support.builders import GUILD_ID
from tests.support.catalogs import LANTERNS, catalog_with_styles
from tests.support.fakes.form_press import PressThere
from tests.support.fakes.preferences import Kept

OWN_GPU = Capabilities(
    title="own-gpu", kinds=frozenset({Kind.IMAGE}), image_fields=frozenset({"width", "height"})
)
SOURCE = Source(url="https://x/y.png")


async def use_lora(press: Any) -> None:
    await use_entry(press, "lora", mark(LANTERNS.id))


async def remix(press: Any) -> None:
    await remix_modal.open_remix(press, About(SOURCE, "Remix"))


FORMS: list[Callable[[Any], Awaitable[None]]] = [use_lora, remix]


async def kept_with(backend: str) -> Kept:
    kept = Kept(catalog_with_styles(backends=("horde", "gpu")), {"horde": HORDE, "gpu": OWN_GPU})
    await kept.guilds.change(GUILD_ID, lambda _: GuildSettings(backend=backend))
    return kept


@pytest.mark.parametrize("open_form", FORMS)
async def test_a_form_that_the_backend_cannot_use_is_not_opened(
    open_form: Callable[[Any], Awaitable[None]],
) -> None:
    kept = await kept_with("gpu")
    press = PressThere(kept)
    with pytest.raises(NotAllowed, match="own-gpu is used here") as refused:
        await open_form(press)
    assert "AI Horde can do this" in str(refused.value)
    assert press.modals == []


@pytest.mark.parametrize("open_form", FORMS)
async def test_a_form_that_a_horde_can_use_is_opened(
    open_form: Callable[[Any], Awaitable[None]],
) -> None:
    press = PressThere(await kept_with("horde"))
    await open_form(press)
    assert len(press.modals) == 1
