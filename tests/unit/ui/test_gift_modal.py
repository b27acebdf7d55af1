"""The forms about kudos check again who submits them, and what."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.backends.values import Account, Allowance
from bot.domain.capabilities import HORDE
from bot.domain.kudos.gifts import Gift, GiftPhase
from bot.domain.records import MessageRef, Origin, Payer
from bot.errors import BackendDown, BadOption, NotAllowed
from bot.rules.guild_settings import NO_RULES
from bot.rules.request_context import RequestContext
from bot.ui.account import gift_modal
from bot.ui.server.key_modal import log_server_in


class Submission:
    """As much of an interaction as the forms use; `asked`: what the service was told."""

    def __init__(self, *, manages: bool = True, guild_id: int | None = 5) -> None:
        self.id, self.guild_id, self.guild = 77, guild_id, None
        self.user = SimpleNamespace(id=7)
        self.permissions = discord.Permissions(manage_guild=manages)
        self.asked: list[tuple[Any, ...]] = []
        self.said: list[str] = []
        self.allows: Allowance | BackendDown | None = None  # by the key, if it is a shared one
        self.response = self.followup = self.client = self
        self.backends = {"horde": SimpleNamespace(capabilities=HORDE)}
        self.services = self.credentials = self.gifts = self.guilds = self

    async def defer(self, **_: Any) -> None:
        """The answer comes later."""

    async def login(self, *asked: Any) -> Account:
        self.asked.append(asked)
        return Account("ada#1", 500)

    async def context(self, _interaction: object) -> RequestContext:
        return RequestContext(Origin(77, 7, self.guild_id, MessageRef(1)), backend="horde")

    async def allowance(self, *_owner: object) -> Allowance | None:
        if isinstance(self.allows, BackendDown):
            raise self.allows
        return self.allows

    async def rules(self, _guild_id: int) -> Any:
        return NO_RULES

    async def send(self, text: str, *, ephemeral: bool = False) -> None:
        assert ephemeral
        self.said.append(text)

    async def to_account(self, giver: int, username: str, kudos: int, *, origin: str) -> Gift:
        self.asked.append((giver, username, kudos, origin))
        return sent_gift(username=username, kudos=kudos)

    async def to_member(self, giver: int, member: int, kudos: int, *, origin: str) -> Gift:
        self.asked.append((giver, member, kudos, origin))
        return sent_gift(recipient_id=member, kudos=kudos)

    async def answered(self, _gift: Gift) -> None:
        """The giver was told."""


def sent_gift(*, username: str = "", recipient_id: int = 0, kudos: int) -> Gift:
    return Gift(
        id=1,
        origin="modal-77",
        giver_id=7,
        recipient_id=recipient_id,
        username=username,
        kudos=kudos,
        language="en",
        phase=GiftPhase.SENT,
        account="rich#2",
        created_at=0.0,
        sent_at=0.0,
        due_at=None,
        note="",
    )


@pytest.mark.parametrize(("manages", "guild_id"), [(False, 5), (True, None)])
async def test_a_form_from_who_may_not_is_refused(manages: bool, guild_id: int | None) -> None:
    submission = Submission(manages=manages, guild_id=guild_id)
    with pytest.raises(NotAllowed):
        await log_server_in(cast("Any", submission), {"key": "a-key"}, "horde")
    assert submission.asked == []


async def test_a_server_gets_its_key() -> None:
    submission = Submission()
    await log_server_in(cast("Any", submission), {"key": "a-key"}, "horde")
    assert submission.asked == [(Payer.GUILD, 5, "a-key", "horde")]
    assert "A **shared key** is safer" in submission.said[0]
    assert "a-key" not in submission.said[0]


async def test_what_a_shared_key_allows_is_said_when_it_is_given() -> None:
    submission = Submission()
    submission.allows = Allowance(kudos=0, spent=300, expires_at=500.0, steps=30)
    await log_server_in(cast("Any", submission), {"key": "a-key"}, "horde")
    assert "expired <t:500:R>" in submission.said[0]
    assert "up to 30 steps" in submission.said[0]
    submission.allows = BackendDown("not now")
    await log_server_in(cast("Any", submission), {"key": "a-key"}, "horde")
    assert "now pays for members" in submission.said[1]


async def test_one_submission_is_one_gift() -> None:
    submission = Submission()
    await gift_modal.give(cast("Any", submission), {"to": " ada#12 ", "kudos": "1,000"})
    assert submission.asked == [(7, "ada#12", 1_000, "modal-77")]
    await gift_modal.give_to_member(cast("Any", submission), {"kudos": "5"}, 9)
    assert submission.asked[1:] == [(7, 9, 5, "modal-77")]
    said = [text.replace("\N{NO-BREAK SPACE}", " ") for text in submission.said]
    assert said == ["Sent 1,000 kudos to **ada#12**.", "Sent 5 kudos to **<@9>**."]


@pytest.mark.parametrize(
    ("to", "kudos"),
    [
        *(("ada", "5"), ("ada#", "5"), ("ada#x", "5"), ("", "")),
        *(("ada#1", typed) for typed in ("0", "-5", "x", "1.5", "50000001", "9" * 5_000)),
    ],
)
async def test_what_is_no_gift(to: str, kudos: str) -> None:
    submission = Submission()
    with pytest.raises(BadOption):
        await gift_modal.give(cast("Any", submission), {"to": to, "kudos": kudos})
    assert submission.asked == []
