"""/style and /collection over the wire, against both versions of the Horde."""

from collections.abc import AsyncGenerator, Generator
from contextlib import closing

import pytest

from sandbox.horde.newer.versions import NEWER, OLDER, HordeVersion
from tests.support.bots.process import BotWithSandbox
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Answer, Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

CUSTOMIZER = "RichTrustedSandboxKey2"
MODEL = "AlbedoBase XL (SDXL)"
EXAMPLE = "https://images.example/glass.webp"


@pytest.fixture(scope="module", params=[NEWER, OLDER])
def version(request: pytest.FixtureRequest) -> HordeVersion:
    return request.param


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, version: HordeVersion
) -> Generator[BotWithSandbox]:
    with closing(
        BotWithSandbox(tmp_path_factory.mktemp(f"horde-{version}"), horde_version=version)
    ) as bot:
        bot.start_bot()
        yield bot


@pytest.fixture
async def control(world: BotWithSandbox) -> AsyncGenerator[Control]:
    async with controlling(world.control) as found:
        yield found


@pytest.fixture
async def ada(control: Control) -> Person:
    """A customizer, once the lists of models and styles have arrived."""
    ada = await control.person("ada")
    await ada.log_in(CUSTOMIZER)

    async def look() -> bool | None:
        models = await ada.complete("style create", "model", kind="image", model="albedo")
        styles = await ada.complete("collection create", "styles", styles="paper")
        return (bool(models) and bool(styles)) or None

    await eventually(look, "models and styles are known")
    return ada


async def created(ada: Person, name: str, *, newer: bool) -> Message:
    """The card of a new image style."""
    form = await ada.command(
        "style create", kind="image", model=MODEL, extra="--steps 22 --size 832x1216", nsfw=False
    )
    prompt = "{p}, stained glass" + (", {colour}" if newer else "") + "{np}"
    typed = [name, "Windows of coloured glass.", prompt, "glass, window"]
    answer = await ada.fill(form.modal, *typed, *(["colour*: The main colour"] if newer else []))
    return await answered(ada, answer)


async def answered(ada: Person, answer: Answer) -> Message:
    """The answer to a form. The Horde accepts two new styles a second, so it may be sent again."""
    while True:
        said = await ada.sees(answer.message_id, lambda m: bool(m.text.strip()), "an answer")
        if "too many requests" not in said.text:
            return said
        form = await ada.press(said, "Edit again")
        answer = await ada.submit(form.modal, said)


async def test_a_policy_is_only_offered_where_the_horde_has_it(
    ada: Person, version: HordeVersion
) -> None:
    form = await ada.command(
        "style create", kind="image", model=MODEL, changeable="steps, seed", ceilings="steps=30"
    )
    answer = await ada.fill(form.modal, "open steps", "Steps may change.", "{p}, open{np}", "")
    words = "Changeable parameters" if version == NEWER else "has no policies of styles"
    assert words in (await answered(ada, answer)).plain_text


async def test_a_style_is_created_changed_and_deleted(ada: Person, version: HordeVersion) -> None:
    newer = version == NEWER
    card = await created(ada, "stained glass", newer=newer)
    assert card.is_private
    assert "steps=22" in card.text
    assert ("Required field" in card.plain_text) is newer
    offered = await ada.complete("style show", "style", style="stained")
    assert [choice["name"] for choice in offered] == ["stained glass"]

    offered = await ada.complete("imagine", "style", style="stained", prompt="a fox")
    assert [choice["name"] for choice in offered][:1] == [
        f"style of the Horde: stained glass · {MODEL}"
    ]

    changed = await ada.ask(
        "style edit", "is changed", style="stained glass", nsfw=True, public=False
    )
    assert "NSFW" in changed.text
    assert "steps=22" in changed.text
    assert "stained glass" in changed.text
    form = await ada.press(changed, "Edit texts")
    values = {each["custom_id"]: each.get("value") for each in inputs_of(form.modal)}
    assert values["tags"] == "glass, window"
    assert ("fields" in values) is newer
    renamed = await ada.submit(form.modal, changed, name="leaded glass")
    shown = await ada.sees(renamed.message_id, lambda m: "is changed" in m.text, "another name")
    assert "leaded glass" in shown.text
    assert "NSFW" in shown.text

    offered = await ada.complete("imagine", "style", style="leaded", prompt="a fox")
    assert offered[0]["name"] == "leaded glass"  # a private one, by its id
    ben = await ada.control.person("ben")
    others = await ben.complete("imagine", "style", style="leaded", prompt="a fox")
    assert "leaded glass" not in " ".join(choice["name"] for choice in others)
    if not newer:  # the newer style needs a value of its field
        card = await ada.command("imagine", prompt="a fox", style=offered[0]["value"])
        assert (await ada.result(card)).pictures

    question = await ada.ask("style delete", "Delete this style?", style="leaded glass")
    await ada.press(question, "Keep it")
    await ada.sees(question.id, lambda m: "Nothing was changed" in m.text, "kept")
    question = await ada.ask("style delete", "Delete this style?", style="leaded glass")
    await ada.press(question, "Delete permanently")
    await ada.sees(question.id, lambda m: "The style is deleted" in m.text, "deleted")
    await ada.ask("style show", "no style", style="leaded glass")
    offered = await ada.complete("imagine", "style", style="leaded", prompt="a fox")
    assert "leaded glass" not in " ".join(choice["name"] for choice in offered)


async def test_a_text_style_is_created(ada: Person, version: HordeVersion) -> None:
    model = "koboldcpp/L3-8B-Stheno-v3.2"
    form = await ada.command("style create", kind="text", model=model, temperature=0.4)
    answer = await ada.fill(form.modal, "haiku", "Three short lines.", "A haiku about {p}:", "poem")
    shown = await ada.sees(answer.message_id, lambda m: "created" in m.text, "a text style")
    assert "temperature=0.4" in shown.text
    await ada.press(shown, "Delete …")
    question = await ada.sees(shown.id, lambda m: "Keep it" in m.buttons, "a question")
    await ada.press(question, "Delete permanently")
    await ada.sees(shown.id, lambda m: "is deleted" in m.text, "deleted")


async def test_examples_are_added_and_deleted(ada: Person, version: HordeVersion) -> None:
    await created(ada, "window pane", newer=version == NEWER)
    added = await ada.ask(
        "style examples", "example is added", style="window pane", add=EXAMPLE, first=True
    )
    assert f"{EXAMPLE}" in added.text
    assert "first" in added.text
    gone = await ada.ask("style examples", "example is deleted", style="window pane", delete="1")
    assert EXAMPLE not in gone.text
    refused = await ada.ask("style examples", style="window pane", add="http://images.example/a")
    assert "https://" in refused.text


async def test_a_collection_is_created_changed_and_deleted(ada: Person) -> None:
    form = await ada.command("collection create", styles="paper cut, night market")
    answer = await ada.fill(form.modal, "two papers", "One of two.")
    shown = await ada.sees(answer.message_id, lambda m: "created" in m.text, "a collection")
    assert "paper cut" in shown.text
    offered = await ada.complete("collection show", "collection", collection="two")
    assert [choice["name"] for choice in offered] == ["two papers"]
    chosen = offered[0]["value"]
    changed = await ada.ask(
        "collection edit", "is changed", collection=chosen, styles="oil painting"
    )
    assert "night market" not in changed.text
    assert "oil painting" in (await ada.ask("collection show", collection=chosen)).text
    question = await ada.ask("collection delete", "Delete this collection?", collection=chosen)
    await ada.press(question, "Delete permanently")
    await ada.sees(question.id, lambda m: "collection is deleted" in m.text, "deleted")


async def test_a_mistake_keeps_the_typed_texts(ada: Person) -> None:
    form = await ada.command("style create", kind="image", model=MODEL)
    answer = await ada.fill(form.modal, "no place", "Has no placeholder.", "just words", "")
    said = await answered(ada, answer)
    assert "{np}" in said.text
    again = await ada.press(said, "Edit again")
    values = {each["custom_id"]: each.get("value") for each in inputs_of(again.modal)}
    assert values["prompt"] == "just words"
    answer = await ada.submit(again.modal, said, prompt="{p} in words{np}")
    assert "is created" in (await answered(ada, answer)).text


async def test_a_member_without_a_key_is_told_what_to_do(control: Control, ada: Person) -> None:
    del ada
    ben = await control.person("ben")
    for command, options in (
        ("style create", {"kind": "image", "model": MODEL}),
        ("style show", {"style": "paper cut"}),
        ("collection create", {"styles": "paper cut"}),
    ):
        told = await ben.ask(command, "needs your own key", **options)
        assert "/account login" in told.text


def inputs_of(modal: Json) -> list[Json]:
    found: list[Json] = []
    for part in modal["components"]:
        inner = part.get("component") or next(iter(part.get("components", [])), None)
        found += [inner] if inner else []
    return found
