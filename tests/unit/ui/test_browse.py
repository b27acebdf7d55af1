"""The lists of models, styles and LoRAs: what they say, and that they always fit."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord import app_commands
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.values import Model
from bot.cards import formatting
from bot.cards.card import COMPONENTS_MAX, TEXT_MAX, Card
from bot.cards.custom_ids import BROWSE_PAGE, SHOW_ENTRY, CatalogList, ListName
from bot.cards.markdown import units
from bot.catalog import Addon, Catalog, ModelFacts, PublicSources, Style, mark
from bot.catalog.model_reference.reference_index import library_of
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import ImageChoices, Kind, Lora
from bot.errors import UserError
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.services import model_names
from bot.services.styles.known_own_styles import OwnStyle
from bot.ui.browse import details
from bot.ui.browse.details import details_of
from bot.ui.browse.labels import addon_label, model_label, style_label
from bot.ui.browse.rows import page_of
from bot.ui.browse.use_modal import choices_of_entry, entry_modal
from bot.ui.browse.view import SHOWN, entry_card, list_card, list_page_of
from bot.ui.components.views import layout_of
from cogs import _autocomplete
from tests.support.fakes.submission import client_in

PREVIEW_URL = "https://files.example/1.png"
GLOWWORM = ModelFacts(
    "Glowworm XL",
    "sdxl",
    description="Bright.",
    triggers=("glow",),
    examples=(PREVIEW_URL, "https://elsewhere.example/2.png"),
    homepage="https://example.org/m",
)
LATE_MODEL = ModelFacts("Late Show XL", "sdxl", nsfw=True)
SHOWN_STYLES = (
    Style(
        "stamp",
        "file",
        choices=ImageChoices(models=("Glowworm XL",), steps=21),
        template="{p}, ink",
    ),
    Style("cabaret", "file", choices=ImageChoices(models=("Late Show XL",)), template="{p}"),
    Style("relic", "file", choices=ImageChoices(models=("Unserved Model",)), template="{p}"),
)
LORA = Addon("lora", "501", "Lanterns", base="sdxl", base_name="SDXL 1.0", triggers=("lit",))


class FakeReference:
    """A reference that knows these."""

    def __init__(self, styles: Iterable[Style] = SHOWN_STYLES, *facts: ModelFacts) -> None:
        known = {one.name: one for one in (GLOWWORM, LATE_MODEL, *facts)}
        self.library = library_of(known, tuple(styles))

    def shows(self, url: str) -> bool:
        return url.startswith("https://files.example/")


class FoundAddons:
    """A CivitAI that has found these."""

    version = 1

    def __init__(self, *addons: Addon) -> None:
        self.addons = addons

    def wonder(self, *_: Any, **__: Any) -> None:
        """Nothing more is known."""


def catalog_of(
    files: FakeReference | None = None, *models: Model, addons: tuple[Addon, ...] = (LORA,)
) -> Catalog:
    public = PublicSources(
        cast("Any", files or FakeReference()), None, cast("Any", FoundAddons(*addons))
    )
    catalog = Catalog({"horde": cast("Any", None)}, Path(), public)
    usual = (
        Model("Glowworm XL", Kind.IMAGE, 4, 20),
        Model("Late Show XL", Kind.IMAGE, 9, 0),
        Model("Deliberate", Kind.IMAGE, 2, 0),
    )
    texts = (Model("x/gemma-3-12b-it", Kind.TEXT, 2, 5), Model("x/Wild-8B", Kind.TEXT, 3, 5))
    catalog._shelves["horde", Kind.IMAGE] = ModelIndex(models or usual)
    catalog._shelves["horde", Kind.TEXT] = ModelIndex(texts)
    return catalog


def browse_text(card: Card) -> str:
    texts = (getattr(item, "content", "") for item in layout_of(card).walk_children())
    return "\n".join(filter(None, texts)).replace("\N{NO-BREAK SPACE}", " ")


def ids_shown(card: Card) -> list[str]:
    found = (getattr(item, "custom_id", None) for item in layout_of(card).walk_children())
    return [one for one in found if one]


def named(catalog: Catalog, which: ListName, *, nsfw: bool = False) -> list[str]:
    return [entry.name for entry in page_of(catalog, list_page_of(which), nsfw=nsfw)[0]]


def test_only_what_fits_the_place_is_listed() -> None:
    catalog = catalog_of(addons=(LORA, replace(LORA, id="502", name="Velvet", nsfw=True)))
    tame: dict[CatalogList, list[str]] = {
        "image": ["Glowworm XL", "Deliberate"],
        "text": ["x/gemma-3-12b-it"],
        "style": ["stamp", "relic"],
        "lora": ["Lanterns"],
    }
    for which, names in tame.items():
        assert named(catalog, which) == names
        all_names = named(catalog, which, nsfw=True)
        assert len(all_names) == len(names) + 1
        (late,) = set(all_names) - set(names)
        hidden = mark("502" if which == "lora" else late)
        assert details_of(catalog, which, hidden, nsfw=True) is not None
        assert details_of(catalog, which, hidden, nsfw=False) is None


def test_a_model_is_described() -> None:
    catalog = catalog_of()
    one = details_of(catalog, "image", mark("Glowworm XL"), nsfw=False)
    assert one is not None
    text = browse_text(entry_card(list_page_of("image"), one))
    assert "Baseline: SDXL · 4 workers · 20 s wait" in text
    assert "**Trigger words** `glow`" in text
    assert formatting.size(1024, 1024).replace("\N{NO-BREAK SPACE}", " ") in text
    assert "[More information](https://example.org/m)" in text
    assert one.pictures == [PREVIEW_URL]
    unknown = details_of(catalog, "image", mark("Deliberate"), nsfw=False)
    assert unknown is not None
    assert "does not list this model" in "\n".join(unknown.facts)


def test_a_lora_without_a_name_is_called_by_its_number_once() -> None:
    catalog = catalog_of(addons=(replace(LORA, name=LORA.id),))
    assert named(catalog, "lora") == ["LoRA 501"]
    one = details_of(catalog, "lora", mark("501"), nsfw=False)
    assert one is not None
    assert browse_text(entry_card(list_page_of("lora"), one)).count("501") == 1
    usual = details_of(catalog_of(), "lora", mark("501"), nsfw=False)
    assert usual is not None
    assert (usual.name, usual.facts[0]) == ("Lanterns", "`501`")


def test_a_style_that_nobody_can_make_now_says_so() -> None:
    catalog = catalog_of()
    gone = details_of(catalog, "style", mark("relic"), nsfw=False)
    fine = details_of(catalog, "style", mark("stamp"), nsfw=False)
    assert gone is not None
    assert fine is not None
    assert "No worker has the model Unserved Model" in "\n".join(gone.facts)
    assert "No worker" not in "\n".join(fine.facts)
    assert "**Settings** 21 steps" in fine.facts


def test_pages() -> None:
    many = [Model(f"Model {n:02}", Kind.IMAGE, 99 - n, 0) for n in range(SHOWN * 2 + 1)]
    catalog = catalog_of(None, *many)
    for page, shown, moves in ((0, SHOWN, ["1"]), (1, SHOWN, ["0", "2"]), (2, 1, ["1"])):
        place = list_page_of("image", "model", page)
        entries, count = page_of(catalog, place, nsfw=False)
        view = list_card(place, entries, count)
        assert (len(entries), count) == (shown, 17)
        assert [i.split(":")[3] for i in ids_shown(view) if ":list:" in i] == moves
        assert f"{page * SHOWN + 1} to {page * SHOWN + shown} of 17" in browse_text(view)


def test_nothing_found_is_said() -> None:
    for which in ("image", "text", "style", "lora"):
        place = list_page_of(which, "zzz")
        card = list_card(place, *page_of(catalog_of(), place, nsfw=True))
        assert "matches the search." in browse_text(card)


@given(st.text(max_size=200), st.integers(-5, 9_999))
def test_a_search_always_fits_into_its_buttons(typed: str, page: int) -> None:
    place = list_page_of("image", typed, page)
    for format_ in (BROWSE_PAGE, SHOW_ENTRY):
        name = format_(place.which, place.page, place.search)
        assert len(name.encode("utf-16-le", "replace")) / 2 <= 100


NOTE = "-# CivitAI did not answer, so the list has only LoRAs from earlier searches."
ANY_DESCRIPTION = st.text(max_size=300) | st.sampled_from(
    ["*_~`|<@1>" * 99, "漢" * 1_500, "🦊" * 700, "a" * 4_000]
)
ANY_NAME = st.text(min_size=1, max_size=100) | st.sampled_from(["`" * 100, "🦊" * 100, "漢" * 100])


@settings(max_examples=50, deadline=None)
@given(ANY_NAME, ANY_DESCRIPTION, st.lists(ANY_DESCRIPTION, max_size=30))
def test_whatever_the_files_say_it_fits(name: str, text: str, several: list[str]) -> None:
    triggers = tuple(each[:100] for each in several)
    facts = [
        ModelFacts(f"{name[:97]}{n}", "sdxl", False, text[:1_000], triggers, text[:100], text)
        for n in range(SHOWN)
    ]
    styles = [
        Style(
            f"{name[:97]}{n}", "horde", f"id{n}", text[:1_000], triggers, text[:100],
            choices=ImageChoices(models=(name,)), template=text + "{p}", creator=text[:100],
            loras=(Lora(name=name),) * 90,
        )
        for n in range(SHOWN)
    ]  # fmt: skip
    addons = tuple(
        Addon("lora", str(n), name, "sdxl", text[:40], triggers, description=text[:1_000],
              page=text, styles=(name, name), examples=(PREVIEW_URL,))
        for n in range(SHOWN)
    )  # fmt: skip
    served = [Model(one.name, Kind.IMAGE, 3, 5) for one in facts]
    catalog = catalog_of(FakeReference(styles, *facts), *served, addons=addons)
    for which in ("image", "style", "lora"):
        place = list_page_of(which, "", 0)
        entries, count = page_of(catalog, place, nsfw=True)
        _within_limits(list_card(place, entries, count, note=NOTE))
        for entry in entries[:1]:
            one = details_of(catalog, which, entry.mark, nsfw=True)
            assert one is not None
            _within_limits(entry_card(place, one))
            _fits_modal(entry_modal(which, entry.mark, one.name))


@pytest.mark.parametrize("which", ["image", "text", "style"])
def test_lists_name_no_workers_where_none_serve_the_models(which: CatalogList) -> None:
    catalog, place = catalog_of(), list_page_of(which)
    entries, count = page_of(catalog, place, nsfw=True, by_workers=False)
    cards = [list_card(place, entries, count)]
    for entry in entries:
        one = details_of(catalog, which, entry.mark, nsfw=True, by_workers=False)
        assert one is not None
        cards.append(entry_card(place, one))
    said = "".join(map(browse_text, cards)) + "".join(entry.hint for entry in entries)
    assert not re.search("worker|wait", said)


def _within_limits(card: Card) -> None:
    items = list(layout_of(card).walk_children())
    assert len(items) <= COMPONENTS_MAX
    assert sum(units(getattr(item, "content", "")) for item in items) <= TEXT_MAX
    assert len(set(ids_shown(card))) == len(ids_shown(card))
    for item in items:
        for option in getattr(item, "options", ()):
            assert 1 <= len(option.label) <= 100
            assert option.description is None or len(option.description) <= 100


def _fits_modal(modal: Any) -> None:
    assert 1 <= len(modal.title) <= 45
    assert len(modal.custom_id) <= 100


@given(ANY_NAME, ANY_DESCRIPTION)
def test_labels_have_a_hundred_characters_at_most(name: str, text: str) -> None:
    facts = ModelFacts(name, "sdxl", nsfw=True)
    style = Style(name, "file", category=text, choices=ImageChoices(models=(text,)), nsfw=True)
    addon = Addon("lora", "1", name, base_name=text[:40], triggers=(text,), nsfw=True)
    labels = (
        model_label(Model(name, Kind.IMAGE, 10**6, 10**6), facts),
        style_label(style, served=False),
        addon_label(addon),
    )
    assert all(1 <= len(label) <= 100 for label in labels)


def test_labels_say_what_is_needed_to_choose() -> None:
    model = model_label(Model("Late Show XL", Kind.IMAGE, 1, 65), LATE_MODEL)
    assert model.replace("\xa0", " ") == "Late Show XL · SDXL · 1 worker · 1 min 5 s wait · NSFW"
    style = replace(SHOWN_STYLES[2], category="old things")
    assert (
        style_label(style, served=False)
        == "old things: relic · Unserved Model · no worker at the moment"
    )
    assert style_label(style, served=False, by_workers=False) == "old things: relic"
    assert addon_label(LORA) == "Lanterns · SDXL 1.0 · trigger word: lit"


class NoOwnStyles:
    """No member has a style of their own."""

    def known(self, _user_id: int, _typed: str = "") -> list[OwnStyle]:
        return []


async def suggested(
    complete: Any,
    catalog: Catalog,
    typed: str,
    *,
    late: bool,
    rules: GuildSettings = NO_RULES,
) -> list[str]:
    client = client_in(rules, late=late, catalog=catalog, own_styles=NoOwnStyles())
    press = SimpleNamespace(client=client, user=SimpleNamespace(id=2))
    found: list[app_commands.Choice[str]] = await complete(press, typed)
    return [choice.value for choice in found]


@pytest.mark.parametrize(
    ("complete", "late"),
    [
        (_autocomplete.image_models, ["Late Show XL", "Glowworm XL", "Deliberate"]),
        (_autocomplete.styles, ["stamp", "cabaret", "relic"]),
        (_autocomplete.loras, ["501"]),
    ],
)
async def test_autocomplete_keeps_to_the_place(complete: Any, late: list[str]) -> None:
    catalog = catalog_of()
    assert await suggested(complete, catalog, "", late=True) == late
    tame = [name for name in late if name not in {"Late Show XL", "cabaret"}]
    assert await suggested(complete, catalog, "", late=False) == tame


LEFT = ["Glowworm XL", "Deliberate"]


@pytest.mark.parametrize(
    ("complete", "rules", "left"),
    [
        (
            _autocomplete.image_models,
            {"models_blocked": ("glowworm xl",)},
            ["Late Show XL", "Deliberate"],
        ),
        (_autocomplete.image_models, {"nsfw": "off"}, LEFT),
        (_autocomplete.text_models, {"models_blocked": ("X/WILD-8b",)}, ["x/gemma-3-12b-it"]),
        (_autocomplete.styles, {"styles_blocked": ("Stamp",)}, ["cabaret", "relic"]),
        (_autocomplete.styles, {"models_blocked": ("Glowworm XL",)}, ["cabaret", "relic"]),
        (_autocomplete.loras, {"loras_blocked": ("0501",)}, []),
        (_autocomplete.loras, {"loras_blocked": ("lanterns",)}, []),
        (_autocomplete.loras, {"loras_blocked": ("7",)}, ["501"]),
    ],
)
async def test_what_a_server_blocks_is_not_suggested(
    complete: Any, rules: dict[str, Any], left: list[str]
) -> None:
    blocked = GuildSettings(**rules)
    assert await suggested(complete, catalog_of(), "", late=True, rules=blocked) == left


def test_what_a_server_blocks_is_not_listed() -> None:
    catalog = catalog_of()
    rules = GuildSettings(models_blocked=("Glowworm XL", "x/Wild-8B"), loras_blocked=("501",))
    lists: dict[CatalogList, list[str]] = {
        "image": ["Late Show XL", "Deliberate"],
        "text": ["x/gemma-3-12b-it"],
        "style": ["cabaret", "relic"],
        "lora": [],
    }
    for which, names in lists.items():
        entries, count = page_of(catalog, list_page_of(which), nsfw=True, rules=rules)
        assert ([entry.name for entry in entries], count) == (names, len(names))
    gone: dict[CatalogList, str] = {"image": "Glowworm XL", "style": "stamp", "lora": "501"}
    for which, name in gone.items():
        assert details_of(catalog, which, mark(name), nsfw=True) is not None
        assert details_of(catalog, which, mark(name), nsfw=True, rules=rules) is None
        with pytest.raises(UserError, match="not on the list any more"):
            choices_of_entry(catalog, which, mark(name), rules)


def test_a_lora_is_used_with_a_model_that_is_allowed() -> None:
    rules = GuildSettings(models_blocked=("Glowworm XL",))
    assert choices_of_entry(catalog_of(), "lora", mark("501"), rules).models == ("Late Show XL",)
    none = GuildSettings(models_blocked=("Glowworm XL", "Late Show XL"))
    with pytest.raises(UserError, match="baseline SDXL"):
        choices_of_entry(catalog_of(), "lora", mark("501"), none)


def test_did_you_mean_names_nothing_that_is_blocked() -> None:
    rules = GuildSettings(models_blocked=("Deliberate",), styles_blocked=("stamp",))
    for kind, name in ((Kind.IMAGE, "Delibrate"), (Kind.TEXT, "Wild8")):
        with pytest.raises(UserError) as free:
            model_names.resolve_name(catalog_of(), kind, name)
        assert "Did you mean" in str(free.value)
    with pytest.raises(UserError) as refused:
        model_names.resolve_name(catalog_of(), Kind.IMAGE, "Delibrate", rules)
    assert "`Deliberate`" not in str(refused.value)
    with pytest.raises(UserError) as refused:
        model_names.styled(catalog_of(), "stmp", rules)
    assert "`stamp`" not in str(refused.value)
    assert (
        model_names.resolve_name(catalog_of(), Kind.IMAGE, "Deliberate", rules).name == "Deliberate"
    )


def test_a_backend_of_which_nothing_is_known_yet_says_so() -> None:
    """The first one's list says nothing about another's."""
    catalog = Catalog({"horde": cast("Any", None), "studio": cast("Any", None)}, Path())
    catalog._shelves["horde", Kind.IMAGE] = ModelIndex([Model("Deliberate", Kind.IMAGE, 4, 20)])
    with pytest.raises(UserError, match="is not loaded yet"):
        model_names.resolve_name(catalog, Kind.IMAGE, "Delibrate", GuildSettings(backend="studio"))
    with pytest.raises(UserError, match="Did you mean"):
        model_names.resolve_name(catalog, Kind.IMAGE, "Delibrate", GuildSettings(backend="horde"))


def test_what_using_it_means() -> None:
    catalog = catalog_of()
    assert choices_of_entry(catalog, "image", mark("Glowworm XL")) == ImageChoices(
        models=("Glowworm XL",)
    )
    assert choices_of_entry(catalog, "style", mark("stamp")) == ImageChoices(style="stamp")
    text = choices_of_entry(catalog, "text", mark("x/gemma-3-12b-it"))
    assert text == ImageChoices(models=("x/gemma-3-12b-it",))
    lora = choices_of_entry(catalog, "lora", mark("501"))
    assert lora.models == ("Glowworm XL",)  # the mild one of its kind
    assert [(one.name, one.trigger) for one in lora.loras] == [("501", "any")]
    nobody_says = catalog_of(addons=(replace(LORA, base=None, base_name=""),))
    assert "models" not in choices_of_entry(nobody_says, "lora", mark("501")).names


def test_use_says_when_it_is_gone_or_nothing_fits() -> None:
    catalog = catalog_of(addons=(replace(LORA, base="flux", base_name="Flux.1 D"),))
    with pytest.raises(UserError, match=r"baseline Flux\.1 D"):
        choices_of_entry(catalog, "lora", mark("501"))
    for which in ("image", "text", "style", "lora"):
        with pytest.raises(UserError, match="not on the list any more"):
            choices_of_entry(catalog, which, "0" * 12)


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("{p}, ink", ["**Prompt** `[your prompt], ink`"]),
        (
            "{p} as a tin toy###{np}, plastic",
            ["**Prompt** `[your prompt] as a tin toy`", "**Negative prompt** `plastic`"],
        ),
        ("{p}{np}", [""]),
    ],
)
def test_a_template_is_shown_in_words(template: str, lines: list[str]) -> None:
    assert details._template(template) == lines
