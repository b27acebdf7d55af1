"""What a server's rules make of what people choose and keep, with a catalog that knows styles."""

import math
from typing import Any, cast

import pytest

from bot.catalog import Catalog, Style
from bot.catalog.search_index import SearchIndex
from bot.domain.kudos.parties import Party
from bot.domain.people import Scope
from bot.domain.records import MessageRef, Origin
from bot.domain.requests import ImageChoices, ImageRequest, Lora, Source, merged
from bot.errors import BadOption, NotAllowed, UserError
from bot.rules.guild_settings import GuildSettings
from tests.support.builders import FOX_CHOICES, GUILD_ID, HERE
from tests.support.catalogs import STYLE_ID, catalog_with_styles
from tests.support.fakes.preferences import Kept
from tests.support.layers import layer_of

STAMP = Style(
    "stamp", "file", choices=ImageChoices(models=("Deliberate",), loras=(Lora(name="501"),))
)


def with_stamp() -> Catalog:
    """A catalog with a style of the public file beside the Horde's."""
    catalog = catalog_with_styles()
    listed = [*catalog.styles(), STAMP]
    catalog._public.styles = SearchIndex(listed, name=lambda one: one.name, key=lambda one: one.key)
    return catalog


async def kept_with_rules(**rules: Any) -> Kept:
    kept = Kept(with_stamp())
    await kept.guilds.change(GUILD_ID, lambda _: GuildSettings(**rules))
    return kept


@pytest.mark.parametrize(
    ("rules", "because"),
    [
        ({"models_blocked": ("deliberate",)}, "The style stamp uses the model Deliberate"),
        ({"loras_blocked": ("lanterns",)}, "The style stamp uses the LoRA 501"),
        ({"styles_blocked": ("STAMP",)}, "does not allow the style"),
    ],
)
async def test_a_style_that_brings_what_is_blocked_is_refused(
    rules: dict[str, Any], because: str
) -> None:
    kept = await kept_with_rules(**rules)
    with pytest.raises(NotAllowed, match=because):
        await kept.compose(HERE, merged(ImageChoices(style="stamp"), FOX_CHOICES))
    await kept.presets.save(7, "stamps", ImageChoices(style="stamp"))
    with pytest.raises(NotAllowed, match=because):
        await kept.compose(HERE, merged(ImageChoices(preset="stamps"), FOX_CHOICES))
    elsewhere = Origin(2, 7, None, MessageRef(channel_id=11))
    assert (
        await kept.compose(elsewhere, merged(ImageChoices(style="stamp"), FOX_CHOICES))
    ).models == ("Deliberate",)


@pytest.mark.parametrize(
    ("own", "chosen", "sides"),
    [
        ((768, 512), {"models": ("Deliberate",)}, (768, 512)),
        ((768, 512), {"models": ("Deliberate",), "shape": "square"}, (512, 512)),
        ((2048, 2048), {"models": ("Deliberate",)}, (1024, 1024)),  # larger needs kudos
        ((300, 200), {"models": ("Deliberate",)}, (576, 384)),
    ],
)
async def test_a_source_keeps_its_size_where_that_needs_no_kudos(
    own: tuple[int, int], chosen: dict[str, Any], sides: tuple[int, int]
) -> None:
    kept = Kept(with_stamp())
    source = Source(url="https://x/y.png", width=own[0], height=own[1])
    asked = merged(layer_of(chosen), ImageChoices(source=source), FOX_CHOICES)
    request = await kept.compose(HERE, asked)
    assert (request.width, request.height) == sides


async def test_another_model_makes_the_style_fit() -> None:
    kept = await kept_with_rules(models_blocked=("Deliberate",))
    found = await kept.compose(
        HERE, merged(ImageChoices(style="stamp", models=("SDXL 1.0",)), FOX_CHOICES)
    )
    assert found.models == ("SDXL 1.0",)
    assert found.loras == (Lora(name="501"),)


async def test_a_default_that_brings_what_is_blocked_is_passed_over() -> None:
    kept = await kept_with_rules(models_blocked=("Deliberate",))
    for scope, number in ((Scope.USER, 7), (Scope.GUILD, GUILD_ID)):
        await kept.defaults.save(scope, number, ImageChoices(style="stamp", steps=12))
    found = await kept.compose(HERE, FOX_CHOICES)
    assert (found.models, found.loras, found.steps) == (("SDXL 1.0",), (), 12)
    theirs = await kept_with_rules(loras_blocked=("501",))
    await theirs.defaults.save(Scope.USER, 7, ImageChoices(style=STYLE_ID))
    assert (await theirs.compose(HERE, FOX_CHOICES)).style == ""


@pytest.mark.parametrize("name", ["501", "lanterns", "Of Nobody"])
async def test_a_lora_that_stands_is_passed_over_by_all_its_names(name: str) -> None:
    kept = await kept_with_rules(loras_blocked=("LANTERNS",))
    standing = ImageChoices(loras=(Lora(name=name),), steps=12)
    await kept.defaults.save(Scope.USER, 7, standing)
    found = await kept.compose(HERE, FOX_CHOICES)
    assert (found.loras, found.steps) == ((), 12)
    kept.catalog.check_inside(found, await kept.guilds.rules(GUILD_ID))
    with pytest.raises(BadOption, match="blocks these choices: `loras`"):
        await kept.check_defaults(GUILD_ID, standing)
    await kept.defaults.save(Scope.USER, 7, ImageChoices(loras=(Lora(name="7"),)))
    assert (await kept.compose(HERE, FOX_CHOICES)).loras == (Lora(name="7"),)


async def test_a_place_gets_no_default_that_it_blocks() -> None:
    kept = await kept_with_rules(models_blocked=("Deliberate",))
    for choices in (ImageChoices(models=("Deliberate",)), ImageChoices(style="stamp")):
        with pytest.raises(BadOption, match="blocks these choices"):
            await kept.check_defaults(GUILD_ID, merged(choices, ImageChoices(steps=5)))
    await kept.check_defaults(GUILD_ID, ImageChoices(models=("SDXL 1.0",), steps=5))
    await kept.check_defaults(6, ImageChoices(models=("Deliberate",)))


async def test_a_style_of_the_horde_is_known_by_its_name_too() -> None:
    made = await (await kept_with_rules()).compose(
        HERE, merged(ImageChoices(style="dusk"), FOX_CHOICES)
    )
    for blocked in ("DUSK", STYLE_ID):
        kept = await kept_with_rules(styles_blocked=(blocked,))
        for name in (STYLE_ID, STYLE_ID.upper(), "dusk"):
            with pytest.raises(NotAllowed, match="does not allow the style Dusk"):
                await kept.compose(HERE, merged(ImageChoices(style=name), FOX_CHOICES))
        with pytest.raises(NotAllowed, match="does not allow the style Dusk"):  # made before
            await kept.admit(HERE, made)


async def test_what_the_horde_decides_is_not_brought_down_here() -> None:
    kept = await kept_with_rules(most_steps=20, most_side=640)
    found = await kept.compose(HERE, merged(ImageChoices(style=STYLE_ID), FOX_CHOICES))
    assert (found.steps, found.width, found.height) == (35, 1024, 768)  # as it will be made
    with pytest.raises(NotAllowed, match="uses 35 steps, and this server allows up to 20 steps"):
        await kept.admit(HERE, found)
    with pytest.raises(NotAllowed, match="allows up to 20 steps; you chose 21"):
        await kept.admit(
            HERE, await kept.compose(HERE, merged(ImageChoices(steps=21), FOX_CHOICES))
        )
    plain = await kept.compose(HERE, FOX_CHOICES)
    assert (plain.steps, plain.width) == (20, 640)


async def test_nobody_gets_a_blocked_model_where_a_mode_needs_one() -> None:
    kept = await kept_with_rules(models_blocked=("Deliberate",))
    source = Source(url="https://x/y.png", width=512, height=512)
    with pytest.raises(UserError, match="blocks all available models"):
        await kept.compose(HERE, merged(ImageChoices(source=source, control="canny"), FOX_CHOICES))
    with pytest.raises(BadOption, match="Stable Cascade"):  # none is served, which is no rule
        await kept.compose(HERE, merged(ImageChoices(source=source, mode="remix"), FOX_CHOICES))


async def test_without_any_that_is_allowed_one_sentence_says_so() -> None:
    every = tuple(model.name for model in with_stamp().models(cast("Any", "image"), nsfw=True))
    kept = await kept_with_rules(models_blocked=every)
    with pytest.raises(UserError, match="no model that has a worker"):
        await kept.compose(HERE, FOX_CHOICES)
    some = await kept.compose(Origin(2, 7, None, MessageRef(channel_id=11)), FOX_CHOICES)
    assert isinstance(some, ImageRequest)
    assert some.models == ("SDXL 1.0",)


async def test_a_control_map_is_made_with_as_many_steps_as_go_without_kudos() -> None:
    kept = await kept_with_rules()
    source = Source(url="https://x/y.png", width=512, height=512)
    chosen = merged(ImageChoices(source=source), FOX_CHOICES)
    asked = merged(ImageChoices(control="canny"), chosen)
    assert (await kept.compose(HERE, asked)).steps == 20
    assert (await kept.compose(HERE, merged(ImageChoices(steps=33), asked))).steps == 33
    assert (await kept.compose(HERE, chosen)).steps == 30


@pytest.mark.parametrize("name", ["any", " Any "])
async def test_model_option_any_leaves_the_model_open(name: str) -> None:
    kept = Kept(with_stamp())
    request = await kept.compose(HERE, merged(ImageChoices(models=(name,)), FOX_CHOICES))
    assert request.models == ()


async def test_style_option_of_an_address_of_the_horde_finds_the_style() -> None:
    kept = Kept(with_stamp())
    address = f"https://aihorde.net/api/v2/styles/image/{STYLE_ID}"
    request = await kept.compose(HERE, merged(ImageChoices(style=address), FOX_CHOICES))
    assert request.style == STYLE_ID


async def with_party(kept: Kept, *, thread_id: int, ends_at: float) -> None:
    party = Party(
        thread_id=thread_id,
        guild_id=GUILD_ID,
        owner_id=8,
        name="stamps",
        style="stamp",
        award=1,
        budget=10,
        each_max=10,
        language="en",
        created_at=0.0,
        ends_at=ends_at,
    )
    assert await kept.store.parties.add(party)


async def test_request_in_the_thread_of_a_party_has_its_style() -> None:
    kept = Kept(with_stamp())
    await with_party(kept, thread_id=HERE.message.channel_id, ends_at=math.inf)
    await kept.defaults.save(Scope.USER, HERE.user_id, ImageChoices(style=STYLE_ID))
    assert (await kept.compose(HERE, FOX_CHOICES)).style_name == "stamp"
    chosen = merged(ImageChoices(style=STYLE_ID), FOX_CHOICES)
    assert (await kept.compose(HERE, chosen)).style == STYLE_ID


@pytest.mark.parametrize(("thread_id", "ends_at"), [(12, math.inf), (10, 1.0)])
async def test_request_elsewhere_or_after_the_party_does_not(
    thread_id: int, ends_at: float
) -> None:
    kept = Kept(with_stamp())
    assert HERE.message.channel_id == 10
    await with_party(kept, thread_id=thread_id, ends_at=ends_at)
    assert (await kept.compose(HERE, FOX_CHOICES)).style_name == ""


async def test_blocked_style_of_a_party_is_passed_over() -> None:
    kept = await kept_with_rules(styles_blocked=("stamp",))
    await with_party(kept, thread_id=HERE.message.channel_id, ends_at=math.inf)
    assert (await kept.compose(HERE, FOX_CHOICES)).style_name == ""
