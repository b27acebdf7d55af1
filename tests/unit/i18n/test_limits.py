"""Every panel, menu, form and help page in each language keeps the limits of Discord.

The limits at which the bot cuts are lifted: a translation that is too long fails here instead of
being cut.
"""

import ast
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.cards.card import Card
from bot.i18n import LANGUAGES, Language, in_language
from bot.ui.components import modals, views
from bot.ui.components.views import layout_of
from tests.support import shown_views
from tests.support.discord.shown_limits import over_limits
from tests.support.fakes.form_press import Shown
from tests.support.json_types import Json
from tests.support.paths import ROOT
from tests.support.shown_views import VIEWS

LIFTED = {
    modals: ("MODAL_TITLE_MAX", "INPUT_LABEL_MAX", "INPUT_HINT_MAX"),
    views: ("COMPONENTS_MAX", "LABEL_MAX", "OPTION_MAX", "OPTIONS_MAX", "ROW_MAX", "TEXT_MAX"),
}
HELPERS = frozenset({"modal_of", "without_files"})  # they build what others give them


@pytest.fixture
def uncut(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, names in LIFTED.items():
        for name in names:
            monkeypatch.setattr(module, name, 10**6)


def body_of(shown: Shown) -> Json:
    if isinstance(shown, Card):
        return {"components": layout_of(shown).to_components()}
    return shown.to_dict()


@pytest.mark.usefixtures("uncut")
@pytest.mark.parametrize("all_views", VIEWS, ids=lambda views: views.__name__)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
async def test_views_in_each_language_keep_the_limits_of_discord(
    language: Language, all_views: Callable[[], AsyncIterator[Shown]]
) -> None:
    with in_language(language):
        bodies = [body_of(shown) async for shown in all_views()]
    assert bodies
    assert [fault for body in bodies for fault in over_limits(body)] == []


def built_in_ui() -> Iterator[str]:
    """The public functions of bot/ui that return a card or a modal."""
    for path in sorted((ROOT / "bot/ui").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in (one for one in tree.body if isinstance(one, ast.FunctionDef)):
            shown = node.returns is not None and ast.unparse(node.returns) in {"Card", "ui.Modal"}
            if shown and not node.name.startswith("_"):
                yield node.name


def test_every_card_and_modal_of_the_ui_is_checked() -> None:
    tree = ast.parse((ROOT / shown_views.__name__.replace(".", "/")).with_suffix(".py").read_text())
    used = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
    assert set(built_in_ui()) - HELPERS - used == set()


def test_a_text_that_is_too_long_is_found() -> None:
    button: Json = {"type": 2, "custom_id": "x", "label": "y" * 81}
    option: Json = {"label": "", "value": "v", "description": "z" * 101}
    menu: Json = {"type": 3, "custom_id": "m", "placeholder": "p" * 101, "options": [option]}
    rows: list[Json] = [{"type": 1, "components": [part]} for part in (button, menu)]
    field: Json = {"type": 4, "custom_id": "f"}
    label: Json = {"type": 18, "label": "l" * 46, "description": "h" * 101, "component": field}
    assert len(over_limits({"components": [*rows, {"type": 10, "content": "t" * 4_001}]})) == 6
    assert len(over_limits({"title": "t" * 46, "components": [label]})) == 3
