"""Models, styles and LoRAs over the wire: leafed through, looked at, used, typed."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.paths import REFERENCE_FILES
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire

ANSWERED = 3_000  # ms until Discord gives up on an answer; about 3 when nothing else runs
FILE_CALLS = tuple(f"GET /{name}.json" for name in REFERENCE_FILES)


async def open_list(person: Person, name: str, **options: str) -> Message:
    """A list, once it is there."""
    answer = await person.command(f"horde {name}", **options)
    shown = await person.sees(answer.message_id, lambda m: "###" in m.text, "a list")
    assert shown.is_private
    return shown


async def known(person: Person) -> None:
    """The public files and the Horde's own lists have arrived."""

    async def look() -> bool | None:
        models = await person.complete("imagine", "model", prompt="x", model="albedo")
        answer = await person.command("horde styles")
        styles = await person.control.message(answer.message_id)
        arrived = "tin toy" in styles.text and "of 11" in styles.text and bool(models)
        return arrived or None

    await eventually(look, "styles and models are known")


def select_of(message: Message) -> Json:
    return next(part for part in message.parts if part["type"] == 3)


async def looked_at(person: Person, message: Message, label: str) -> Message:
    """The closeup of that entry."""
    select = select_of(message)
    value = next(o["value"] for o in select["options"] if o["label"].startswith(label))
    await person.act(
        "component", message_id=message.id, custom_id=select["custom_id"], values=[value]
    )
    return await person.sees(message.id, lambda m: "Use" in m.buttons, f"{label} closely")


@pytest.fixture
async def ada_seeing_lists(shared: BotProcess, control: Control) -> Person:
    del shared
    ada = await control.person("ada")
    await known(ada)
    return ada


async def test_a_model_is_found_looked_at_and_used(
    ada_seeing_lists: Person, control: Control
) -> None:
    shown = await open_list(ada_seeing_lists, "models")
    assert "Pony Diffusion XL" not in shown.text  # marked NSFW, and this is #general
    assert "SDXL · " in shown.text
    assert any(part["type"] == 11 for part in shown.parts)  # a picture beside it
    assert "1 to 8 of 11" in shown.text
    await ada_seeing_lists.press(shown, "Next page")
    last = await ada_seeing_lists.sees(
        shown.id, lambda m: "9 to 11 of 11" in m.text, "the second page"
    )
    assert "Next page" not in last.buttons
    await ada_seeing_lists.press(last, "Previous page")
    first = await ada_seeing_lists.sees(
        shown.id, lambda m: "1 to 8" in m.text, "the first page again"
    )
    one = await looked_at(ada_seeing_lists, first, "AlbedoBase XL (SDXL)")
    assert "Baseline: SDXL" in one.text
    assert "plain sentences" in one.text
    assert len(one.pictures) == 2
    assert (await control.fetch(one.pictures[0])).startswith(b"\x89PNG")
    asked = await ada_seeing_lists.press(one, "Use")
    done = await ada_seeing_lists.result(
        await ada_seeing_lists.fill(asked.modal, "a lighthouse made of tea", "rain")
    )
    assert "AlbedoBase XL" in done.text
    sent = next(r for r in await control.horde_requests() if "made of tea" in (r["prompt"] or ""))
    assert sent["payload"]["models"] == ["AlbedoBase XL (SDXL)"]
    assert sent["prompt"].endswith("### rain")
    await ada_seeing_lists.press(one, "Back")
    assert (
        "1 to 8 of 11"
        in (await ada_seeing_lists.sees(shown.id, lambda m: "of 11" in m.text, "back")).text
    )


async def test_one_becomes_a_persons_default(control: Control, ada_seeing_lists: Person) -> None:
    ben = await control.person("ben")
    one = await looked_at(ben, await open_list(ben, "models", search="dreamshaper"), "Dreamshaper")
    await ben.press(one, "Set as my default")
    await ben.told("is now your default")
    one = await looked_at(ben, await open_list(ben, "styles", search="keeper"), "lighthouse keeper")
    await ben.press(one, "Set as my default")
    await ben.told("**lighthouse keeper** is")
    try:
        for person, prompt in ((ben, "a teapot afloat"), (ada_seeing_lists, "a teapot aground")):
            await person.result(await person.command("imagine", prompt=prompt))
        sent = {r["prompt"]: r["payload"].get("models") for r in await control.horde_requests()}
        assert sent["a teapot afloat, seen from a lighthouse in a storm"] == ["Dreamshaper"]
        assert sent["a teapot aground"] == ["AlbedoBase XL (SDXL)"]
    finally:  # others share this world
        await ben.command("defaults clear")


async def test_marked_models_are_only_where_they_belong(
    control: Control, ada_seeing_lists: Person
) -> None:
    late = await control.person("ada", "after-dark")
    assert "Pony Diffusion XL" in (await open_list(late, "models", search="pony")).text
    assert (
        "Pony Diffusion XL" not in (await open_list(ada_seeing_lists, "models", search="pony")).text
    )
    for person, count in ((late, 1), (ada_seeing_lists, 0)):
        models = await person.complete("imagine", "model", prompt="x", model="pony diff")
        styles = await person.complete("imagine", "style", prompt="x", style="late cabaret")
        listed = await open_list(person, "styles", search="late cabaret")
        assert sum("Pony" in choice["name"] for choice in models) == count
        assert sum("late cabaret" in choice["name"] for choice in styles) == count
        assert listed.text.count("late cabaret**") == count


async def test_a_style_of_the_file_is_put_around_the_prompt(
    ada_seeing_lists: Person, control: Control
) -> None:
    one = await looked_at(
        ada_seeing_lists, await open_list(ada_seeing_lists, "styles", search="tin"), "tin toy"
    )
    assert len(one.pictures) == 3
    asked = await ada_seeing_lists.press(one, "Use")
    await ada_seeing_lists.result(await ada_seeing_lists.fill(asked.modal, "an astonished owl"))
    sent = next(r for r in await control.horde_requests() if "astonished owl" in r["prompt"])
    assert sent["prompt"].startswith("an astonished owl as a wind-up tin toy")
    assert sent["prompt"].endswith("### plastic")
    params = sent["payload"]["params"]
    assert (params["steps"], params["sampler_name"], params["cfg_scale"]) == (26, "k_dpmpp_2m", 5.5)


async def test_looking_and_going_back_again_and_again(ada_seeing_lists: Person) -> None:
    """Turning pages quickly presses the same button often: each press is meant."""
    shown = await open_list(ada_seeing_lists, "models")
    for _ in range(3):
        one = await looked_at(ada_seeing_lists, shown, "AlbedoBase XL (SDXL)")
        await ada_seeing_lists.press(one, "Back")
        shown = await ada_seeing_lists.sees(
            shown.id, lambda m: "1 to 8 of 11" in m.text, "the list again"
        )


async def test_a_style_of_the_horde_is_left_to_it(
    ada_seeing_lists: Person, control: Control
) -> None:
    one = await looked_at(
        ada_seeing_lists,
        await open_list(ada_seeing_lists, "styles", search="night"),
        "night market",
    )
    assert "The Horde applies this style" in one.text
    asked = await ada_seeing_lists.press(one, "Use")
    await ada_seeing_lists.result(
        await ada_seeing_lists.fill(asked.modal, "a tortoise with a parasol")
    )
    sent = next(r for r in await control.horde_requests() if "parasol" in r["prompt"])
    assert "neon signs" in sent["prompt"]  # put there by the Horde


async def test_a_style_whose_model_is_gone_says_so(ada_seeing_lists: Person) -> None:
    one = await looked_at(
        ada_seeing_lists,
        await open_list(ada_seeing_lists, "styles", search="lantern"),
        "old lantern glow",
    )
    assert "No worker has the model Old Lantern" in one.text


async def test_what_a_server_blocks_is_not_offered_in_it(
    ada_seeing_lists: Person, control: Control
) -> None:
    async def offered(name: str, option: str, typed: str) -> str:
        found = await ada_seeing_lists.complete(name, option, prompt="x", **{option: typed})
        return " ".join(str(choice["value"]) for choice in found)

    keys = await ada_seeing_lists.complete("imagine", "style", prompt="x", style="oil painting")
    style = next(key["value"] for key in keys if "oil painting" in key["name"])
    assert "Deliberate" in await offered("imagine", "extra", "--model deli")
    await ada_seeing_lists.command("server models", block="deliberate")
    try:
        assert "Deliberate" not in await offered("imagine", "model", "deliberate")
        assert "Deliberate" not in await offered("imagine", "extra", "--model deli")
        assert style not in await offered("imagine", "style", "oil painting")
        assert (
            "oil painting" not in (await open_list(ada_seeing_lists, "styles", search="oil")).text
        )
        await ada_seeing_lists.command("imagine", prompt="a typed one", model="Deliberate")
        await ada_seeing_lists.told("does not allow the model Deliberate")
        await ada_seeing_lists.command("imagine", prompt="a typed one", style=style)
        await ada_seeing_lists.told("The style oil painting uses the model Deliberate")
        await ada_seeing_lists.command("defaults set", model="Deliberate", where="this server")
        await ada_seeing_lists.told("This server blocks these choices: `models`.")
    finally:
        await ada_seeing_lists.command("server models", allow="deliberate")
    assert style in await offered("imagine", "style", "oil painting")


async def test_autocomplete_answers_from_memory(ada_seeing_lists: Person, control: Control) -> None:
    """While the Horde takes longer for anything than Discord waits."""
    await control.post("faults", server="horde", kind="delay", seconds=2 * ANSWERED / 1000)
    for typed in ("", "a", "al", "albedo", "xl", "juggernot", "zzzz", "deliberate"):
        for focused in ("model", "style", "extra"):
            options = {"prompt": "x", focused: typed}
            answer = await ada_seeing_lists.act(
                "autocomplete", name="imagine", focused=focused, options=options
            )
            assert answer.raw["ack_ms"] < ANSWERED


async def test_loras_come_from_civitai_when_that_is_on(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot(HORDECORD_REFERENCE__CIVITAI="true")
    ada = await own_control.person("ada")
    await known(ada)
    shown = await open_list(ada, "loras", search="lanterns")
    assert "**Paper Lanterns**\nSDXL 1.0 · trigger word: paperlantern" in shown.text
    one = await looked_at(ada, shown, "Paper Lanterns")
    assert "41,500 downloads" in one.text
    asked = await ada.press(one, "Use")
    await ada.result(await ada.fill(asked.modal, "a harbour at night"))
    sent = (await own_control.horde_requests())[-1]["payload"]["params"]
    assert [lora["name"] for lora in sent["loras"]] == ["500101"]
    await open_list(ada, "loras", search="pixel")  # known from now on
    old = await ada.result(await ada.command("imagine", prompt="a", extra='--lora "Pixel Garden"'))
    assert "Dreamshaper" in old.text
    assert "⚠️" not in old.text
    both = {"model": "AlbedoBase XL (SDXL)", "extra": '--lora "Pixel Garden"'}
    warned = await ada.result(await ada.command("imagine", prompt="a", **both))
    assert "Pixel Garden is made for SD 1.5 models" in warned.text


async def test_without_civitai_only_loras_of_styles_are_known(ada_seeing_lists: Person) -> None:
    shown = await open_list(ada_seeing_lists, "loras")
    assert "900101" in shown.text
    assert "in the style woodcut" in shown.text
    assert "--lora" in shown.text


async def test_buttons_of_before_a_restart_and_the_last_copy_when_offline(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await known(ada)
    one = await looked_at(ada, await open_list(ada, "styles", search="sticker"), "sticker")
    own.kill_bot()
    await own_control.post("faults", server="reference", kind="drop")
    await own_control.post("horde/knobs", outage=True)
    own.start_bot()
    await known(ada)
    asked = await ada.press(one, "Use")
    assert "sticker" in asked.modal["title"]
    await ada.press(one, "Back")
    back = await ada.sees(one.id, lambda m: "Look" not in m.buttons and "sticker" in m.text, "back")
    assert "crafts" in back.text


async def test_what_has_not_changed_is_not_sent_again(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await known(ada)
    assert own.stop_bot() == 0
    own.start_bot()

    async def look() -> list[Json] | None:
        found = [c for c in await own_control.calls("reference") if c["status"]]
        calls = [c for c in found if c["route"] in FILE_CALLS]  # an older Horde has no host
        return calls if len(calls) == 2 * len(FILE_CALLS) else None

    calls = await eventually(look, "both starts have asked")
    assert sorted(c["route"] for c in calls[: len(FILE_CALLS)]) == sorted(FILE_CALLS)
    assert [c["status"] for c in calls] == [200] * len(FILE_CALLS) + [304] * len(FILE_CALLS)


async def test_embeddings_complete_as_loras_do(ada_seeing_lists: Person) -> None:
    found = await ada_seeing_lists.complete(
        "advanced", "embedding", prompt="a lamp", embedding="7003"
    )
    assert "700301" in [choice["value"] for choice in found]
