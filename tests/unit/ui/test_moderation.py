"""Permission to act on another user's result, and the deleted messages."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.domain.records import MessagePart, MessageRef, Record
from bot.domain.results import Phase
from bot.errors import NotAllowed, UserError
from bot.ui.actions import moderation
from tests.support import builders

HERE, ELSEWHERE, SERVER = 4, 40, 3
CARD, REST, COPY, OWN = 501, 502, 503, 504


class ModeratorPress:
    """A press of a moderator in that channel, and what Discord and the service were told."""

    def __init__(self, record: Record, *, may: bool = True, guild: int | None = SERVER) -> None:
        self.record = record
        self.becomes: Record | None = None  # after it was cancelled
        self.said: list[str] = []
        self.done: list[str] = []
        self.deleted: list[tuple[int, int]] = []
        self.refuse = False  # Discord lets no one delete its messages
        self.user = SimpleNamespace(id=9)
        self.guild_id = guild
        self.channel_id = HERE
        self.permissions = discord.Permissions(manage_messages=may)
        self.response = SimpleNamespace(send_message=self._say, defer=self._defer)
        self.followup = SimpleNamespace(send=self._say)
        reports = SimpleNamespace(report=self._report)
        services = SimpleNamespace(
            history=SimpleNamespace(get=self._get),
            submission=SimpleNamespace(cancel=self._cancel, delete=self._delete),
            reports=reports,
            thumbnails=SimpleNamespace(forget=self._forget),
        )
        cards = SimpleNamespace(unsend=self._unsend)
        self.client = SimpleNamespace(services=services, cards=cards)

    async def _say(self, text: str, *, ephemeral: bool) -> None:
        assert ephemeral
        self.said.append(text)

    async def _defer(self) -> None:
        self.done.append("deferred")

    async def _get(self, _number: int) -> Record:
        return self.record

    async def _cancel(self, _number: int, user_id: int) -> None:
        self.done.append(f"cancelled for {user_id}")
        self.record = self.becomes or self.record

    async def _delete(self, _number: int, user_id: int) -> None:
        self.done.append(f"deleted for {user_id}")

    async def _report(self, number: int, by: int, **place: int) -> bool:
        self.done.append(f"{number} reported by {by} in {place}")
        return self.done.count(self.done[-1]) == 1

    async def _unsend(self, record: Record, ref: MessageRef) -> bool:
        assert record == self.record
        if not self.refuse:
            self.deleted.append((ref.channel_id, ref.message_id))
        return not self.refuse

    def _forget(self, record: Record) -> None:
        self.done.append(f"no thumbnail of {record.id}")


def ref(message_id: int, **fields: Any) -> MessageRef:
    return MessageRef(channel_id=HERE, message_id=message_id, **fields)


def finished_record(**fields: Any) -> Record:
    known: dict[str, Any] = {
        "phase": Phase.DONE,
        "guild_id": SERVER,
        "messages": (ref(CARD),),
        "others": (ref(REST, part=MessagePart.REST), ref(OWN, ephemeral=True)),
    }
    return builders.record(**(known | fields))


async def remove(press: ModeratorPress) -> None:
    await moderation.remove(cast("Any", press), press.record.id, COPY)


async def test_deleting_takes_every_message_and_the_files() -> None:
    press = ModeratorPress(finished_record())
    await remove(press)
    assert press.deleted == [(HERE, CARD), (HERE, REST), (HERE, OWN), (HERE, COPY)]
    assert press.done == ["deferred", "deleted for 2", "no thumbnail of 1"]
    assert press.said == ["Deleted: #1, its messages and its files."]


async def test_of_what_was_made_elsewhere_only_the_copy_here_goes() -> None:
    made_in_a_dm = finished_record(
        guild_id=None,
        messages=(MessageRef(ELSEWHERE, CARD),),
        others=(ref(REST, part=MessagePart.COPY), MessageRef(ELSEWHERE, OWN)),
    )
    press = ModeratorPress(made_in_a_dm)
    await remove(press)
    assert press.deleted == [(HERE, REST), (HERE, COPY)]
    assert press.done == ["deferred"]  # its files and its other messages are not this server's
    assert press.said[0].startswith("Deleted: the messages of #1 in this channel.")
    await moderation.report(cast("Any", press), 1, CARD)
    assert press.said.pop().startswith("Reported: ")


async def test_a_message_that_stays_is_not_said_to_be_gone() -> None:
    press = ModeratorPress(finished_record())
    press.refuse = True
    await remove(press)
    assert press.said[0].startswith("The files of #1 are deleted. Delete its message yourself")


async def test_what_is_under_way_is_stopped_first_then_deleted() -> None:
    press = ModeratorPress(finished_record(phase=Phase.WAITING))
    press.becomes = finished_record(phase=Phase.CANCELLED)
    await remove(press)
    assert press.done[:3] == ["deferred", "cancelled for 2", "deleted for 2"]
    assert (HERE, CARD) in press.deleted


async def test_what_cannot_be_stopped_yet_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "POLLS", 2)
    monkeypatch.setattr(moderation, "POLL_EVERY", 0.0)
    press = ModeratorPress(finished_record(phase=Phase.WAITING))
    await remove(press)
    assert press.done == ["deferred", "cancelled for 2"]
    assert press.deleted == []
    assert "#1 is being cancelled" in press.said[0]


@pytest.mark.parametrize(
    "press",
    [
        ModeratorPress(finished_record(), may=False),
        ModeratorPress(finished_record(), guild=None),
        ModeratorPress(replace(finished_record(), messages=(MessageRef(ELSEWHERE, 1),), others=())),
        ModeratorPress(
            replace(finished_record(), messages=(ref(CARD, ephemeral=True),), others=())
        ),
    ],
    ids=["no permission", "a direct message", "another channel", "a private result"],
)
async def test_nobody_else_may(press: ModeratorPress) -> None:
    for act in (moderation.remove, moderation.report):
        with pytest.raises(NotAllowed):
            await act(cast("Any", press), press.record.id, CARD)
    assert press.done == press.said == press.deleted == []


async def test_a_report_says_what_becomes_of_it() -> None:
    press = ModeratorPress(finished_record())
    for said in ("Reported: the operators of the bot see #1", "#1 is already reported"):
        await moderation.report(cast("Any", press), 1, CARD)
        assert press.said.pop().startswith(said)
    place = {"guild_id": SERVER, "channel_id": HERE, "message_id": CARD}
    assert set(press.done) == {f"1 reported by 9 in {place}"}
    assert press.deleted == []


async def test_a_message_that_is_not_ours_or_was_forgotten() -> None:
    async def nothing(_id: int) -> None:
        return None

    history = SimpleNamespace(of_message=nothing, find=nothing)
    client = SimpleNamespace(user=SimpleNamespace(id=77), services=SimpleNamespace(history=history))
    press = cast("Any", SimpleNamespace(client=client))
    for author, said in ((5, "is not from the bot"), (77, "no longer stored")):
        written = SimpleNamespace(author=SimpleNamespace(id=author), id=1, components=[])
        with pytest.raises(UserError, match=said):
            await moderation.inform(press, cast("Any", written))


@pytest.mark.parametrize(
    "record",
    [
        replace(finished_record(), messages=(MessageRef(ELSEWHERE, CARD),), others=()),
        replace(finished_record(), messages=(ref(CARD, ephemeral=True),), others=()),
    ],
    ids=["another channel", "a private result"],
)
async def test_information_is_refused_for_a_forged_message(record: Record) -> None:
    async def found(_id: int) -> Record:
        return record

    history = SimpleNamespace(of_message=found)
    client = SimpleNamespace(user=SimpleNamespace(id=77), services=SimpleNamespace(history=history))
    user = SimpleNamespace(id=record.user_id + 1)
    press = cast("Any", SimpleNamespace(client=client, user=user, channel_id=HERE))
    written = SimpleNamespace(author=SimpleNamespace(id=77), id=CARD, components=[])
    with pytest.raises(NotAllowed):
        await moderation.inform(press, cast("Any", written))
