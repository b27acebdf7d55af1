"""The styles and collections of an account: found by name, changed, and read after a change."""

from typing import Any, cast

import pytest

from bot.errors import BackendDown, BadOption, UserError
from bot.horde.accounts import User, UserStyle
from bot.horde.style_editing.style_changes import StyleChange
from bot.horde.style_editing.style_collections import CollectedStyle, Collection
from bot.horde.style_editing.style_inputs import CollectionInput, ExampleInput, TextStyleInput
from bot.horde.styles import ImageStyle, TextStyle
from bot.services.styles.own_styles import OwnStyles
from bot.services.styles.style_values import StyleTexts, StyleValues

ADA = 7
GLASS = "f90de78e-c0a9-4c8d-8dc1-e29127f78a84"
PANES = "5e917648-e672-4fdc-9e85-4b4320af9a25"
TEXTS = StyleTexts(name="haiku", info="Three short lines.", prompt="A haiku: {p}", tags="")


class FakeHorde:
    """A client that answers with the same style and collection whatever was changed."""

    def __init__(self, status: int = 500) -> None:
        self.status = status
        self.sent: list[tuple[str, ...]] = []
        self.examples: list[bool] = []

    async def find_user(self, *, key: str) -> User:
        del key
        listed = UserStyle(id=GLASS, name="ada#7::style::stained glass", type="image")
        return User(username="ada#7", styles=(listed,))

    async def get_image_style(self, style_id: str) -> ImageStyle:
        return ImageStyle(id=style_id, name="stained glass", creator="ada#7")

    async def create_style_example(
        self, style_id: str, example: ExampleInput, *, key: str
    ) -> StyleChange:
        self.examples.append(bool(example.primary))
        return StyleChange(id=f"e{len(self.examples)}")

    async def delete_style_example(self, style_id: str, example_id: str, *, key: str) -> None:
        """Nothing is deleted."""

    async def update_text_style(self, style_id: str, text: TextStyleInput, *, key: str) -> None:
        raise BackendDown("It failed.", status=self.status)

    async def get_collection(self, collection_id: str) -> Collection:
        styles = (CollectedStyle(id=GLASS, name="ada#7::style::stained glass"),)
        return Collection(id=collection_id, name="panes", type="image", styles=styles)

    async def update_collection(
        self, collection_id: str, wanted: CollectionInput, *, key: str
    ) -> StyleChange:
        self.sent.append(wanted.styles)
        return StyleChange(id=collection_id)

    async def delete_collection(self, collection_id: str, *, key: str) -> None:
        """Nothing is deleted."""


class FakeAccount:
    """An account with a key of its own."""

    def __init__(self, client: FakeHorde) -> None:
        self.client = client

    async def key_of(self, user_id: int) -> str:
        del user_id
        return "ada-key"


class FakeCatalog:
    """A catalogue of an older server, which knows no style."""

    style_contract = None

    def style(self, wanted: str) -> None:
        del wanted


def owned(client: FakeHorde) -> OwnStyles:
    return OwnStyles(cast("Any", FakeAccount(client)), cast("Any", FakeCatalog()))


async def test_style_is_found_by_the_name_without_its_owner() -> None:
    styles = owned(FakeHorde())
    assert (await styles.find(ADA, "Stained glass")).id == GLASS
    assert [each.name for each in styles.known(ADA, "stained")] == ["stained glass"]


async def test_text_style_of_an_older_horde_cannot_be_changed() -> None:
    before = TextStyle(id=GLASS, name="haiku", models=("Small-1B",), prompt="{p}")
    values = StyleValues(kind="text", temperature=0.6)
    with pytest.raises(UserError, match="cannot change text styles"):
        await owned(FakeHorde()).change(ADA, before, values, TEXTS)
    with pytest.raises(BackendDown):
        await owned(FakeHorde(status=502)).change(ADA, before, values, TEXTS)


async def test_collection_read_after_a_change_has_the_change() -> None:
    horde = FakeHorde()
    collections = owned(horde).collections
    await collections.change(ADA, await collections.find(PANES), styles=f"{GLASS}, two")
    shown = await collections.find(PANES)
    assert [each.name for each in shown.styles] == ["ada#7::style::stained glass", "two"]
    await collections.change(ADA, shown, name="windows")
    assert (await collections.find(PANES)).name == "windows"
    assert horde.sent == [("ada#7::stained glass", "two"), ("ada#7::stained glass", "two")]


async def test_collection_read_after_it_was_deleted_is_gone() -> None:
    collections = owned(FakeHorde()).collections
    await collections.delete(ADA, PANES)
    with pytest.raises(BadOption, match="There is no collection"):
        await collections.find(PANES)


async def test_first_example_becomes_the_primary_one_without_being_sent_so() -> None:
    horde = FakeHorde()
    styles = owned(horde)
    glass = cast("ImageStyle", await styles.find(ADA, GLASS))
    for number in (1, 2):
        glass = await styles.add_example(ADA, glass, f"https://a.example/{number}", primary=False)
    assert [each.primary for each in glass.examples] == [True, False]
    assert horde.examples == [False, False]
    glass = await styles.delete_example(ADA, glass, "1")
    assert [(each.id, each.primary) for each in glass.examples] == [("e2", True)]
