"""The docs are true: settings, commands, links."""

import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast, get_args

import pytest
from pydantic import BaseModel

import bot.ui.actions.picture_actions
from bot.catalog import Catalog
from bot.domain.requests import ImageRequest
from bot.settings import Settings, load
from tests.support.fakes.submission import client_in
from tests.support.pages import anchors
from tests.support.paths import EXAMPLE, PAGES, ROOT

MARKDOWN_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MADE_UP = "cogs/wallpaper.py"  # the file that docs/extending.md writes
OPERATING = ROOT / "docs" / "operating.md"


def settings_of(model: type[BaseModel], *path: str) -> dict[tuple[str, ...], Any]:
    """Every setting by its path; a table with names of the operator's own counts as one."""
    found: dict[tuple[str, ...], Any] = {}
    for name, field in model.model_fields.items():
        inner = field.annotation
        if name == "backends":
            inner = get_args(inner)[1]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= settings_of(inner, *path, name)
        else:
            found[*path, name] = field
    return found


SETTINGS = sorted(settings_of(Settings))


def test_the_walk_finds_the_settings() -> None:
    assert ("discord", "token") in SETTINGS
    assert ("backends", "url") in SETTINGS
    assert len(SETTINGS) > 9


@pytest.mark.parametrize("path", SETTINGS, ids=".".join)
def test_every_setting_is_in_the_example_and_in_the_docs(path: tuple[str, str]) -> None:
    section, name = path
    example = EXAMPLE.read_text(encoding="utf-8")
    table = re.split(r"^#? ?\[", example, flags=re.MULTILINE)
    inside = [part for part in table if part.startswith(section)]
    assert any(re.search(rf"^#? ?{name} *=", part, re.MULTILINE) for part in inside), path
    docs = OPERATING.read_text(encoding="utf-8")
    assert re.search(rf"^\| `\[{section}(\.NAME)?\] {name}` \|", docs, re.MULTILINE), path


def test_the_docs_know_no_other_setting() -> None:
    docs = OPERATING.read_text(encoding="utf-8")
    for section, name in re.findall(r"^\| `\[(\w+)(?:\.NAME)?\] (\w+)` \|", docs, re.MULTILINE):
        assert (section, name) in SETTINGS


def test_the_example_shows_each_default() -> None:
    """With every line switched on, nothing changes."""
    text = re.sub(r"^#(?=[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown, token = tomllib.loads(text), {"discord": {"token": "a-token-for-this-test"}}
    shown["discord"]["token"] = token["discord"]["token"]
    assert {(s, n) for s in shown for n in shown[s] if s != "backends"} == {
        path for path in SETTINGS if path[0] != "backends"
    }
    assert set(shown["backends"]["horde"]) == {name for s, name in SETTINGS if s == "backends"}
    assert Settings.model_validate(shown) == Settings.model_validate(token)


def test_the_example_loads() -> None:
    raw = EXAMPLE.read_text(encoding="utf-8")
    assert tomllib.loads(raw)
    load(EXAMPLE, {"HORDECORD_DISCORD__TOKEN": "a-token-for-this-test"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in MARKDOWN_LINK.findall(text):
        if link.startswith(("https://", "http://")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page.name}: {link}"


def test_the_readme_is_short_and_names_both_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    assert "\ngit clone https://github.com/hordecord/hordecord && cd hordecord" in text
    assert ".venv/bin/hordecord try\n" in text
    assert ".venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest -n auto\n" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_pages_name_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:bot|cogs|sandbox|tests|docs|bench)/[\w/.-]+)`", text):
        assert (ROOT / name).exists() or name == MADE_UP, f"{page.name}: {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_the_docs_is_python(page: Path) -> None:
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        compile(block.rstrip().removesuffix(","), page.name, "exec")


async def test_the_example_of_a_command_works(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(\"\"\"/wallpaper.*?)```", text, re.DOTALL)
    assert example is not None
    module = ModuleType("wallpaper")
    monkeypatch.setitem(sys.modules, "wallpaper", module)
    exec(compile(example[1], MADE_UP, "exec"), vars(module))
    bot = client_in(catalog=Catalog({"horde": cast("Any", None)}, ROOT))
    submitted: list[ImageRequest] = []

    async def submit(_press: object, _context: object, request: ImageRequest) -> None:
        submitted.append(request)

    bot.submit = submit
    cog = module.Wallpaper(bot)
    await cog.wallpaper.callback(cog, SimpleNamespace(), "a bridge in fog")
    assert [(r.prompt, r.width, r.height) for r in submitted] == [("a bridge in fog", 1344, 768)]


async def test_the_example_of_a_button_works() -> None:
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(async def looser.*?)```", text, re.DOTALL)
    assert example is not None
    given: dict[str, Any] = vars(bot.ui.actions.picture_actions) | {"Press": object}
    exec(compile(example[1], "bot/ui/actions/result_buttons.py", "exec"), given)
    sent: list[Any] = []

    async def pressable(_: object, record_id: int) -> SimpleNamespace:
        assert record_id == 12
        return SimpleNamespace(request=ImageRequest(prompt="a kite", seed="7"), is_over=True)

    async def submit(_press: object, _where: object, request: ImageRequest, *, parent: int) -> None:
        sent.append((request.prompt, request.seed, request.cfg_scale, parent))

    client = client_in(history=SimpleNamespace(pressable=pressable))
    client.submit = submit
    await given["looser"](SimpleNamespace(client=client), 12, 0)
    assert sent == [("a kite", "", 4.0, 12)]


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").lower()
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=~;\[ ]", requirement)[0]
        assert re.search(rf"^\| (.*, )?{re.escape(name)}(,.*)? \|", page, re.MULTILINE), name
