"""The tables of backends in the documentation and in the example are valid."""

import re
import tomllib
from typing import Any

import aiohttp
import pytest

from bot.backends import BACKENDS, open_backend
from bot.settings import Settings
from tests.support.paths import EXAMPLE, ROOT

PAGE = ROOT / "docs" / "backends.md"
BLOCKS = re.findall(
    r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def example_tables() -> str:
    """The further backends of the example, switched on."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("# [backends."))
    end = next(n for n, line in enumerate(lines) if line == "[limits]")
    wanted = re.compile(r"# (\[|[a-z_]+ = )")
    return "\n".join(line[2:] for line in lines[start:end] if wanted.match(line))


async def open_all(text: str) -> list[Any]:
    """The type of each backend of those tables; all of them can be opened."""
    settings = Settings.model_validate({"discord": {"token": "t"}, **tomllib.loads(text)})
    async with aiohttp.ClientSession() as session:
        for name, backend in settings.backends.items():
            open_backend(name, backend, session=session)
    return [backend.type for backend in settings.backends.values()]


@pytest.mark.parametrize("block", BLOCKS)
async def test_each_block_of_the_page_can_be_used(block: str) -> None:
    assert await open_all(block)


async def test_page_has_a_block_of_each_type() -> None:
    found = [kind for block in BLOCKS for kind in await open_all(block)]
    assert set(found) == set(BACKENDS)


async def test_further_backends_of_the_example_can_be_used() -> None:
    assert set(await open_all(example_tables())) == {"openai", "aipg", "a1111"}


def test_page_has_a_column_for_each_type() -> None:
    header = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if "| `horde` |" in line
    )
    assert set(re.findall(r"`(\w+)`", header)) == set(BACKENDS)
