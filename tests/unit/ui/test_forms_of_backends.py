"""Forms that the backend of the place cannot use: refused before they are opened."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bot.catalog import mark
from bot.client.form_drafts import FormDrafts
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import Kind, Source
from bot.errors import NotAllowed
from bot.rules.guild_settings import GuildSettings
from bot.rules.request_context import RequestContext
from bot.ui.actions import remix_modal
from bot.ui.browse.buttons import use_entry
from tests.support.builders import GUILD_ID, HERE
from tests.support.catalogs import LANTERNS, catalog_with_styles
from tests.support.fakes.preferences import Kept

OWN_GPU = Capabilities(
    title="own-gpu", kinds=frozenset({Kind.IMAGE}), image_fields=frozenset({"width", "height"})
)
SOURCE = Source(url="https://x/y.png")


async def use_lora(press: Any) -> None:
    await use_entry(press, "lora", mark(LANTERNS.id))


async def remix(press: Any) -> None:
    await remix_modal.open_remix(press, SOURCE, title="Remix")


FORMS: list[Callable[[Any], Awaitable[None]]] = [use_lora, remix]


class PressThere:
    """A press on a server that uses that backend; counts the answers."""

    id = 10**18

    def __init__(self, kept: Kept) -> None:
        self.shown, self._guilds = 0, kept.guilds
        self.user = SimpleNamespace(id=HERE.user_id)
        self.response = SimpleNamespace(send_modal=self._show, send_message=self._show)
        services = SimpleNamespace(
            catalog=kept.catalog, composer=kept.composer, defaults=kept.defaults
        )
        self.client = SimpleNamespace(context=self._context, services=services, drafts=FormDrafts())

    async def _context(self, _press: object) -> RequestContext:
        return await self._guilds.context(HERE)

    async def _show(self, *_: object, **__: object) -> None:
        self.shown += 1


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
    assert press.shown == 0


@pytest.mark.parametrize("open_form", FORMS)
async def test_a_form_that_a_horde_can_use_is_opened(
    open_form: Callable[[Any], Awaitable[None]],
) -> None:
    press = PressThere(await kept_with("horde"))
    await open_form(press)
    assert press.shown == 1
