"""Hostile texts, from people, from workers and from the public files: nothing of them works."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.horde.endpoints import info_endpoints
from sandbox.reference.server import FILES
from tests.support.bots.forged_events import AttackedBot, attacked_bot
from tests.support.builders import png
from tests.support.discord.actions import post_message
from tests.support.discord.client import Person
from tests.support.discord.messages import Message
from tests.support.hostile_texts import (
    EVIL,
    HOSTILE_TEXTS,
    UNSEEN,
    harm_in,
    links_in,
    marked_up,
    strings,
)

pytestmark = pytest.mark.wire

ADDRESSES = (
    f"{EVIL}/a.png",
    "file:///etc/passwd",
    "data:text/html,<script>x</script>",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/meta-data/",
    "https://raw.githubusercontent.com@evil.test/a.png",
    "//evil.test/a.png",
    "https://" + "a" * 5_000,
)
READINGS: dict[str, Any] = {
    "caption": HOSTILE_TEXTS["masked link"] + HOSTILE_TEXTS["everyone"] + HOSTILE_TEXTS["a fence"],
    "describe": HOSTILE_TEXTS["long"] + HOSTILE_TEXTS["mentions"],
    "palette": [HOSTILE_TEXTS["everyone"], "#112233", HOSTILE_TEXTS["masked link"]],
    "aesthetic": HOSTILE_TEXTS["masked link"],
    "nsfw": HOSTILE_TEXTS["everyone"],
    "interrogation": {
        HOSTILE_TEXTS["everyone"]: [{"text": HOSTILE_TEXTS["masked link"], "confidence": 1e308}],
        "tags": [{"text": text, "confidence": 3} for text in HOSTILE_TEXTS.values()],
    },
    "vectorize": f'<svg><script href="{EVIL}/x.js">alert(1)</script></svg>',
}


def together(size: int) -> list[str]:
    """The texts in groups, so that fewer requests wait for the Horde's limits."""
    texts = [*HOSTILE_TEXTS.values()]
    return ["\n".join(texts[start : start + size]) for start in range(0, len(texts), size)]


def reading(form: str, _data: bytes) -> dict[str, Any]:
    return {form: READINGS[form]}


def writing(prompt: str, *_: object) -> str:
    return HOSTILE_TEXTS[prompt.strip()]


async def finished_card(person: Person, name: str, **options: Any) -> Message:
    return await person.result(await person.command(name, **options))


def nothing_works(at: AttackedBot, since: int = 0) -> None:
    """Every message so far: no mention, no link, no invisible text."""
    bodies = at.traffic.bodies(since)
    assert len(bodies) > 5
    assert [body for body in bodies if body["allowed_mentions"] != {"parse": []}] == []
    texts = {text for body in bodies for text in marked_up(body)}
    assert [(text, harm) for text in texts if (harm := harm_in(text))] == []
    assert [text for body in bodies for text in strings(body) if UNSEEN.search(text)] == []
    near = ("attachment://", at.box.urls.page)
    assert [link for body in bodies for link in links_in(body) if not link.startswith(near)] == []


async def test_hostile_texts_of_people(tmp_path: Path) -> None:
    async with attacked_bot(tmp_path, HORDECORD_LOG__LEVEL="DEBUG") as at:
        ada, ben = await at.control.person("ada"), await at.control.person("ben")
        done = [await finished_card(ada, "imagine", prompt=text[:4_000]) for text in together(3)]
        for message in done:
            await ben.press(message, "Details")
            await ada.press(message, "Edit")
        for text in HOSTILE_TEXTS.values():
            for options in ({"model": text[:100]}, {"extra": text[:2_000]}, {"seed": text[:100]}):
                await ada.command("imagine", prompt="x", **options)
            await ada.command("preset save", name=text[:32], extra="--steps 7")
            for name in ("preset show", "preset delete"):
                await ada.command(name, name=text[:32])
            await ada.command("history", search=text[:40])
            await ada.command("horde models", search=text[:60])
            await ada.command("defaults set", negative=text[:4_000])
            await ada.complete("imagine", "extra", prompt="x", extra=text[:100])
        for name in ("everyone", "masked link", "split", "bidi"):
            message = await post_message(
                ada, (f"{HOSTILE_TEXTS[name][:40]}.png", png()), content=HOSTILE_TEXTS[name]
            )
            await ada.act("message_command", name="Describe", target_id=message.id)
        for name in ("preset list", "defaults show", "queue", "history"):
            await ada.command(name)
        nothing_works(at)
        assert "\nINFO bot: all is well" not in at.log
        assert "\n[2026-01-01" not in at.log
        at.assert_no_unexpected_error()


async def test_a_hostile_horde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of workers and models, results of alchemists, news: all of it foreign text."""
    monkeypatch.setattr("sandbox.horde.workers.alchemy_workers.analyse", reading)
    monkeypatch.setattr("sandbox.horde.workers.generation_workers.write_story", writing)
    piece = {
        "title": HOSTILE_TEXTS["masked link"],
        "importance": HOSTILE_TEXTS["everyone"],
        "tags": ["x"],
    }
    piece |= {"date_published": "2026-08-01", "more_info_urls": [*ADDRESSES[1:]]}
    news = [piece | {"newspiece": text} for text in HOSTILE_TEXTS.values()]
    monkeypatch.setattr(info_endpoints, "NEWS", news[:8])

    def spoil(box: Sandbox) -> dict[str, str]:
        assert box.horde is not None
        names = [*HOSTILE_TEXTS.values()]
        for pool in box.horde.state.worker_pools.values():
            for worker, name in zip(pool.workers, names * 2, strict=False):
                worker.name = name
                worker.models = (*worker.models, *names)
                worker.model_set = frozenset(worker.models)
        return {}

    async with attacked_bot(tmp_path, spoil=spoil) as at:
        ada = await at.control.person("ada")
        image = await at.control.upload("boat.png", png())
        await finished_card(ada, "imagine", prompt="x", count=4)
        for name in ("everyone", "mentions", "masked link", "a fence", "invisible", "zalgo"):
            await finished_card(ada, "write", prompt=name)
        for form in READINGS:
            found = await finished_card(ada, "alchemy", image=image, form=form)
            if "JSON" in found.buttons:
                await ada.press(found, "JSON")
            assert not any(address in json.dumps(found.raw) for address in ADDRESSES[1:4])
        await every_page(ada, "horde models", kind="image")
        for name in ("horde news", "horde status"):
            answer = await ada.command(name)
            await ada.sees(answer.message_id, lambda m: m.text.strip() != "", "an answer")
        for choice in await ada.complete("imagine", "model", prompt="x", model=""):
            assert not UNSEEN.search(choice["name"])
        nothing_works(at)
        at.assert_no_unexpected_error()


async def test_hostile_public_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authors of the reference of models or the styles cannot do anything by it."""
    served = "AlbedoBase XL (SDXL)"

    def about(number: int, text: str) -> dict[str, Any]:
        return {
            "baseline": text,
            "description": text,
            "trigger": [text],
            "style": text,
            "homepage": ADDRESSES[1 + number % (len(ADDRESSES) - 1)],  # the first may be linked
            "showcases": [*ADDRESSES],
        }

    names = [text[:90] for text in HOSTILE_TEXTS.values()]
    models = {
        name: about(i, text)
        for i, (name, text) in enumerate(zip(names, HOSTILE_TEXTS.values(), strict=True))
    }
    models[served] = about(0, HOSTILE_TEXTS["masked link"])
    styles = {name: {"prompt": "{p} " + name, "model": served} for name in names}
    files = {"models": models, "styles": styles}
    files |= {"categories": {name: [name] for name in names}}
    files |= {"previews": {name: dict(enumerate(ADDRESSES)) for name in names}}
    for name, content in files.items():
        monkeypatch.setitem(FILES, f"{name}.json", lambda _, content=content: content)

    async with attacked_bot(tmp_path) as at:
        ada = await at.control.person("ada")
        await every_page(ada, "horde models", kind="image")
        await every_page(ada, "horde styles")
        await every_page(ada, "horde loras")
        for name in ("style", "model"):
            for choice in await ada.complete("imagine", name, prompt="x", **{name: ""}):
                assert not UNSEEN.search(choice["name"])
        for name in names[:4]:
            await finished_card(ada, "imagine", prompt="x", style=name)
        nothing_works(at)
        at.assert_no_unexpected_error()


async def every_page(person: Person, name: str, **options: Any) -> None:
    """All pages of a list, and each of their entries close up."""
    answer = await person.command(name, **options)
    page = await person.sees(answer.message_id, lambda m: m.text.strip() != "", "a list")
    while True:
        for value in list(_values(page)):
            await person.choose(page, value)
            shown = await person.control.message(page.id)
            await person.press(shown, "Back")
        later = next((label for label in page.buttons if "Later" in label or "More" in label), "")
        if not later:
            return
        await person.press(page, later)
        page = await person.control.message(page.id)


def _values(page: Message) -> Iterator[str]:
    for menu in page.menus:
        yield from (option["value"] for option in menu["options"])
