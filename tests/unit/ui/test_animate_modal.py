"""The form of Animate: what it asks for and shows, and the request of its draft."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.backends.values import Model
from bot.catalog.served_models import ModelIndex
from bot.domain.capabilities import HORDE, Capabilities, PriceUnit
from bot.domain.requests import Kind, Source, VideoRequest
from bot.errors import BadOption, NotAllowed
from bot.rules.guild_settings import GuildSettings
from bot.ui.actions import animate_modal
from bot.ui.actions.source_form import About
from tests.support.builders import GUILD_ID
from tests.support.catalogs import catalog_with_styles
from tests.support.fakes.form_press import PressThere
from tests.support.fakes.preferences import Kept

STUDIO = Capabilities(
    title="studio", kinds=frozenset({Kind.VIDEO}), unit=PriceUnit.MICRO_USD, keys="required"
)
ABOUT = About(Source(url="https://x/y.png", width=300, height=500), "Animate this image")


async def press_at(backend: str, *prices: int) -> Any:
    catalog = catalog_with_styles(backends=("horde", "studio"))
    models = [Model(f"LTX {price}", Kind.VIDEO, 1, 0, micro_usd=price) for price in prices]
    catalog._shelves["studio", Kind.VIDEO] = ModelIndex(models)
    kept = Kept(catalog, {"horde": HORDE, "studio": STUDIO})
    await kept.guilds.change(GUILD_ID, lambda _: GuildSettings(backend=backend))
    return PressThere(kept)


def parts_of(modal: Any) -> list[Any]:
    return modal.to_components()


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ((20_000,), "Duration in seconds: 1 to 10. A second costs $0.02."),
        ((20_000, 50_000), "Duration in seconds: 1 to 10. A second costs $0.02 to $0.05."),
        ((0,), "Duration in seconds: 1 to 10."),
    ],
)
async def test_the_form_shows_what_a_second_costs(prices: tuple[int, ...], said: str) -> None:
    press = await press_at("studio", *prices)
    await animate_modal.open_animate(press, ABOUT)
    prompt, seconds = parts_of(press.modals[0])
    assert (prompt["label"], seconds["label"]) == ("What happens", "Duration")
    assert seconds["description"] == said
    assert seconds["component"]["value"] == "4"


async def test_the_form_is_not_opened_where_no_videos_are_made() -> None:
    press = await press_at("horde")
    with pytest.raises(NotAllowed, match=r"AI Horde is used here and makes no videos.*studio"):
        await animate_modal.open_animate(press, ABOUT)
    assert press.modals == []


def draft(**changes: str) -> dict[str, str]:
    usual = {"prompt": "it runs", "seconds": "3", "private": "", "price": ""}
    return usual | {"source": ABOUT.source.model_dump_json()} | changes


def test_the_video_has_the_image_and_the_nearest_shape() -> None:
    made = animate_modal._video(draft())
    assert made == VideoRequest(
        prompt="it runs", source=ABOUT.source, seconds=3, width=512, height=896
    )
    assert animate_modal._video(draft(seconds=" ")).seconds == 4
    assert animate_modal._video(draft(private="yes")).private


@pytest.mark.parametrize("typed", ["soon", "-1", "0", "11"])
def test_a_duration_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(BadOption, match=r"[Dd]uration|seconds"):
        animate_modal._video(draft(seconds=typed))


async def test_a_mistake_opens_the_form_again_with_the_text() -> None:
    press = await press_at("studio")
    await animate_modal.open_animate(press, ABOUT)
    number = press.id % 10**15
    sent: list[Any] = []

    async def send(_press: object, card: Any) -> None:
        sent.append(card)

    press.client.cards, press.client.submit = SimpleNamespace(send_private=send), None
    typed = {"prompt": "it jumps", "seconds": "x"}
    await animate_modal.FORM.submit(press, typed, number, 0)
    assert sent[0].rows[0][0].id == f"hct:animate_again:{number}"
    await animate_modal.FORM.open_again(press, number)
    values = [part["component"]["value"] for part in parts_of(press.modals[1])]
    assert values == ["it jumps", "x"]
