"""What may be offered in a place."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.alchemy_forms import BEST_UPSCALER, UPSCALERS
from bot.domain.requests import ImageRequest
from bot.errors import NotAllowed, UserError
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.components.place import Place, here, painter, upscaler
from tests.support.catalogs import catalog_with_styles
from tests.support.fakes.submission import FakeGuilds


def interaction(rules: GuildSettings, *, late: bool) -> Any:
    service = SimpleNamespace(guilds=FakeGuilds({5: rules}))
    channel = SimpleNamespace(is_nsfw=lambda: late)
    return SimpleNamespace(client=SimpleNamespace(service=service), channel=channel, guild_id=5)


async def test_nsfw_is_offered_where_the_place_and_the_server_want_it() -> None:
    off = GuildSettings(nsfw="off")
    assert await here(interaction(NO_RULES, late=True)) == Place(NO_RULES, nsfw=True)
    assert await here(interaction(NO_RULES, late=False)) == Place(NO_RULES)
    assert await here(interaction(off, late=True)) == Place(off)


@pytest.mark.parametrize(("dm", "wanted"), [(True, True), (True, False), (False, True)])
async def test_in_direct_messages_its_person_decides(dm: bool, wanted: bool) -> None:
    """With the bot alone: others are in a group."""

    async def nsfw_in_dms(user_id: int) -> bool:
        return wanted and user_id == 7

    press = interaction(NO_RULES, late=False)
    press.guild_id, press.user = None, SimpleNamespace(id=7)
    press.context = SimpleNamespace(dm_channel=dm)
    press.client.service.nsfw_in_dms = nsfw_in_dms
    assert (await here(press)).nsfw == (dm and wanted)


def test_a_picture_is_varied_by_who_is_allowed() -> None:
    catalog, fox = catalog_with_styles(), ImageRequest(prompt="a fox")
    two = fox.model_copy(update={"models": ("Deliberate", "SDXL 1.0")})
    assert painter(catalog, fox, "Deliberate", NO_RULES) == "Deliberate"
    assert painter(catalog, two, "", NO_RULES) == ""  # nobody knows: all of them again
    rules = GuildSettings(models_blocked=("deliberate",))
    assert painter(catalog, fox, "SDXL 1.0", rules) == "SDXL 1.0"
    assert painter(catalog, two, "Deliberate", rules) == "SDXL 1.0"
    assert painter(catalog, fox, "Deliberate", rules) == "SDXL 1.0"
    every = GuildSettings(models_blocked=("Deliberate", "SDXL 1.0", "Flux.1-Schnell"))
    assert painter(catalog, two, "Deliberate", every) == "Deliberate"  # refused by its name
    with pytest.raises(UserError, match="none of the models"):
        painter(catalog, fox, "Deliberate", every)


def test_an_upscaler_that_is_blocked_is_not_chosen() -> None:
    assert upscaler(NO_RULES) == BEST_UPSCALER
    blocked = GuildSettings(models_blocked=(BEST_UPSCALER.upper(),))
    assert upscaler(blocked) in {form.name for form in UPSCALERS} - {BEST_UPSCALER}
    every = GuildSettings(models_blocked=tuple(form.label for form in UPSCALERS))
    with pytest.raises(NotAllowed, match="none of the upscalers"):
        upscaler(every)
