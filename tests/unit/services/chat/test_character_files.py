"""Characters are imported with their avatars, exported with them, and deleted with them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.chat.files import CARD_BYTES, read_card
from bot.domain.chat.characters import Character
from bot.errors import BadOption, CardError, NotAllowed, UserError
from bot.http.client import Reply
from bot.http.discord_files import DiscordFiles
from bot.pictures import Converter, inspect
from bot.services.chat.character_files import SIDE, CharacterFiles, UploadedFile
from bot.services.chat.characters import Characters
from bot.services.chat.limits import CHARACTERS_MAX
from bot.services.chat.lorebooks import Lorebooks
from bot.storage import Store
from bot.storage.files import ResultFiles
from tests.support.character_cards import V1, V2, V3, WORLD, charx, image, packed, png, text_chunk

ANN, BOB = 1, 2


class Uploads(DiscordFiles):
    """Discord's storage with these files."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def fetch(self, url: str, cap: int, *, proxied: bool = False) -> Reply:
        data = self.files[url]
        return Reply(200, {}, data if len(data) <= cap else None)


@dataclass
class Desk:
    files: CharacterFiles
    characters: Characters
    spool: ResultFiles
    uploads: Uploads

    def upload(self, data: bytes, name: str = "card.png") -> UploadedFile:
        self.uploads.files[name] = data
        return UploadedFile(name, name, len(data))

    def stored_files(self, folder: Path) -> list[str]:
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Store.open(tmp_path / "x.sqlite") as store, Converter() as converter:
        uploads, spool = Uploads(), ResultFiles(tmp_path / "spool", quota=10_000_000, days=1)
        characters = Characters(store)
        files = CharacterFiles(
            characters=characters,
            lorebooks=Lorebooks(store),
            discord=uploads,
            spool=spool,
            converter=converter,
        )
        yield Desk(files, characters, spool, uploads)


async def test_import_card_stores_the_image_without_its_text(desk: Desk) -> None:
    data = png(text_chunk(packed(V3), "ccv3"))
    found = await desk.files.import_card(ANN, desk.upload(data))
    avatar = await desk.files.avatar(found.stored)
    assert found.format == "V3"
    assert avatar is not None
    assert inspect(avatar).format == "png"
    assert b"ccv3" not in avatar


async def test_import_card_large_image_is_made_smaller(desk: Desk) -> None:
    found = await desk.files.import_card(ANN, desk.upload(charx_with(image(side=900)), "a.charx"))
    avatar = await desk.files.avatar(found.stored)
    assert avatar is not None
    assert inspect(avatar).width == SIDE


async def test_import_card_image_that_is_none_is_named_and_left_out(desk: Desk) -> None:
    found = await desk.files.import_card(ANN, desk.upload(charx_with(b"no image"), "a.charx"))
    assert (found.stored.avatar, found.unused[-1]) == ("", "the image")


async def test_import_card_too_large_a_file_is_not_fetched(desk: Desk) -> None:
    file = UploadedFile("nowhere", "card.png", CARD_BYTES + 1)
    with pytest.raises(CardError, match="larger than 10 MB"):
        await desk.files.import_card(ANN, file)


async def test_import_card_tags_for_adults_make_it_adult(desk: Desk) -> None:
    card = {**V2, "data": {**V2["data"], "tags": ["NSFW"]}}
    assert (await desk.files.import_card(ANN, desk.upload(packed(card)))).stored.adult
    assert not (await desk.files.import_card(ANN, desk.upload(packed(V1)))).stored.adult


async def test_import_card_at_the_limit_keeps_no_file(desk: Desk, tmp_path: Path) -> None:
    for _number in range(CHARACTERS_MAX):
        await desk.characters.create(ANN, Character(name="Mira"))
    with pytest.raises(UserError, match="limit"):
        await desk.files.import_card(ANN, desk.upload(png(text_chunk(packed(V2)))))
    assert desk.stored_files(tmp_path / "spool") == []


async def test_export_card_is_imported_again_with_all_fields(desk: Desk) -> None:
    found = await desk.files.import_card(ANN, desk.upload(png(text_chunk(packed(V2)))))
    for form in ("png", "png v2", "json"):
        name, data = await desk.files.export_card(found.stored, form)
        assert name == ("Mira_Vance.json" if form == "json" else "Mira_Vance.png")
        again = read_card(data, name).character
        ignored = {"extra": "", "lorebook": None}
        before = found.stored.character
        assert again.model_copy(update=ignored) == before.model_copy(update=ignored)
        assert again.lorebook is not None


async def test_put_avatar_replaces_the_file(desk: Desk, tmp_path: Path) -> None:
    found = await desk.files.import_card(ANN, desk.upload(png(text_chunk(packed(V2)))))
    await desk.files.put_avatar(ANN, found.stored.id, desk.upload(image("JPEG"), "new.jpg"))
    now = await desk.characters.own(ANN, found.stored.id)
    assert desk.stored_files(tmp_path / "spool") == [now.avatar]
    assert now.avatar != found.stored.avatar
    with pytest.raises(BadOption):
        await desk.files.put_avatar(ANN, found.stored.id, desk.upload(b"text", "new.png"))
    with pytest.raises(NotAllowed):
        await desk.files.put_avatar(BOB, found.stored.id, desk.upload(image(), "new.png"))


async def test_delete_deletes_the_file_too(desk: Desk, tmp_path: Path) -> None:
    found = await desk.files.import_card(ANN, desk.upload(png(text_chunk(packed(V2)))))
    assert await desk.files.thumbnail(found.stored)
    with pytest.raises(NotAllowed):
        await desk.files.delete(BOB, found.stored.id)
    await desk.files.delete(ANN, found.stored.id)
    assert desk.stored_files(tmp_path / "spool") == []
    assert await desk.files.thumbnail(found.stored) is None


async def test_import_lorebook_is_exported_as_world_info(desk: Desk) -> None:
    stored, unused = await desk.files.import_lorebook(ANN, desk.upload(packed(WORLD), "Ommer.json"))
    assert stored.lorebook.name == "Ommer"
    assert "lorebook.entries.group" in unused
    name, data = await desk.files.export_lorebook(stored, "SillyTavern")
    assert name == "Ommer.json"
    assert b"keysecondary" in data


def charx_with(avatar: bytes) -> bytes:
    uri = "embeded://assets/icon/image/main.png"
    assets = [{"type": "icon", "uri": uri, "name": "main", "ext": "png"}]
    card = {**V3, "data": {**V3["data"], "assets": assets}}
    return charx(card, **{"assets__icon__image__main.png": avatar})
