"""Stored settings and requests, over the wire: presets, defaults, history, favourites, after a kill
too.
"""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message

pytestmark = pytest.mark.wire


async def test_a_preset_is_kept_used_shared_and_deleted(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    flags = "--steps 17 --sampler k_heun --shape wide"
    assert "Saved" in (await ada.ask("preset save", name="Dusk", extra=flags)).text
    assert "--steps 17" in (await ada.ask("preset show", name="dusk")).text
    await ada.result(await ada.command("preset use", name="DUSK", prompt="a harbour at dusk"))
    params = (await control.horde_payload("a harbour at dusk"))["params"]
    assert (params["steps"], params["sampler_name"]) == (17, "k_heun")
    assert params["width"] > params["height"]
    assert "no preset" in (await ben.ask("preset show", name="dusk")).text
    refused = await ben.ask("preset share", name="dusk", to="this server")
    assert "Manage Server" in refused.text
    await ada.ask("preset share", name="dusk", to="this server")
    shown = await ben.complete("imagine", "preset", prompt="x", preset="du")
    assert [choice["value"] for choice in shown] == ["Dusk"]
    answer = await ben.command(
        "imagine", prompt="a pier of ben", preset="dusk", extra="--steps 9", shape="tall"
    )
    await ben.result(answer)
    params = (await control.horde_payload("a pier of ben"))["params"]
    assert (params["steps"], params["sampler_name"]) == (9, "k_heun")
    assert params["width"] < params["height"]
    gone = await ada.ask("preset delete", name="dusk")
    assert "deleted" in gone.text
    await ada.ask("preset delete", name="dusk", whose="this server's")
    assert "no presets yet" in (await ben.ask("preset list")).text


async def test_a_preset_out_of_a_request_and_its_text(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.result(
        await ada.command("advanced", prompt="a windmill", steps=11, cfg=3.5, width=500, height=700)
    )
    number = done.buttons["Again"]["custom_id"].split(":")[-1]
    saved = await ada.ask("preset save", name="mill", request=int(number))
    for part in ("--steps 11", "--cfg 3.5", "--size 512x704"):
        assert part in saved.text
    text = (await ada.ask("preset share", name="mill")).text
    line = text.split("```")[1].split("\n")[1]
    await ada.result(await ada.command("imagine", prompt="pasted flags", extra=line))
    first, second = (
        await control.horde_payload("a windmill"),
        await control.horde_payload("pasted flags"),
    )
    chosen = {"steps": 11, "seed": second["params"]["seed"]}  # each has a seed of its own
    assert first["params"] | chosen == second["params"]
    assert first["models"] == second["models"]
    await ada.ask("preset delete", name="mill")


async def test_defaults_stand_until_something_stronger_speaks(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    try:
        await ada.ask("defaults set", extra="--steps 21", shape="tall", where="this server")
        await ada.ask("defaults set", extra="--steps 22 --cfg 4", where="this channel")
        refused = await ben.ask("defaults set", shape="wide", where="this server")
        assert "Manage Server" in refused.text
        await ben.result(await ben.command("imagine", prompt="defaults of places"))
        params = (await control.horde_payload("defaults of places"))["params"]
        assert (params["steps"], params["cfg_scale"]) == (22, 4)
        assert params["width"] < params["height"]
        shown = await ben.ask("defaults set", extra="--steps 23", negative="fog")
        assert "--steps 23" in shown.text
        assert "--steps 22" in shown.text
        await ben.result(await ben.command("imagine", prompt="defaults of ben"))
        body = await control.horde_payload("defaults of ben")
        assert (body["params"]["steps"], body["params"]["cfg_scale"]) == (23, 4)
        assert body["prompt"].endswith("fog")
        await ben.result(await ben.command("imagine", prompt="only this", extra="--only"))
        assert (await control.horde_payload("only this"))["params"]["steps"] not in {21, 22, 23}
    finally:
        await ben.ask("defaults clear")
        await ada.ask("defaults clear", where="this channel")
        await ada.ask("defaults clear", where="this server")
    await ben.result(await ben.command("imagine", prompt="nothing stands"))
    assert (await control.horde_payload("nothing stands"))["params"]["steps"] not in {21, 22, 23}


async def test_clear_forgets_all_that_set_can_set(control: Control) -> None:
    ada = await control.person("ada")
    plain = (await ada.ask("defaults show")).text
    await ada.ask("defaults set", extra="--steps 21", notify="mention", dm_nsfw=True, count=2)
    assert (await ada.ask("defaults show")).text != plain
    assert (await ada.ask("defaults clear")).text == plain
    assert (await ada.ask("defaults show")).text == plain


async def test_memory_outlives_a_kill(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.ask("preset save", name="kept", extra="--steps 13")
    await ada.ask("defaults set", extra="--cfg 2.5", notify="dm")
    own.kill_bot()
    own.start_bot()
    await ada.result(await ada.command("imagine", prompt="after the kill", preset="kept"))
    params = (await own_control.horde_payload("after the kill"))["params"]
    assert (params["steps"], params["cfg_scale"]) == (13, 2.5)
    assert "direct message" in (await ada.ask("defaults show")).text


async def open_entry(person: Person, page: Message, number: str) -> Message:
    """One entry of a page close up."""
    menu = next(part for part in page.parts if part["type"] == 3)
    await person.act("component", message_id=page.id, custom_id=menu["custom_id"], values=[number])
    return await person.sees(page.id, lambda m: "Back" in m.buttons, "it close up")


def number_of(result: Message) -> str:
    return result.buttons["Again"]["custom_id"].split(":")[2]


async def test_the_past_is_searched_saved_and_let_go_also_after_a_restart(
    own: BotProcess, own_control: Control
) -> None:
    control = own_control
    own.start_bot()
    ada, ben = await control.person("ada"), await control.person("ben")
    fox, hare, owl = [
        await ada.result(await ada.command("imagine", prompt=prompt))
        for prompt in ("a Fox in snow", "a hare in snow", "an owl at night")
    ]
    await ben.result(await ben.command("imagine", prompt="a fox of ben"))
    page = await ada.ask("history", "fox", search="SNOW fox")
    assert f"#{number_of(fox)}" in page.text
    assert f"#{number_of(hare)}" not in page.text
    assert "of ben" not in page.text
    thumbs = [part["media"]["url"] for part in page.parts if part["type"] == 11]
    assert len(await control.fetch(thumbs[0])) < 60_000
    close = await open_entry(ada, page, number_of(fox))
    await ada.press(close, "Save")
    await ada.sees(page.id, lambda m: "Unsave" in m.buttons, "it is saved")

    own.stop_bot()
    own.start_bot()
    await ada.press(await control.message(page.id), "Back")  # a page from before the restart
    back = await ada.sees(page.id, lambda m: "Back" not in m.buttons, "the page again")
    assert "with `SNOW fox`" in back.text
    saved = await ada.ask("history", f"#{number_of(fox)}", favourites=True)
    assert f"#{number_of(hare)}" not in saved.text
    close = await open_entry(ada, await ada.ask("history", "hare", search="hare"), number_of(hare))
    again = await ada.result(await ada.press(close, "Again"))
    assert again.id != hare.id
    assert f"from [#{number_of(hare)}]" in again.text
    details = await control.message((await ada.press(close, "Details")).message_id)
    assert "a hare in snow" in details.text
    await ada.press(close, "Delete")
    asked = await ada.sees(close.id, lambda m: "Keep it" in m.buttons, "a question")
    await ada.press(asked, "Keep it")
    close = await ada.sees(close.id, lambda m: "Delete" in m.buttons, "it again")
    await ada.press(close, "Delete")
    asked = await ada.sees(close.id, lambda m: "Keep it" in m.buttons, "a question")
    await ada.press(asked, "Delete permanently")
    left = await ada.sees(close.id, lambda m: not {"Back", "Keep it"} & {*m.buttons}, "the page")
    assert f"#{number_of(hare)}*" not in left.text
    assert f"#{number_of(again)}*" in left.text
    assert (await control.get(f"messages/{hare.id}"))["deleted"]
    assert not (await control.get(f"messages/{owl.id}"))["deleted"]
    await ada.ask("history", "No request matches", search="nowhere to be found")
    await ada.ask("history", "No request matches", kind="texts")
