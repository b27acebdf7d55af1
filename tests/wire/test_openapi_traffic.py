"""Every body between the real bot and Discord, held against Discord's own description."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.support.discord.client import Control, Message, Person, controlling
from tests.support.discord.openapi_check import VARIABLE, Exchanges, checker
from tests.wire.conftest import ROOT, TOKEN
from tests.wire.test_commands import png
from tests.wire.test_context_menus import on_message, posted

pytestmark = pytest.mark.wire
START = 20.0


async def use_everything(control: Control) -> None:
    """A person's tour of the bot: every command, every button, an error, a modal."""
    ada, ben = await control.person("ada"), await control.person("ben")
    image = await control.upload("boat.png", png())
    done = await ada.result(await ada.command("imagine", prompt="a grey heron", count=4))
    await ada.press(done, "Details")
    await ben.press(done, "Delete")
    again = await ada.result(await ada.press(done, "Again"))
    await ada.press(again, "Delete")
    await use_the_verbs(control, ada, done)
    await use_the_menus(control, ada, done)
    await use_the_memory(control, ada)
    hidden = await ada.result(await ada.command("imagine", prompt="a secret", private=True))
    await ada.press(hidden, "Publish")
    await ada.result(await ada.command("write", prompt="雪" * 300))
    for form in ("interrogation", "palette", "vectorize", "RealESRGAN_x2plus"):
        await ada.result(await ada.command("alchemy", image=image, form=form))
    await ada.result(await ada.command("imagine", prompt="[sandbox:faulted]"))
    await ada.command("imagine", prompt="x", model="no such model")
    for name in ("queue", "history", "help", "account status", "account logout"):
        await ada.command(name)
    for name in ("horde status", "horde models", "horde news"):
        await ada.command(name)
    login = await ada.command("account login")
    await ada.fill(login.modal, "an-unknown-key")
    await ada.complete("imagine", "model", model="xl", prompt="x")
    await asyncio.sleep(1.0)  # for the answers that follow a deferred one


async def use_the_memory(control: Control, ada: Person) -> None:
    """Presets, defaults, and the history with its thumbnails."""
    await ada.command("preset save", name="dusk", extra="--steps 9")
    await ada.command("defaults set", shape="tall", notify="mention")
    for name in ("preset list", "defaults show", "defaults clear"):
        await ada.command(name)
    await ada.command("preset show", name="dusk")
    await ada.command("preset share", name="dusk")
    answer = await ada.command("history", search="a")
    page = await ada.sees(answer.message_id, lambda m: "#" in m.text, "a page")
    await ada.choose(page, page.text.split("**#")[1].split("*")[0])
    close = await ada.sees(page.id, lambda m: "Back" in m.buttons, "one close up")
    await ada.press(close, "Back")
    await ada.sees(page.id, lambda m: "Back" not in m.buttons, "the page")


async def use_the_verbs(control: Control, ada: Person, done: Message) -> None:
    """What can be done with pictures: menus, forms, a mistake, and more than a message holds."""
    alone = await control.message((await ada.choose(done, "2", "Choose")).message_id)
    larger = await ada.result(await ada.press(alone, "Upscale"))
    await ada.result(await ada.choose(larger, "4x_AnimeSharp"))
    await ada.press(done, "Save")
    which = await control.message((await ada.press(done, "Vary")).message_id)
    await ada.result(await ada.choose(which, "1"))
    which = await control.message((await ada.press(done, "Use as source")).message_id)
    source = (await ada.choose(which, "3")).modal
    await ada.result(await ada.submit(source, which, prompt="a heron of paper", extra="--count 1"))
    edit = (await ada.press(alone, "Edit")).modal
    said = await control.message((await ada.submit(edit, alone, extra="--stepz 3")).message_id)
    edit = (await ada.press(said, "Edit again")).modal
    many = await ada.result(await ada.submit(edit, said, extra="--count 12"))
    await ada.press(many, "Delete")


async def use_the_menus(control: Control, ada: Person, done: Message) -> None:
    """What stands under Apps, and the menu of alchemy's forms."""
    which = await control.message((await on_message(ada, "Describe", done)).message_id)
    await ada.result(await ada.choose(which, "2"))
    info = await control.message((await on_message(ada, "Generation info", done)).message_id)
    await ada.press(info, "Report")
    boat = await posted(ada, ("boat.png", png(320, 200)))
    form = (await on_message(ada, "Remix", boat)).modal
    wrong = await control.message((await ada.fill(form, "a raft", "7")).message_id)
    form = (await ada.press(wrong, "Edit again")).modal
    await ada.result(await ada.fill(form, "a raft", "0.5"))
    await ada.act("user_command", name="Remix avatar", target_id=ada.id)
    image = await control.upload("boat.png", png())
    tray = await control.message((await ada.command("alchemy", image=image)).message_id)
    found = await ada.result(await ada.choose(tray, "caption"))
    await ada.press(found, "JSON")
    await ada.complete("alchemy", "forms", image=image, forms="caption, p")


async def ready(log: Path, bot: asyncio.subprocess.Process) -> None:
    end = time.monotonic() + START
    while b" ready" not in log.read_bytes():
        assert bot.returncode is None, log.read_text()
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def test_the_bots_traffic_is_what_discord_describes(tmp_path: Path) -> None:
    spec, seen, log = checker(), Exchanges(), tmp_path / "log"
    async with Sandbox(job_seconds=(0.3, 0.6)) as box:
        box.discord.on_exchange = seen
        assert box.urls.horde is not None
        settings = {
            "HORDECORD_DISCORD__TOKEN": TOKEN,
            "HORDECORD_DISCORD__API": box.urls.discord,
            "HORDECORD_BACKENDS__HORDE__URL": box.urls.horde,
            "HORDECORD_STORE__PATH": str(tmp_path / "bot.db"),
            "HORDECORD_REFERENCE__ENABLED": "false",
            "PYTHONPATH": str(ROOT),
        }
        around = {name: text for name, text in os.environ.items() if name != VARIABLE}
        with log.open("wb") as out:
            command = [sys.executable, "-m", "bot", "run"]
            bot = await asyncio.create_subprocess_exec(
                *command, stdout=out, stderr=out, env=around | settings, cwd=tmp_path
            )
            try:
                await ready(log, bot)
                async with controlling(box.urls.control) as control:
                    await use_everything(control)
            finally:
                bot.terminate()
                await bot.wait()
    assert len(seen.seen) > 40  # one exchange for each answer, edit and call at start
    assert seen.findings(spec) == []
