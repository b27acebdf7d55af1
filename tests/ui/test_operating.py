"""What those who run the bot see: servers, blocks, and words to all of them."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.errors import NotAllowed, UserError
from bot.records import Block
from bot.ui import broadcast, operated_guilds, sentences
from bot.ui.blocked import SHOWN, blocked_card, said_of
from bot.ui.card import Card, Text
from cogs._blocking import blockable
from cogs.account import _fitting

MARK = "0123456789abcdef" * 2


def text_of(card: Card) -> str:
    return "\n".join(block.content for block in card.blocks if isinstance(block, Text))


def words_of(view: discord.ui.LayoutView) -> str:
    shown = [i.content for i in view.walk_children() if isinstance(i, discord.ui.TextDisplay)]
    return "\n".join(shown)


def ids_of(view: discord.ui.LayoutView) -> dict[str, bool]:
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
    first = operated_guilds.page(bot, 0)
    assert "Servers (25)" in words_of(first)
    assert words_of(first).index("25 members") < words_of(first).index("24 members")
    assert ids_of(first) == {"hco:look:0": True, "hco:page:0": False, "hco:page:1": True}
    last = operated_guilds.page(bot, 99)
    assert ids_of(last) == {"hco:look:2": True, "hco:page:1": True, "hco:page:3": False}
    assert "@everyone" not in words_of(first)  # a name pings nobody


def test_without_any_server() -> None:
    view = operated_guilds.page(bot_with(), 0)
    assert "None yet" in words_of(view)
    assert ids_of(view) == {}


class Press:
    """A press of an owner, or of somebody else."""

    def __init__(self, bot: Any) -> None:
        self.client = bot
        self.user = SimpleNamespace(id=9)
        self.shown: list[discord.ui.LayoutView] = []
        self.response = SimpleNamespace(edit_message=self._edit)

    async def _edit(self, *, view: discord.ui.LayoutView) -> None:
        self.shown.append(view)


@pytest.mark.parametrize("kind", [operated_guilds.Turn, operated_guilds.Ask, operated_guilds.Leave])
async def test_nobody_else_leafs_or_leaves(kind: type[Any]) -> None:
    press = Press(bot_with(5, owner=False))
    pressed = object.__new__(kind)
    pressed.said = {"page": "0", "guild": "100"}
    with pytest.raises(NotAllowed, match=sentences.OWNERS_ONLY):
        await kind.act(pressed, press)
    assert press.shown == []


async def test_a_server_is_left_after_a_question() -> None:
    left: list[int] = []
    bot = bot_with(5)

    async def leave() -> None:
        left.append(100)

    bot.guilds[0].leave = leave
    press = Press(bot)
    for kind in (operated_guilds.Ask, operated_guilds.Leave):
        pressed = object.__new__(kind)
        pressed.said = {"page": "0", "guild": "100"}
        await pressed.act(cast("Any", press))
        if kind is operated_guilds.Ask:
            assert left == []
            assert "hco:leave:100:0" in ids_of(press.shown[-1])
    assert left == [100]
    assert "has left" in words_of(press.shown[-1])


async def test_a_server_that_is_gone_already() -> None:
    pressed = object.__new__(operated_guilds.Leave)
    pressed.said = {"page": "0", "guild": "999"}
    with pytest.raises(UserError, match="not in that server"):
        await pressed.act(cast("Any", Press(bot_with(5))))


# Blocks


def test_who_is_blocked_and_why() -> None:
    known = Block(5, MARK, 7, 8, 100.0, "<@1> *spam*\nand more")
    forgotten = Block(5, MARK, None, 0, 90.0)
    text = text_of(blocked_card([known, forgotten], "here"))
    assert "<@7>" in text
    assert "by <@8>" in text
    assert "<@1>" not in text
    assert "`01234567`" in text
    assert MARK not in text
    assert "by <@0>" not in text
    many = text_of(blocked_card([known] * (SHOWN + 3), "here"))
    assert "and 3 more" in many
    assert len(many) < 4_000
    assert "Nobody" in text_of(blocked_card([], "here"))


def test_how_many_were_stopped_is_said_only_if_any() -> None:
    assert said_of(7, "here", 0) == "<@7> may not use me here any more."
    assert said_of(7, "here", 2).endswith("Requests stopped: 2.")


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (SimpleNamespace(id=1, bot=True), "Bots"),
        (SimpleNamespace(id=9, bot=False), "yourself"),
        (SimpleNamespace(id=3, bot=False), "runs this bot"),
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


async def test_a_channel_that_is_gone_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "PAUSE", 0.0)
    posted: dict[int, tuple[str, str]] = {}

    def channel(channel_id: int) -> Any:
        async def send(text: str, *, nonce: str) -> None:
            if channel_id == 11:
                response = cast("Any", SimpleNamespace(status=404, reason=""))
                raise discord.NotFound(response, {"code": 10003, "message": "Unknown Channel"})
            posted[channel_id] = (text, nonce)

        return SimpleNamespace(send=send)

    bot = cast("Any", SimpleNamespace(get_partial_messageable=channel))
    channels = {2**63 - 1: 10, 2**63 - 2: 11, 2**63 - 3: 12}
    assert await broadcast.send_all(bot, "hello", channels, 2**63 - 1) == 2
    assert {text for text, _ in posted.values()} == {"**From those who run this bot**\nhello"}
    nonces = {nonce for _, nonce in posted.values()}
    assert len(nonces) == 2
    assert all(len(nonce) <= 25 for nonce in nonces)  # what Discord takes


# A person's own data


def test_an_export_that_is_large_is_packed_and_one_that_is_too_large_refused() -> None:
    assert _fitting(b"x" * 100, 100).filename == "hordecord-account.json"
    packed = _fitting(b"x" * 10_000, 100)
    assert packed.filename == "hordecord-account.json.gz"
    assert len(packed.fp.read()) <= 100
    with pytest.raises(UserError, match="more than Discord takes"):
        _fitting(bytes(range(256)) * 4, 100)
