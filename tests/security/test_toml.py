"""Odd settings: each loads or is refused in one line that holds nothing of a secret."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load
from tests.support.credentials import BOT_TOKEN, TOKEN_SETTING


@pytest.mark.parametrize(
    "text",
    [
        b"\x00",
        b"\xff\xfe[\x00s\x00",
        b"[store\n",
        b"store = 5\n",
        b"[store]\nkeep_days = 1\nkeep_days = 2\n",
        b"[store]\nkeep_days = 1\n[store]\n",
        b"[store]\nkeep_days = 1e400\n",
        b"[store]\nkeep_days = nan\n",
        b"[store]\nkeep_days = 1979-05-27\n",
        b"[store]\nkeep_days = " + b"9" * 5_000 + b"\n",
        b'[store]\n"keep\\u005fdays" = -1\n',
        b"[store]\npath = ''\n",
        b"[[store]]\nkeep_days = 7\n",
        b"[backends.\"../x\"]\nurl = 'https://x.test'\n",
        b"[backends.\"\"]\nurl = 'https://x.test'\n",
        b"[backends.horde]\nurl = 'https://aihorde.net@evil.test/api/v2'\n",
        b"[backends.horde]\nurl = 'https://aihorde.net\\evil'\n",
        b"[backends.horde]\nurl = 'file:///etc/passwd'\n",
        b'[backends.horde]\napi_key = "with\\u0000nul"\n',
        b'[backends.horde]\napi_key = "two\\r\\nX-Evil: lines"\n',
        b"[discord]\napi = 'https://discord.com.evil.test/api'\n",
        b"[discord]\napi = 'http://127.0.0.1@evil.test/'\n",
        b"[discord]\nowner_ids = [-1]\n",
        b"[discord]\nowner_ids = [99999999999999999999]\n",
        b"[http]\nlisten = '0.0.0.0:99999'\n",
        b"[webhook]\npublic_url = 'javascript:alert(1)'\n",
        b"[webhook]\npublic_url = 'https://x.test/?a=b'\n[http]\nlisten = '127.0.0.1:1'\n",
        b"[reference]\nmodels_url = 'file:///etc/passwd'\n",
        b"[reference]\nmodels_url = 'http://169.254.169.254/x'\n",
        b"[log]\nlevel = '__class__'\n",
        b"x" + b".x" * 3_000 + b" = 1\n",
    ],
    ids=range(31),
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_one_line(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text)
    with pytest.raises(SettingsError) as caught:
        load(path, TOKEN_SETTING)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) < 1_000
    assert BOT_TOKEN not in line


def test_a_secret_is_in_no_picture_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[backends.horde]\napi_key = 'a-key-of-mine'\n", encoding="utf-8")
    settings = load(path, TOKEN_SETTING)
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert BOT_TOKEN not in text
        assert "a-key-of-mine" not in text
