"""What the commands make of their options before a request is built."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.backends.values import Model
from bot.catalog import Catalog
from bot.catalog.served_models import ModelIndex
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.capabilities import HORDE
from bot.domain.requests import Kind
from bot.domain.requests.text import LENGTHS
from bot.errors import BadOption, UserError
from bot.pictures.uploads import BYTES_MAX
from bot.services.model_names import resolve_name
from cogs import _autocomplete, names
from cogs._attachments import source_of_upload
from cogs.alchemy import CHOICES
from cogs.text import TOKENS_MAX, TOKENS_MIN, tokens


def catalog_with(tmp_path: Path, *models: Model) -> Catalog:
    catalog = Catalog({"horde": cast("Any", None)}, tmp_path)
    catalog._shelves["horde", Kind.IMAGE] = ModelIndex(models)
    return catalog


def image_model(name: str, workers: int = 3, wait: int = 0) -> Model:
    return Model(name=name, kind=Kind.IMAGE, workers=workers, wait=wait)


def attachment_with(**fields: Any) -> Any:
    known = {"url": "https://cdn/x", "filename": "x.png", "size": 5, "content_type": "image/png"}
    known |= {"width": None, "height": None}  # Discord does not always say
    known |= {"is_spoiler": lambda: False}
    return SimpleNamespace(**(known | fields))


@pytest.mark.parametrize(("word", "count"), [*LENGTHS.items(), (" Short ", 80), ("300", 300)])
def test_a_length_is_a_word_or_a_number(word: str, count: int) -> None:
    assert tokens(word) == count


@pytest.mark.parametrize(
    "word", ["", "-1", "1e3", "²", "99999999999", str(TOKENS_MIN - 1), str(TOKENS_MAX + 1), "tall"]
)
def test_another_length_says_what_is_allowed(word: str) -> None:
    with pytest.raises(BadOption, match="short, medium or long"):
        tokens(word)


def test_a_model_is_found_whatever_its_case(tmp_path: Path) -> None:
    catalog = catalog_with(tmp_path, image_model("Deliberate"))
    assert resolve_name(catalog, Kind.IMAGE, "deliberate").name == "Deliberate"


def test_an_unknown_model_is_answered_with_the_nearest(tmp_path: Path) -> None:
    catalog = catalog_with(tmp_path, image_model("AlbedoBase XL (SDXL)"), image_model("Deliberate"))
    with pytest.raises(BadOption, match=r"Did you mean `AlbedoBase XL \(SDXL\)`"):
        resolve_name(catalog, Kind.IMAGE, "albedobse")


def test_a_name_with_backticks_stays_a_name(tmp_path: Path) -> None:
    with pytest.raises(BadOption) as caught:
        resolve_name(catalog_with(tmp_path, image_model("Deliberate")), Kind.IMAGE, "a`b @everyone")
    assert "a'b" in str(caught.value)
    assert "@everyone" not in str(caught.value)


def test_before_the_list_has_arrived_nothing_is_called_unknown(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not loaded") as caught:
        resolve_name(catalog_with(tmp_path), Kind.IMAGE, "Deliberate")
    assert not isinstance(caught.value, BadOption)


def test_choices_stay_inside_discords_limits() -> None:
    models = (image_model("m" * length, wait=4000) for length in range(60, 130))
    found = _autocomplete.choices(models, HORDE)
    assert len(found) == 25
    assert all(1 <= len(c.name) <= 100 and 1 <= len(c.value) <= 100 for c in found)


def test_a_choice_says_who_serves_it() -> None:
    (choice,) = _autocomplete.choices([image_model("Deliberate", workers=1, wait=65)], HORDE)
    assert " ".join(choice.name.split()) == "Deliberate · 1 worker · 1 min 5 s wait"


def test_choice_of_a_backend_without_workers_names_none() -> None:
    own = replace(HORDE, image_fields=frozenset({"seed"}))
    (choice,) = _autocomplete.choices([image_model("small-chat", workers=1)], own)
    assert choice.name == "small-chat"


def test_every_form_can_be_chosen() -> None:
    assert [choice.value for choice in CHOICES] == list(FORMS)
    assert len(CHOICES) <= 25


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp", "image/gif"])
def test_pictures_are_taken(kind: str) -> None:
    assert source_of_upload(attachment_with(content_type=kind)).filename == "x.png"


@pytest.mark.parametrize("kind", [None, "", "application/octet-stream"])
def test_a_file_without_a_type_may_be_a_picture(kind: str | None) -> None:
    assert (
        source_of_upload(attachment_with(content_type=kind, filename="photo")).filename == "photo"
    )


@pytest.mark.parametrize("kind", ["text/plain", "image/svg+xml", "video/mp4", "image/heic"])
def test_other_files_are_refused(kind: str) -> None:
    with pytest.raises(BadOption, match=r"cannot? be used|PNG"):
        source_of_upload(attachment_with(content_type=kind, filename="file"))


def test_too_large_a_picture_is_refused_with_its_size() -> None:
    with pytest.raises(BadOption, match=r"26 MB\. The limit is 25 MB"):
        source_of_upload(attachment_with(size=BYTES_MAX + 1))


def test_sides_are_kept_for_the_picture_that_is_made_of_it() -> None:
    source = source_of_upload(attachment_with(width=640, height=480))
    assert (source.width, source.height) == (640, 480)


def test_what_is_too_narrow_is_said_at_once_but_only_of_what_is_painted_on() -> None:
    narrow = attachment_with(width=1, height=5000)
    with pytest.raises(BadOption, match="1 x 5000 pixels"):
        source_of_upload(narrow)
    assert source_of_upload(narrow, painted_on=False).height == 5000


def test_cogs_are_found_by_themselves() -> None:
    assert {"cogs.image", "cogs.components", "cogs.queue", "cogs.server"} <= set(names())
    assert "cogs._autocomplete" not in names()
