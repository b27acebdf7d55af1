"""The command line: what it prints and how it exits."""

import base64
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from bot.cli.commands import main
from bot.cli.invite import PERMISSIONS
from bot.version import __version__

HEAD = base64.urlsafe_b64encode(b"1042424242424242424").decode().rstrip("=")
CIRCLE = '[backends.horde]\nfallback = "gpu"\n[backends.gpu]\nfallback = "horde"\n'
SHAPED_TOKEN = f"{HEAD}.GkqLmN.{'x' * 38}"


@pytest.fixture(autouse=True)
def _clean_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("HORDECORD_"):
            monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def invoke(*arguments: str, **env: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments, env=env)
    return result.exit_code, result.stdout, result.stderr


def test_help_names_every_command() -> None:
    code, out, _ = invoke("--help")
    assert code == 0
    for name in ("run", "try", "check", "keygen", "invite"):
        assert re.search(rf"^  {name} ", out, re.MULTILINE)
    assert __version__ in invoke("--version")[1]


def test_help_is_not_cut() -> None:
    assert "..." not in invoke("--help")[1].replace("[ARGS]...", "")


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[backends.horde]\nfallback = "gpu"\n', "must be the name of another backend"),
        (CIRCLE, "fallback leads back to horde"),
    ],
)
def test_check_tells_a_wrong_fallback(toml: str, words: str) -> None:
    Path("config.toml").write_text(toml, encoding="utf-8")
    code, out, _ = invoke("check", HORDECORD_DISCORD__TOKEN=SHAPED_TOKEN)
    assert code == 1
    assert "[backends.horde]" in out
    assert words in " ".join(out.split())


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "latin-1"])
def test_console_without_a_character_shows_the_rest(encoding: str) -> None:
    Path("\u2728.toml").write_text("[disk]", encoding="utf-8")
    result = CliRunner(charset=encoding).invoke(main, ["check", "--config", "\u2728.toml"])
    assert result.exit_code == 1
    assert "WRONG  Settings  [disk] (from \\u2728.toml) is not a setting." in result.stdout


def test_keygen_prints_a_key() -> None:
    code, out, _ = invoke("keygen")
    assert code == 0
    Fernet(out.strip())
    assert out != invoke("keygen")[1]


@pytest.mark.parametrize("command", ["run", "invite"])
def test_wrong_settings_are_one_line_and_exit_2(command: str) -> None:
    code, out, err = invoke(command)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "[discord] token is missing" in err


def test_a_config_that_is_not_there() -> None:
    code, _, err = invoke("run", "--config", "nowhere.toml")
    assert code == 2
    assert err.startswith("hordecord: nowhere.toml cannot be read")


def test_an_api_that_is_not_loopback_is_refused_before_anything_is_sent() -> None:
    code, _, err = invoke(
        "run", HORDECORD_DISCORD__TOKEN=SHAPED_TOKEN, HORDECORD_DISCORD__API="https://evil.example"
    )
    assert code == 2
    assert "[discord] api" in err
    assert SHAPED_TOKEN not in err


def test_an_unknown_kind_of_backend_exits_2() -> None:
    code, _, err = invoke(
        "run", HORDECORD_DISCORD__TOKEN=SHAPED_TOKEN, HORDECORD_BACKENDS__HORDE__TYPE="unheard"
    )
    assert code == 2
    assert "[backends.horde] type" in err


def test_trouble_that_is_no_setting_exits_1(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    code, _, err = invoke(
        "run", HORDECORD_DISCORD__TOKEN=SHAPED_TOKEN, HORDECORD_STORE__PATH="file/hordecord.db"
    )
    assert code == 1
    assert err.startswith("hordecord: ")


def test_check_of_wrong_settings_is_a_table_and_exits_1() -> None:
    code, out, _ = invoke("check")
    assert code == 1
    assert out.startswith("WRONG  Settings  [discord] token is missing")


def test_invite_prints_both_links_and_each_reason() -> None:
    code, out, _ = invoke("invite", HORDECORD_DISCORD__TOKEN=SHAPED_TOKEN)
    assert code == 0
    links = re.findall(r"https://\S+", out)
    assert all("client_id=1042424242424242424" in link for link in links)
    assert "scope=bot+applications.commands" in links[0]
    # View Channels, Send Messages, Embed Links, Attach Files, Read Message History
    plain = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16
    # Create Public Threads, Send Messages in Threads, Manage Webhooks
    assert f"permissions={plain | 1 << 35 | 1 << 38 | 1 << 29}" in links[0]
    assert links[1].endswith("integration_type=1&scope=applications.commands")
    assert all(reason in out for reason in PERMISSIONS.values())
    assert SHAPED_TOKEN not in out


def test_invite_without_an_id_in_the_token_and_without_network() -> None:
    code, out, err = invoke(
        "invite",
        HORDECORD_DISCORD__TOKEN="no-id-in-here",
        HORDECORD_DISCORD__API="http://127.0.0.1:9",
    )
    assert (code, out) == (1, "")
    assert "hordecord check" in err
    assert "no-id-in-here" not in err
