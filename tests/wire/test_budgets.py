"""A server's key over the wire: given in a form, paying, used up; shared keys and gifts."""

import re

import pytest

from tests.support.bots.crashes import bot_has_died
from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.credentials import RICH
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.horde.routes import SUBMIT_IMAGE

pytestmark = pytest.mark.wire
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SMALL_FLAGS = "--width 512 --height 512 --steps 12"


async def give_key(person: Person, key: str, words: str) -> Message:
    """/server key set, and what comes of the form."""
    form = await person.command("server key set")
    assert key not in str(form.modal)
    answer = await person.fill(form.modal, key)
    message = await person.sees(answer.message_id, lambda m: words in m.plain_text, words)
    assert message.is_private
    return message


async def small_picture(person: Person, prompt: str, extra: str = SMALL_FLAGS) -> Message:
    model = "stable_diffusion"
    answer = await person.command("imagine", prompt=prompt, model=model, extra=extra)
    return await person.result(answer)


async def everything_said(control: Control, *people: Person, but: Message | None = None) -> str:
    """All messages that these people can see, but for one."""
    found = [await control.messages(person.channel_id, person.id) for person in people]
    return "".join(
        str(message.raw)
        for messages in found
        for message in messages
        if not but or message.id != but.id
    )


async def test_a_servers_key_pays_until_its_budget_is_used_up(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot(HORDECORD_LOG__LEVEL="DEBUG")
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await give_key(ada, "not-a-key-of-anybody", "does not know this key")
    told = await give_key(ada, RICH, "now pays for members")
    assert "A **shared key** is safer" in told.text
    assert "rich#2" in (await ada.ask("server key test", "The key works")).plain_text

    assert "paid by this server's key" in (await small_picture(ben, "a fox")).text
    balance = (await ben.ask("kudos balance", "Spent today")).plain_text
    spent = float(re.findall(r"by you: ([\d.]+) kudos", balance)[0])
    assert 3 <= spent <= 20

    await ada.ask("server key budget", "1 kudos per day", a_day=1)
    done = await small_picture(ben, "another fox")
    assert "This request costs more than this server's key may spend in a day." in done.text
    assert "free, no account" in done.text
    own.kill_bot()
    own.start_bot(HORDECORD_LOG__LEVEL="DEBUG")
    done = await small_picture(ben, "a third fox")
    assert "spend in a day" in done.text
    refused = await own_control.message(
        (
            await ben.command(
                "imagine", prompt="large", model="stable_diffusion", extra="--width 1536 --steps 60"
            )
        ).message_id
    )
    assert refused.is_private
    assert re.search(r"up to 1\skudos a day.*/account login", refused.text)
    prompts = [r["prompt"] for r in await own_control.horde_requests()]
    assert prompts == ["a fox", "another fox", "a third fox"]

    await ada.ask("server key budget", "No budget", a_day=0)
    assert "paid by this server's key" in (await small_picture(ben, "a fourth fox")).text
    asked = await ada.ask("server key remove", "Remove this server's key?")
    await ada.press(asked, "Keep the key")
    await ada.sees(asked.id, lambda m: "Nothing was changed" in m.text, "it is kept")
    asked = await ada.ask("server key remove", "Remove this server's key?")
    await ada.press(asked, "Remove the key")
    await ada.sees(asked.id, lambda m: "was removed from the bot" in m.text, "it is removed")
    assert "free, no account" in (await small_picture(ben, "a fifth fox")).text
    for place in (own.log, await everything_said(own_control, ada, ben)):
        assert RICH not in place
        assert "not-a-key-of-anybody" not in place
    data = own.folder / "data" / "hordecord.db"
    files = (data, data.with_name("hordecord.db-wal"))
    assert all(RICH.encode() not in file.read_bytes() for file in files if file.exists())


async def test_a_shared_key_lends_within_its_limits(own: BotProcess, own_control: Control) -> None:
    own.start_bot(HORDECORD_LOG__LEVEL="DEBUG")
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await ada.ask("kudos share", "This needs your own key", name="club")
    login = await ada.command("account login")
    await ada.fill(login.modal, RICH)
    await ada.told("Logged in")
    made = await ada.ask(
        "kudos share", "shown only once", name="club", kudos=500, largest=512, steps=15
    )
    (key,) = UUID.findall(made.text)
    assert "the safe choice" in (await give_key(ada, key, "pays for members")).text
    assert "15 steps" in (await ada.ask("server key test", "The key works")).plain_text

    assert "paid by this server's key" in (await small_picture(ben, "a fox")).text
    refused = await small_picture(ben, "too fine", "--width 512 --height 512 --steps 30")
    assert "was told the reason" in refused.text
    assert (await ben.told("up to 15 steps")).is_private
    image = await own_control.upload("boat.png", png(96, 64))
    done = await ben.result(await ben.command("alchemy", image=image, form="caption"))
    assert "This server's key is a shared key" in done.text
    assert "free, no account" in done.text

    listed = (await ada.ask("kudos keys", "club")).plain_text
    assert key not in listed
    await ada.ask("kudos revoke", "You have no shared key of this name", name="another")
    await ada.ask("kudos revoke", "is revoked", name="Club")
    refused = await small_picture(ben, "too late")
    assert "was told the reason" in refused.text  # never with another key by itself
    asked = [r["prompt"] for r in await own_control.horde_requests() if not r["forms"]]
    assert asked == ["a fox"]
    assert key not in own.log
    assert RICH not in own.log
    assert key not in await everything_said(own_control, ada, ben, but=made)


async def test_a_shared_key_that_runs_low_stops_no_member(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    login = await ada.command("account login")
    await ada.fill(login.modal, RICH)
    await ada.told("Logged in")
    made = await ada.ask("kudos share", "shown only once", name="low", kudos=12)
    await give_key(ada, UUID.findall(made.text)[0], "pays for members")
    assert "paid by this server's key" in (await small_picture(ben, "a fox")).text
    done = await small_picture(ben, "another fox")
    assert "more than this server's shared key has left" in done.text
    assert "no account" in done.text


async def test_shared_key_found_empty_at_the_submit_lets_the_next_pay_once_through_a_kill(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await ada.log_in(RICH)
    made = await ada.ask("kudos share", "shown only once", name="low", kudos=500)
    await give_key(ada, UUID.findall(made.text)[0], "pays for members")
    assert own.process is not None
    submit = {"server": "horde", "route": SUBMIT_IMAGE, "times": 1}
    empty = {"message": "This shared key does not have any more kudos", "rc": "SharedKeyEmpty"}
    await own_control.post("faults", **submit, kind="status", status=403, body=empty)
    await own_control.post("faults", **submit, kind="kill", pid=own.process.pid)
    answer = await ben.command(
        "imagine", prompt="a fox", model="stable_diffusion", extra=SMALL_FLAGS
    )
    await bot_has_died(own)
    own.start_bot()
    done = await ben.result(answer)
    assert "This server's shared key has no kudos left" in done.text
    assert "no account" in done.text
    assert [r["prompt"] for r in await own_control.horde_requests()] == ["a fox"]


async def test_a_gift_is_confirmed_in_a_form(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    login = await ada.command("account login")
    await ada.fill(login.modal, RICH)
    await ada.told("Logged in")
    form = await ada.command("kudos send", to="keeper#1", kudos=100)
    answer = await ada.fill(form.modal, "keeper#1", "100")
    await ada.sees(answer.message_id, lambda m: "Sent 100 kudos" in m.plain_text, "a gift")
    left = (await ada.ask("kudos balance", "rich#2")).plain_text
    assert "kudos" in left
    form = await ada.command("kudos send", to="keeper", kudos=100)
    answer = await ada.fill(form.modal, "keeper", "100")
    assert "AI Horde name" in (await own_control.message(answer.message_id)).text
    gifts = [c for c in await own_control.calls("horde") if c["route"] == "POST /kudos/transfer"]
    assert [call["status"] for call in gifts] == [200]
