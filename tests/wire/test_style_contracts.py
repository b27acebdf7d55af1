"""What a style of the newer Horde declares: fields, values that it ignores or refuses."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.horde.newer.versions import NEWER
from tests.support.bots.process import BotProcess, BotWithSandbox
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import walk_modal
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

STAMP, SEAL, BOTH = "postage stamp", "wax seal", "sandbox stationery"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Generator[BotProcess]:
    with closing(BotWithSandbox(tmp_path_factory.mktemp("newer"), horde_version=NEWER)) as bot:
        bot.start_bot()
        yield bot


@pytest.fixture
async def newer_control(newer: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(newer.control) as found:
        await eventually(lambda: kept(newer.folder), "the bot knows the styles")
        yield found


@pytest.fixture
async def ada(newer_control: Control) -> Person:
    return await newer_control.person("ada")


async def kept(folder: Path) -> bool:
    return await asyncio.to_thread((folder / "data/catalog/horde-styles.json").exists)


async def sent(control: Control, words: str) -> Json:
    """The payload of the only request with these words."""
    found = [r["payload"] for r in await control.horde_requests() if words in r["prompt"]]
    assert len(found) == 1
    return found[0]


async def nothing_sent(control: Control, words: str) -> bool:
    return not any(words in each["prompt"] for each in await control.horde_requests())


def labels_of(modal: Json) -> list[str]:
    return [part["label"] for part in walk_modal(modal) if part.get("label")]


async def test_missing_field_is_asked_for_and_sent(newer_control: Control, ada: Person) -> None:
    asked = await ada.command("imagine", prompt="a grey seal", style=STAMP)
    assert labels_of(asked.modal) == ["country", "value"]
    assert await nothing_sent(newer_control, "a grey seal")
    done = await ada.result(await ada.fill(asked.modal, "New Zealand", "5 c"))
    payload = await sent(newer_control, "a grey seal")
    assert payload["template_fields"] == {"country": "New Zealand", "value": "5 c"}
    again = await ada.press(done, "Edit")
    values = [part.get("value") for part in walk_modal(again.modal) if "value" in part]
    assert any('--field country="New Zealand" --field value="5 c"' in str(v) for v in values)


async def test_field_of_a_preset_is_used_and_the_rest_is_asked_for(
    newer_control: Control, ada: Person
) -> None:
    await ada.ask("preset save", name="stamps", extra=f'--style "{STAMP}" --field value=9d')
    asked = await ada.command("imagine", prompt="a red kite", preset="stamps")
    assert labels_of(asked.modal) == ["country"]
    await ada.result(await ada.fill(asked.modal, "Wales"))
    payload = await sent(newer_control, "a red kite")
    assert payload["template_fields"] == {"country": "Wales", "value": "9d"}


async def test_mistake_in_the_form_keeps_the_typed_text(ada: Person) -> None:
    asked = await ada.command("imagine", prompt="a hoopoe", style=STAMP, extra="--steps 31")
    told = await ada.sees(
        (await ada.fill(asked.modal, "Malta", "")).message_id, lambda m: bool(m.buttons), "told"
    )
    assert told.is_private
    assert "allows `steps` up to 30" in told.text
    again = await ada.press(told, "Edit again")
    assert [part["value"] for part in walk_modal(again.modal) if "value" in part][:1] == ["Malta"]


async def test_missing_field_in_edit_is_asked_for_with_a_button(
    newer_control: Control, ada: Person
) -> None:
    done = await ada.result(await ada.command("imagine", prompt="a plain gull"))
    form = await ada.press(done, "Edit")
    answer = await ada.submit(
        form.modal, done, prompt="a stamped gull", extra=f'--style "{STAMP}" --field value=1'
    )
    told = await ada.sees(answer.message_id, lambda m: "Enter texts" in m.buttons, "asked")
    assert "needs a text for the field `country`" in told.text
    asked = await ada.press(told, "Enter texts")
    assert labels_of(asked.modal) == ["country"]
    await ada.result(await ada.fill(asked.modal, "Faroe"))
    payload = await sent(newer_control, "a stamped gull")
    assert payload["template_fields"] == {"value": "1", "country": "Faroe"}


async def test_use_of_a_listed_style_asks_for_its_fields(
    newer_control: Control, ada: Person
) -> None:
    page = await ada.ask("horde styles", STAMP, search="postage")
    options = page.menus[0]["options"]
    await ada.choose(page, next(each["value"] for each in options if STAMP in each["label"]))
    one = await ada.sees(page.id, lambda m: "Use" in m.buttons, "the style closely")
    asked = await ada.press(one, "Use")
    assert labels_of(asked.modal) == ["Prompt", "Negative prompt", "country", "value"]
    await ada.result(await ada.fill(asked.modal, "a snow hare", "", "Iceland", ""))
    payload = await sent(newer_control, "a snow hare")
    assert payload["template_fields"] == {"country": "Iceland"}


async def test_ignored_value_is_noticed_and_an_open_one_is_sent(
    newer_control: Control, ada: Person
) -> None:
    extra = "--steps 12 --sampler lcm --cfg 9 --field country=Norway"
    card = await ada.command("imagine", prompt="a blue tit", style=STAMP, extra=extra)
    done = await ada.result(card)
    assert "uses the values of the style instead of: cfg_scale, sampler." in done.text
    assert (await sent(newer_control, "a blue tit"))["params"] == {"steps": 12, "n": 1}


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("--steps 31 --field country=Chad", "allows `steps` up to 30"),
        ("--field country=Chad --field town=Faya", "has no field `town`"),
        ("--no-style --field country=Chad", "need a style of the Horde"),
    ],
)
async def test_refused_value_is_one_private_sentence(
    newer_control: Control, ada: Person, extra: str, said: str
) -> None:
    style = {} if "--no-style" in extra else {"style": STAMP}
    told = await ada.ask("imagine", said, prompt="never sent", extra=extra, **style)
    assert told.is_private
    assert await nothing_sent(newer_control, "never sent")


async def test_collection_draws_a_style_that_the_texts_fit(
    newer_control: Control, ada: Person
) -> None:
    offered = await ada.complete("imagine", "style", prompt="x", style="stationery")
    assert [each["name"] for each in offered] == [f"{BOTH} · 2 styles"]
    answer = await ada.command(
        "imagine", prompt="a barn owl", style=BOTH, extra="--cfg 9 --field letters=AB"
    )
    done = await ada.result(answer)
    assert f"in a style of the collection **{BOTH}**" in done.plain_text
    assert "may use the values of the style instead of: cfg_scale" in done.text
    found = [r for r in await newer_control.horde_requests() if "a barn owl" in r["prompt"]]
    assert [r["payload"]["template_fields"] for r in found] == [{"letters": "AB"}]


async def test_collection_says_whose_fields_its_form_has(
    newer_control: Control, ada: Person
) -> None:
    told = await ada.ask("imagine", "Give those of one style", prompt="a lost owl", style=BOTH)
    assert "`country` and `value`" in told.text
    asked = await ada.press(told, "Enter texts")
    assert labels_of(asked.modal)[:3] == ["country", "letters", "value"]
    empty = await ada.fill(asked.modal, *[""] * 5)
    told = await ada.sees(empty.message_id, lambda m: "Enter texts" in m.buttons, "asked again")
    asked = await ada.press(told, "Enter texts")
    await ada.result(await ada.fill(asked.modal, "Peru", "", "", "", ""))
    payload = await sent(newer_control, "a lost owl")
    assert payload["template_fields"] == {"country": "Peru"}


async def test_older_horde_has_no_fields(control: Control) -> None:
    ada = await control.person("ada")
    extra = "--field country=Norway"
    told = await ada.ask("imagine", "has no fields", prompt="x", style="paper cut", extra=extra)
    assert told.is_private
    offered = await ada.complete("imagine", "extra", prompt="x", extra="--fie")
    assert not any(each["value"].startswith("--field") for each in offered)
