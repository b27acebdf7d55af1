"""Avatars of characters as emojis of the application."""

from dataclasses import dataclass, field
from typing import Any, cast

import discord
import pytest

from bot.client.character_avatars import FULL, CharacterAvatars
from bot.domain.chat.characters import Character, StoredCharacter


@dataclass
class FakeEmoji:
    id: int
    name: str
    owner: "FakeClient"

    @property
    def url(self) -> str:
        return f"https://cdn.example/emojis/{self.id}.png"

    async def delete(self) -> None:
        self.owner.emojis.remove(self)


@dataclass
class FakeClient:
    """The emojis of an application, at most `most`."""

    emojis: list[FakeEmoji] = field(default_factory=list[FakeEmoji])
    most: int = 2_000
    created: int = 0
    broken: bool = False

    async def fetch_application_emojis(self) -> list[FakeEmoji]:
        return list(self.emojis)

    async def create_application_emoji(self, *, name: str, image: bytes) -> FakeEmoji:
        if self.broken:
            raise OSError("no network")
        if len(self.emojis) >= self.most:
            response = cast("Any", type("Response", (), {"status": 400, "reason": ""}))
            raise discord.HTTPException(response, {"code": FULL, "message": "full"})
        assert image == b"png"
        self.created += 1
        self.emojis.append(FakeEmoji(100 + self.created, name, self))
        return self.emojis[-1]


class FakeThumbnails:
    async def of_file(self, name: str, _owner: int, side: int) -> bytes | None:
        assert side == 128
        return None if name == "lost.png" else b"png"


def avatars_of(client: FakeClient) -> CharacterAvatars:
    return CharacterAvatars(cast("Any", client), cast("Any", FakeThumbnails()))


def character(number: int, avatar: str) -> StoredCharacter:
    return StoredCharacter(number, 7, 0, Character(name="Ada"), avatar, adult=False, created_at=0.0)


async def test_an_avatar_is_uploaded_once_and_found_after_a_restart() -> None:
    client = FakeClient()
    url = await avatars_of(client).url_of(character(1, "a.png"))
    assert url == "https://cdn.example/emojis/101.png"
    again = avatars_of(client)
    assert await again.url_of(character(1, "a.png")) == url
    assert await again.url_of(character(1, "a.png")) == url
    assert client.created == 1


async def test_a_new_avatar_replaces_the_old_one() -> None:
    client = FakeClient()
    avatars = avatars_of(client)
    await avatars.url_of(character(1, "a.png"))
    await avatars.url_of(character(12, "x.png"))
    await avatars.url_of(character(1, "b.png"))
    assert [one.id for one in client.emojis] == [102, 103]


@pytest.mark.parametrize("avatar", ["", "lost.png"])
async def test_without_a_file_there_is_no_avatar(avatar: str) -> None:
    assert await avatars_of(FakeClient()).url_of(character(1, avatar)) == ""


async def test_an_outage_costs_the_avatar_alone() -> None:
    assert await avatars_of(FakeClient(broken=True)).url_of(character(1, "a.png")) == ""


async def test_a_full_application_loses_its_oldest_avatars() -> None:
    client = FakeClient(most=60)
    client.emojis.append(FakeEmoji(1, "logo", client))
    avatars = avatars_of(client)
    for number in range(1, 61):
        assert await avatars.url_of(character(number, "a.png"))
    assert client.emojis[0].name == "logo"
    assert len(client.emojis) == 1 + 9 + 1


async def test_avatars_of_deleted_characters_are_swept() -> None:
    client = FakeClient()
    client.emojis.append(FakeEmoji(1, "logo", client))
    avatars = avatars_of(client)
    for number, file in ((1, "a.png"), (2, "b.png")):
        await avatars.url_of(character(number, file))
    await avatars.sweep({"b.png"})
    assert [one.id for one in client.emojis] == [1, 102]
