"""What those who run the bot see: servers, blocks, and words to all of them."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.client.form_drafts import FormDrafts
from bot.domain.people import UserBan
from bot.errors import NotAllowed, StoreBusy, Undeliverable, UserError
from bot.i18n import ENGLISH, Language, current_language, language_of
from bot.services.broadcasts import Broadcast, Broadcasts
from bot.storage.tables.notes import NoteRepository
from bot.ui.components.views import layout_of
from bot.ui.operator import broadcast_buttons, broadcast_sender, guild_list
from bot.ui.operator.blocked_people import SHOWN, blocked, blocked_card, unblocked
from cogs._permissions import blockable
from tests.support.cards import text_of
from tests.support.discord.http_errors import http_error

MARK = "0123456789abcdef" * 2


def words_of(view: discord.ui.LayoutView) -> str:
    shown = [i.content for i in view.walk_children() if isinstance(i, discord.ui.TextDisplay)]
    return "\n".join(shown)


def enabled_by_id(view: discord.ui.LayoutView) -> dict[str, bool]:
    """The custom_ids of its buttons and menus, and whether they can be pressed."""
    found: dict[str, bool] = {}
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button):
            found[str(item.custom_id)] = not item.disabled
        elif isinstance(item, discord.ui.Select):
            found[item.custom_id] = True
    return found


def bot_with(*sizes: int, owner: bool = True) -> Any:
    guilds = [
        SimpleNamespace(id=100 + n, name=f"**Guild** {n} @everyone", member_count=size, owner_id=3)
        for n, size in enumerate(sizes)
    ]

    async def is_owner(_user: object) -> bool:
        return owner

    return SimpleNamespace(
        guilds=guilds,
        is_owner=is_owner,
        get_guild={guild.id: guild for guild in guilds}.get,
    )


# Servers


def test_the_largest_servers_come_first_and_pages_have_ends() -> None:
    bot = bot_with(*range(1, 26))
    first = layout_of(guild_list.guild_page_card(bot, 0))
    assert "Servers (25)" in words_of(first)
    assert words_of(first).index("25 members") < words_of(first).index("24 members")
    assert enabled_by_id(first) == {"hco:look:0": True, "hco:page:0": False, "hco:page:1": True}
    last = layout_of(guild_list.guild_page_card(bot, 99))
    assert enabled_by_id(last) == {"hco:look:2": True, "hco:page:1": True, "hco:page:3": False}
    assert "@everyone" not in words_of(first)  # a name pings no one


def test_without_any_server() -> None:
    view = layout_of(guild_list.guild_page_card(bot_with(), 0))
    assert "The bot is on no server" in words_of(view)
    assert enabled_by_id(view) == {}


class OperatorPress:
    """A press of an owner, or of another user."""

    def __init__(self, bot: Any) -> None:
        self.client = bot
        self.user = SimpleNamespace(id=9)
        self.shown: list[discord.ui.LayoutView] = []
        self.response = SimpleNamespace(edit_message=self._edit)

    async def _edit(self, *, view: discord.ui.LayoutView) -> None:
        self.shown.append(view)


@pytest.mark.parametrize(
    ("handler", "values"),
    [
        (guild_list.show_guilds, (0,)),
        (guild_list.show_guild, (0,)),
        (guild_list.ask_to_leave, (100, 0)),
        (guild_list.leave_guild, (100, 0)),
    ],
)
async def test_only_owners_see_and_leave_servers(handler: Any, values: tuple[int, ...]) -> None:
    press = OperatorPress(bot_with(5, owner=False))
    with pytest.raises(NotAllowed, match="Only an operator"):
        await handler(press, *values)
    assert press.shown == []


async def test_a_server_is_left_after_a_question() -> None:
    left: list[int] = []
    bot = bot_with(5)

    async def leave() -> None:
        left.append(100)

    bot.guilds[0].leave = leave
    press = OperatorPress(bot)
    await guild_list.ask_to_leave(cast("Any", press), 100, 0)
    assert left == []
    assert "hco:leave:100:0" in enabled_by_id(press.shown[-1])
    await guild_list.leave_guild(cast("Any", press), 100, 0)
    assert left == [100]
    assert "has left" in words_of(press.shown[-1])


async def test_a_server_that_is_gone_already() -> None:
    with pytest.raises(UserError, match="not on this server"):
        await guild_list.leave_guild(cast("Any", OperatorPress(bot_with(5))), 999, 0)


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 5_000])
async def test_a_menu_that_gives_no_server(value: str) -> None:
    user = SimpleNamespace(id=9)
    press = cast("Any", SimpleNamespace(client=bot_with(5), user=user, data={"values": [value]}))
    with pytest.raises(UserError, match="not on this server"):
        await guild_list.show_guild(press, 0)


# Blocks


def test_who_is_blocked_and_why() -> None:
    known = UserBan(5, MARK, 7, 8, 100.0, "<@1> *spam*\nand more")
    forgotten = UserBan(5, MARK, None, 0, 90.0)
    text = text_of(blocked_card([known, forgotten]))
    assert "<@7>" in text
    assert "by <@8>" in text
    assert "<@1>" not in text
    assert "`01234567`" in text
    assert MARK not in text
    assert "by <@0>" not in text
    many = text_of(blocked_card([known] * (SHOWN + 3)))
    assert "and 3 more" in many
    assert len(many) < 4_000
    assert "No user is blocked." in text_of(blocked_card([]))
    assert "on this server" in text_of(blocked_card([]))
    assert "on every server" in text_of(blocked_card([], everywhere=True))


def test_how_many_were_stopped_is_said_only_if_any() -> None:
    assert blocked(7, 0) == "<@7> can no longer use the bot on this server."
    assert blocked(7, 2).endswith(" Cancelled requests: 2.")
    assert blocked(7, 0, everywhere=True) == "<@7> can no longer use the bot on any server."
    assert unblocked(7) == "<@7> can use the bot on this server again."
    assert "every server" in unblocked(7, everywhere=True)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (SimpleNamespace(id=1, bot=True), "Bots"),
        (SimpleNamespace(id=9, bot=False), "yourself"),
        (SimpleNamespace(id=3, bot=False), "operator of the bot"),
    ],
)
async def test_whom_nobody_blocks(person: Any, words: str) -> None:
    async def is_owner(user: Any) -> bool:
        return user.id == 3

    client = SimpleNamespace(is_owner=is_owner)
    interaction = cast("Any", SimpleNamespace(client=client, user=SimpleNamespace(id=9)))
    with pytest.raises(UserError, match=words):
        await blockable(interaction, person, here=False)
    other = cast("Any", SimpleNamespace(id=4, bot=False))
    assert await blockable(interaction, other, here=True) == 4


# Words to all


LOGS = {2**63 - 3: 10, 2**63 - 2: 11, 2**63 - 1: 12}  # log channels by server
BEGUN = Broadcast(text="hello", mark=2**63 - 1)
SAID = "**Message from the operators of the bot**\nhello"
ME = SimpleNamespace(id=1)


class Killed(BaseException):
    """The process ends here."""


class Notebook(NoteRepository):
    """The notes that survive a restart."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.busy = 0  # so many writes fail

    async def read(self, key: str) -> str | None:
        return self.kept.get(key)

    async def write(self, key: str, value: str) -> None:
        if self.busy:
            self.busy -= 1
            raise StoreBusy("The database is locked by another program. Try again.")
        self.kept[key] = value


class Channels:
    """Channels with their messages, which may refuse to be read or written."""

    def __init__(self) -> None:
        self.posted: list[tuple[int, str, str]] = []
        self.told: list[tuple[int, str]] = []  # in direct messages
        self.refused: set[int] = set()
        self.unreadable: set[int] = set()
        self.killed_after: int | None = None
        self.languages: dict[int, Language] = {}  # by log channel

    def bot(self, notes: Notebook) -> Any:
        """A new run of the bot, in front of the same channels."""
        online = asyncio.Event()
        online.set()

        async def rules(guild_id: int) -> Any:
            return SimpleNamespace(log_channel=LOGS.get(guild_id, 0))

        async def create_dm(owner: Any) -> Any:
            async def send(text: str) -> None:
                self.told.append((owner.id, text))

            return SimpleNamespace(send=send)

        async def of_member(_user_id: int, _locale: str) -> Language:
            return ENGLISH

        def of_guild(rules: Any, _locale: str) -> Language:
            return self.languages.get(rules.log_channel, ENGLISH)

        speaks = SimpleNamespace(of_member=of_member, of_guild=of_guild)
        return SimpleNamespace(
            guilds=[
                SimpleNamespace(id=guild, preferred_locale=discord.Locale.american_english)
                for guild in [5, *sorted(LOGS, reverse=True)]
            ],
            services=SimpleNamespace(
                broadcasts=Broadcasts(notes), guilds=SimpleNamespace(rules=rules), languages=speaks
            ),
            get_partial_messageable=self.channel,
            online=online,
            user=ME,
            is_owner=bot_with().is_owner,
            owner_ids={7},
            owner_id=None,
            create_dm=create_dm,
        )

    def channel(self, channel_id: int) -> Any:
        async def send(text: str, *, nonce: str) -> None:
            if channel_id in self.refused:
                raise http_error(404, 10003)
            self.posted.append((channel_id, text, nonce))
            if channel_id == self.killed_after:
                raise Killed

        async def history(*, after: Any, limit: int, oldest_first: bool) -> AsyncIterator[Any]:
            assert (after.id, limit > 0, oldest_first) == (BEGUN.mark, True, True)
            if channel_id in self.unreadable:
                raise http_error(403, 50001)
            for place, text, _ in self.posted:
                if place == channel_id:
                    yield SimpleNamespace(author=ME, content=text)

        return SimpleNamespace(send=send, history=history)

    def places(self) -> list[int]:
        return [place for place, _, _ in self.posted]


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> Channels:
    monkeypatch.setattr(broadcast_sender, "PAUSE", 0.0)
    return Channels()


async def test_a_channel_that_is_gone_holds_nobody_up(channels: Channels) -> None:
    notes = Notebook()
    bot = channels.bot(notes)
    channels.refused = {11}
    await bot.services.broadcasts.begin(BEGUN)
    done = await broadcast_sender.send_all(bot)
    assert (done.sent, done.failed) == (2, 1)
    assert {text for _, text, _ in channels.posted} == {SAID}
    nonces = {nonce for _, _, nonce in channels.posted}
    assert len(nonces) == 2
    assert all(len(nonce) <= 25 for nonce in nonces)  # what Discord takes
    assert await bot.services.broadcasts.current() is None
    await broadcast_sender.resume(bot)
    assert channels.places() == [10, 12]
    assert channels.told == []


async def test_a_broadcast_names_its_origin_in_the_language_of_the_server(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(message: str) -> str:
        return f"{current_language().code}: {message}"

    monkeypatch.setattr(broadcast_sender, "_", named)
    channels.languages = {11: language_of("de")}
    bot = channels.bot(Notebook())
    await bot.services.broadcasts.begin(BEGUN)
    await broadcast_sender.send_all(bot)
    assert [text[:5] for _, text, _ in channels.posted] == ["**en:", "**de:", "**en:"]


async def test_a_busy_database_leaves_no_server_out(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.aio.retry.PAUSE_FIRST", 0.0)
    notes = Notebook()
    bot = channels.bot(notes)
    await bot.services.broadcasts.begin(BEGUN)
    notes.busy = 7
    done = await broadcast_sender.send_all(bot)
    assert (done.sent, notes.busy, channels.places()) == (3, 0, [10, 11, 12])
    assert await bot.services.broadcasts.current() is None


async def test_a_stop_is_not_undone_by_what_still_waited_for_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.aio.retry.PAUSE_FIRST", 0.0)
    notes = Notebook()
    broadcasts = Broadcasts(notes)
    await broadcasts.begin(BEGUN)
    notes.busy = 1
    kept = asyncio.create_task(broadcasts.keep(BEGUN.done(5, taken=True)))
    await asyncio.sleep(0)
    assert not notes.busy
    await broadcasts.stop()
    await kept
    assert await broadcasts.current() is None


@pytest.mark.parametrize("killed_after", [10, 11, 12])
async def test_after_a_kill_each_server_has_it_once(channels: Channels, killed_after: int) -> None:
    """Killed in the worst moment: it is posted, and that is not written down."""
    notes, channels.killed_after = Notebook(), killed_after
    bot = channels.bot(notes)
    await bot.services.broadcasts.begin(BEGUN)
    with pytest.raises(Killed):
        await broadcast_sender.send_all(bot)
    channels.killed_after = None
    await broadcast_sender.resume(channels.bot(notes))
    assert channels.places() == [10, 11, 12]
    ((owner, said),) = channels.told
    assert owner == 7
    assert said.startswith("Sent. Servers that received the message: 3; that did not: 0.")
    await broadcast_sender.resume(channels.bot(notes))
    assert channels.places() == [10, 11, 12]


async def test_where_nobody_may_look_discord_is_told_that_it_is_the_same(
    channels: Channels,
) -> None:
    notes, channels.killed_after, channels.unreadable = Notebook(), 11, {11}
    bot = channels.bot(notes)
    await bot.services.broadcasts.begin(BEGUN)
    with pytest.raises(Killed):
        await broadcast_sender.send_all(bot)
    channels.killed_after = None
    await broadcast_sender.resume(channels.bot(notes))
    assert channels.places() == [10, 11, 11, 12]
    assert len({nonce for place, _, nonce in channels.posted if place == 11}) == 1


async def test_while_discord_is_away_it_waits_and_then_goes_on(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [Undeliverable("away")] * 2 + [None] + [Undeliverable("away")] * 3

    async def with_retries(call: Any) -> Any:
        error = away.pop(0) if away else None
        if error is not None:
            raise error
        return await call()

    monkeypatch.setattr(broadcast_sender, "with_retries", with_retries)
    bot = channels.bot(Notebook())
    await bot.services.broadcasts.begin(BEGUN)
    done = await broadcast_sender.send_all(bot)
    assert (done.sent, done.failed) == (2, 1)
    assert channels.places() == [10, 12]


async def test_what_is_stopped_goes_no_further_not_after_a_restart_either(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = Notebook()
    bot = channels.bot(notes)
    shown: list[str] = []

    async def edit_message(*, view: discord.ui.LayoutView) -> None:
        shown.append(words_of(view))

    press = cast("Any", SimpleNamespace(client=bot, user=SimpleNamespace(id=7)))
    press.response = SimpleNamespace(edit_message=edit_message)

    async def with_retries(call: Any) -> Any:
        await broadcast_buttons.stop_broadcast(press)  # while it is posted
        return await call()

    monkeypatch.setattr(broadcast_sender, "with_retries", with_retries)
    await bot.services.broadcasts.begin(BEGUN)
    done = await broadcast_sender.send_all(bot)
    assert channels.places() == [10]
    said = broadcast_sender.broadcast_outcome(done)
    assert said == "Stopped. Servers that received the message: 1; that did not: 0."
    assert shown == ["Stopping: no further server receives the message."]
    await broadcast_sender.resume(channels.bot(notes))
    assert channels.places() == [10]
    await bot.services.broadcasts.begin(BEGUN)  # another one, later
    assert (await bot.services.broadcasts.current()) == BEGUN


async def test_notes_of_another_version_are_given_up() -> None:
    notes = Notebook()
    notes.kept["broadcast"] = '{"text": 5}'
    assert await Broadcasts(notes).current() is None


async def test_a_second_one_waits_for_the_first(channels: Channels) -> None:
    bot = channels.bot(Notebook())
    bot.drafts = FormDrafts()
    bot.drafts.keep(("broadcast", 7), {"text": "another"})
    await bot.services.broadcasts.begin(BEGUN)  # of an earlier run
    press = cast("Any", SimpleNamespace(client=bot, user=SimpleNamespace(id=7), id=9))
    with pytest.raises(UserError, match="Another message"):
        await broadcast_buttons.send_broadcast(press)
    assert await bot.services.broadcasts.current() == BEGUN
    async with bot.services.broadcasts.sending:
        with pytest.raises(UserError, match="Another message"):
            await broadcast_buttons.send_broadcast(press)
