"""Settings: allowed values, sources, and the one line about an error."""

import json
import os
import re
import tomllib
from pathlib import Path
from threading import Thread

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import BackendSettings, DiscordSettings, Settings, ignored_variables, load
from bot.settings.sections import SECTIONS
from tests.support.credentials import BOT_TOKEN, TOKEN_SETTING
from tests.support.paths import EXAMPLE


@pytest.fixture(autouse=True)
def _without_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def wrong(text: str = "", env: dict[str, str] | None = None) -> str:
    path = Path("config.toml")
    if text:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path if text else None, TOKEN_SETTING if env is None else env)
    assert "\n" not in str(caught.value)
    assert BOT_TOKEN not in str(caught.value)
    return str(caught.value)


def test_a_token_is_all_that_is_needed() -> None:
    settings = load(None, TOKEN_SETTING)
    assert settings.discord.token.get_secret_value() == BOT_TOKEN
    assert settings.store.path == Path("data/hordecord.db")
    assert settings.store.keep_days == 90
    assert list(settings.backends) == ["horde"]
    assert settings.backends["horde"].url == ""  # that of the type
    assert settings.backends["horde"].api_key.get_secret_value() == "0000000000"
    assert settings.http.address is None
    assert not settings.discord.message_content


def test_no_token_says_where_to_put_it() -> None:
    line = wrong(env={})
    assert line.startswith("[discord] token is missing")
    assert "config.toml" in line
    assert "HORDECORD_DISCORD__TOKEN" in line


def test_a_file_in_the_current_folder_is_found() -> None:
    Path("config.toml").write_text("[store]\nkeep_days = 7\n", encoding="utf-8")
    assert load(None, TOKEN_SETTING).store.keep_days == 7


def test_the_environment_wins_over_the_file() -> None:
    Path("mine.toml").write_text(
        f'[discord]\ntoken = "{BOT_TOKEN}"\nowner_ids = [1]\n[store]\nkeep_days = 7\n',
        encoding="utf-8",
    )
    env = {"HORDECORD_DISCORD__OWNER_IDS": "2, 3", "HORDECORD_STORE__PATH": "elsewhere.db"}
    settings = load(Path("mine.toml"), env)
    assert settings.discord.owner_ids == (2, 3)
    assert settings.store.keep_days == 7
    assert settings.store.path == Path("elsewhere.db")


def test_a_file_from_notepad_loads() -> None:
    Path("config.toml").write_bytes(b"\xef\xbb\xbf[store]\r\nkeep_days = 7\r\n")
    assert load(None, TOKEN_SETTING).store.keep_days == 7


@pytest.mark.parametrize("text", ["[1, 2]", "1,2", " 1 , 2 ", "1,2,"])
def test_a_list_in_a_variable(text: str) -> None:
    assert load(None, TOKEN_SETTING | {"HORDECORD_DISCORD__OWNER_IDS": text}).discord.owner_ids == (
        1,
        2,
    )


EVERY_VARIABLE = [
    f"HORDECORD_{'BACKENDS__HORDE' if section == 'backends' else section.upper()}__{name.upper()}"
    for section, model in SECTIONS.items()
    for name in model.model_fields
]


@pytest.mark.parametrize("text", ["", "  ", '""', "''", "\r"])
def test_empty_variable_is_not_set(text: str) -> None:
    Path("config.toml").write_text(
        f'[discord]\ntoken = "{BOT_TOKEN}"\napi = "http://127.0.0.1:1"\n', encoding="utf-8"
    )
    assert load(None, dict.fromkeys(EVERY_VARIABLE, text)) == load(None, {})


@pytest.mark.parametrize(
    "shape",
    [
        *('"{}"', "'{}'", " {} ", "{}\r", '"{}"\n', "\u201c{}\u201d", "`{}`"),
        *("{} # why", '"{}" # why', "\ufeff{}", "{}\u200b", "\u00a0{}", "{}\\n", "{}\\r\\n"),
    ],
)
def test_variable_quotes_and_spaces_around_the_value_do_not_count(shape: str) -> None:
    values = {
        "HORDECORD_DISCORD__TOKEN": BOT_TOKEN,
        "HORDECORD_DISCORD__OWNER_IDS": "1,2",
        "HORDECORD_DISCORD__MESSAGE_CONTENT": "true",
        "HORDECORD_BACKENDS__HORDE__API_KEY": "1234567890",
        "HORDECORD_STORE__KEEP_DAYS": "30",
        "HORDECORD_STORE__PATH": "data/h.db",
        "HORDECORD_HTTP__LISTEN": "0.0.0.0:8080",
        "HORDECORD_LOG__LEVEL": "DEBUG",
    }
    written = {name: shape.format(text) for name, text in values.items()}
    assert load(None, written) == load(None, values)


INJECTED = {
    "HORDECORD_SERVICE_HOST": "10.0.0.1",
    "HORDECORD_PORT": "tcp://10.0.0.1:8080",
    "HORDECORD_PORT_8080_TCP_ADDR": "10.0.0.1",
    "HORDECORD_HTTP_SERVICE_HOST": "10.0.0.1",
    "HORDECORD_SERVICE_PORT__HTTP": "8080",
    "HORDECORD_DISCORD": "{}",
    "HORDECORD_VERSION": "1.0",
    "HORDECORD_HOME": "/",
    "HORDECORD_UID": "1000",
    "HORDECORD_CONFIG": "x",
    "hordecord_port": "1",
    "HORDECORD_": "x",
}


def test_variable_of_the_platform_is_ignored_and_listed() -> None:
    assert load(None, TOKEN_SETTING | INJECTED) == load(None, TOKEN_SETTING)
    assert ignored_variables(TOKEN_SETTING | INJECTED) == dict.fromkeys(INJECTED, "")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("HORDECORD_TOKEN", "HORDECORD_DISCORD__TOKEN"),
        ("HORDECORD_LOG_LEVEL", "HORDECORD_LOG__LEVEL"),
        ("HORDECORD_DISCORD_TOKEN", "HORDECORD_DISCORD__TOKEN"),
        ("HORDECORD_STORE_KEEPDAYS", "HORDECORD_STORE__KEEP_DAYS"),
        ("hordecord_api_key", "HORDECORD_BACKENDS__HORDE__API_KEY"),
    ],
)
def test_variable_with_one_underscore_is_listed_with_the_one_meant(name: str, meant: str) -> None:
    assert ignored_variables(TOKEN_SETTING | {name: "x"}) == {name: meant}


def test_table_that_is_none_is_reported_although_a_variable_is_set() -> None:
    line = wrong("store = 5", TOKEN_SETTING | {"HORDECORD_STORE__PATH": "h.db"})
    assert line.startswith("[store] (from config.toml) must be a table of path, ")


def test_variables_do_not_mind_their_case() -> None:
    env = {"hordecord_discord__token": BOT_TOKEN, "Hordecord_Log__Level": "debug"}
    assert load(None, env).log.level == "DEBUG"


def test_other_peoples_variables_are_left_alone() -> None:
    assert load(None, TOKEN_SETTING | {"PATH": "/bin", "HORDE": "x"}).log.level == "INFO"


def test_one_variable_moves_the_default_backend() -> None:
    url = "http://127.0.0.1:9000/api/v2"
    backends = load(None, TOKEN_SETTING | {"HORDECORD_BACKENDS__HORDE__URL": url}).backends
    assert list(backends) == ["horde"]
    assert backends["horde"].url == url
    assert backends["horde"].api_key.get_secret_value() == "0000000000"


def test_a_table_of_ones_own_replaces_the_default_backend() -> None:
    Path("config.toml").write_text(
        '[backends.home]\nurl = "http://horde.lan:7001/api/v2"\n', encoding="utf-8"
    )
    assert list(load(None, TOKEN_SETTING).backends) == ["home"]


def test_an_address_to_listen_on() -> None:
    assert load(None, TOKEN_SETTING | {"HORDECORD_HTTP__LISTEN": "[::1]:80"}).http.address == (
        "::1",
        80,
    )
    assert load(None, TOKEN_SETTING | {"HORDECORD_HTTP__LISTEN": "0.0.0.0:8080"}).http.address == (
        "0.0.0.0",
        8080,
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[discord]\ntokne = 'x'",
            (
                "[discord] tokne (from config.toml) is not a setting. Did you mean token? Allowed:"
                " token, owner_ids, operator_guild_ids, message_content, api."
            ),
        ),
        (
            "[disk]\nx = 1",
            (
                "[disk] (from config.toml) is not a setting. Allowed: [discord], [bot], [store],"
                " [backends], [limits], [http], [webhook], [reference], [log]."
            ),
        ),
        (
            "[store]\nkeep_days = 0",
            "[store] keep_days (from config.toml) must be a whole number of days from 1 to 3650.",
        ),
        (
            "[discord]\nowner_ids = [5, 'ada']",
            (
                "[discord] owner_ids (from config.toml) must be a list of Discord user ids, without"
                " quotes. Found: text in quotes."
            ),
        ),
        (
            "[log]\nlevel = 'LOUD'",
            "[log] level (from config.toml) must be DEBUG, INFO, WARNING, ERROR or CRITICAL.",
        ),
        (
            "store = 5",
            "[store] (from config.toml) must be a table of path, secret_keys,",
        ),
        (
            "[backends.horde]\nkey = 'x'",
            (
                "[backends.horde] key (from config.toml) is not a setting. Did you mean api_key?"
                " Allowed: type, profile, url, title, api_key, previews, kinds, priced, safe,"
                " call_seconds, fallback."
            ),
        ),
        (
            "[backends]\nurl = 'https://aihorde.net'",
            (
                "[backends.url] (from config.toml) must be a table of type, profile, url, title,"
                " api_key, previews, kinds, priced, safe, call_seconds, fallback."
            ),
        ),
        (
            "[backends]",
            (
                "[backends] (from config.toml) must be [backends.NAME] tables, with names of"
                " lower-case letters, digits, _ and -."
            ),
        ),
        (
            "[webhook]\npublic_url = 'https://bot.example/hook'",
            (
                "[http] listen is missing: [webhook] public_url needs it. Set it in config.toml or"
                " as HORDECORD_HTTP__LISTEN, such as 127.0.0.1:8080."
            ),
        ),
        ("_cli_parse_args = true", "[_cli_parse_args] (from config.toml) is not a setting."),
        ("[self]", "[self] (from config.toml) is not a setting."),
        ("[discord\n", "config.toml is not TOML: "),
    ],
)
def test_a_wrong_file_is_one_line(text: str, line: str) -> None:
    assert wrong(text).startswith(line)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[store]\nkeepdays = 1", "keep_days"),
        ("[store]\nkeep_day = 1", "keep_days"),
        ("[stores]\nkeep_days = 1", "[store]"),
        ("[backend.horde]\nurl = 'x'", "[backends]"),
        ("keep_days = 1", "[store] keep_days"),
        ("[limits]\nopen_per_persons = 1", "open_per_person"),
        ("[http]\npublic_url = 'x'", "[webhook] public_url"),
        ("[log]\napi_key = 'x'", "[backends.NAME] api_key"),
    ],
)
def test_the_setting_that_is_meant(text: str, meant: str) -> None:
    assert f" is not a setting. Did you mean {meant}? Allowed: " in wrong(text)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("HORDECORD_STORE__KEEPDAYS", "keep_days"),
        ("HORDECORD_BACKENDS__HORDE__APIKEY", "api_key"),
        ("HORDECORD_REFERENCES__ENABLED", "[reference] enabled"),
    ],
)
def test_the_variable_that_is_meant(name: str, meant: str) -> None:
    assert f"(from {name}) is not a setting. Did you mean {meant}?" in wrong(
        env=TOKEN_SETTING | {name: "1"}
    )


def test_nothing_is_guessed_where_nothing_is_near() -> None:
    assert "Did you mean" not in wrong("[store]\nqqq = 1")
    assert "Did you mean" not in wrong("[qqq]\nqqq = 1")


MADE: dict[type, tuple[str, ...]] = {  # TOML of other types, by what a setting is
    bool: ("1", "0", "'true'", "'yes'", "1.0", "[]", "{}"),
    int: ("true", "false", "'7'", "7.0", "[7]", "{}", "1979-05-27"),
    str: ("true", "7", "7.0", "['x']", "{}", "07:32:00"),
    tuple: ("true", "7", "'1,2'", "{}", "[true]", "[7.0]", "[[]]"),
}


def kind_of(annotation: object) -> type:
    for kind in (bool, int, tuple):
        if annotation is kind or getattr(annotation, "__origin__", None) is kind:
            return kind
    return str  # and paths, secrets, words of a list


def every_setting() -> list[tuple[str, str, str]]:
    """Each setting with each value of another type."""
    return [
        ("backends.horde" if section == "backends" else section, name, value)
        for section, model in SECTIONS.items()
        for name, field in model.model_fields.items()
        for value in MADE[kind_of(field.annotation)]
    ]


@pytest.mark.parametrize(("section", "name", "value"), every_setting())
def test_a_value_of_another_type_is_refused(section: str, name: str, value: str) -> None:
    line = wrong(f"[{section}]\n{name} = {value}\n", {} if name == "token" else TOKEN_SETTING)
    assert line.startswith(f"[{section}] {name} (from config.toml) must be ")
    assert " Found: " in line


def test_in_variables_everything_is_text() -> None:
    env = {
        "HORDECORD_STORE__KEEP_DAYS": "7",
        "HORDECORD_STORE__PATH": "7",
        "HORDECORD_DISCORD__MESSAGE_CONTENT": "true",
        "HORDECORD_REFERENCE__ENABLED": "0",
        "HORDECORD_BACKENDS__HORDE__API_KEY": "1234567890",
        "HORDECORD_HTTP__LISTEN": "localhost:8080",
    }
    settings = load(None, TOKEN_SETTING | env)
    assert settings.store.keep_days == 7
    assert settings.store.path == Path("7")
    assert settings.discord.message_content
    assert not settings.reference.enabled
    assert settings.backends["horde"].api_key.get_secret_value() == "1234567890"
    assert settings.http.address == ("localhost", 8080)


def test_the_place_that_is_named_is_the_one_that_is_wrong() -> None:
    env = TOKEN_SETTING | {"HORDECORD_STORE__KEEP_DAYS": "7", "HORDECORD_REFERENCE__CIVITAI": "1"}
    assert "(from config.toml)" in wrong("[reference]\ncivitai_url = 'x'", env)
    assert "(from HORDECORD_STORE__KEEP_DAYS)" in wrong(
        "[store]\nkeep_days = 7", env | {"HORDECORD_STORE__KEEP_DAYS": "0"}
    )


def test_broken_toml_has_its_line() -> None:
    assert "line 3" in wrong("[store]\nkeep_days = 7\nbroken\n")


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("HORDECORD_DISCORD__TOKNE", "x", "[discord] tokne (from HORDECORD_DISCORD__TOKNE) is not"),
        ("HORDECORD_BACKENDS__HORDE", "{", "[backends.horde] (from HORDECORD_BACKENDS__HORDE) is"),
        (
            "HORDECORD_DISCORD__TOKEN__X",
            "x",
            "[discord] token x (from HORDECORD_DISCORD__TOKEN__X)",
        ),
        ("HORDECORD_BACKENDS__HORDE__KEY", "x", "[backends.horde] key (from HORDECORD_BACKENDS__"),
        ("HORDECORD_STORE__KEEP_DAYS", "x", "[store] keep_days (from HORDECORD_STORE__KEEP_DAYS)"),
        ("HORDECORD_STORE__PATH", "/", "[store] path (from HORDECORD_STORE__PATH) must be the"),
        ("HORDECORD_STORE__SECRET_KEYS", "abc", "[store] secret_keys (from HORDECORD_STORE__SEC"),
        ("HORDECORD_HTTP__LISTEN", "8080", "[http] listen (from HORDECORD_HTTP__LISTEN) must be"),
        ("HORDECORD_HTTP__LISTEN", "a:70000", "[http] listen (from HORDECORD_HTTP__LISTEN) must"),
        ("HORDECORD_WEBHOOK__PUBLIC_URL", "http://x.example", "[webhook] public_url (from"),
        ("HORDECORD_BACKENDS__HORDE__API_KEY", "a b", "[backends.horde] api_key (from HORDECORD_"),
        ("HORDECORD_BACKENDS__HORDE__API_KEY", "a\nb", "[backends.horde] api_key (from HORDECORD_"),
        ("HORDECORD_BACKENDS__1__URL", "http://x", "[backends.1] (from"),
    ],
)
def test_a_wrong_variable_is_one_line(name: str, value: str, start: str) -> None:
    assert wrong(env=TOKEN_SETTING | {name: value}).startswith(start)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000/api/v10", "http://127.9.9.9", "https://localhost:1/", "http://[::1]:5"],
)
def test_a_loopback_api_is_taken(url: str) -> None:
    assert load(None, TOKEN_SETTING | {"HORDECORD_DISCORD__API": url}).discord.api == url


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/api/v10",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1\\@evil.example/",
        "http://127.0.0.1#@evil.example/",
        "http://127.0.0.1?@evil.example/",
        "http://localhost.evil.example",
        "http://127.1",
        "http://0.0.0.0",
        "http://127.0.0.256",
        "http://127.0.0.1:99999/",
        "http://\uff1127.0.0.1/",
        "ftp://127.0.0.1",
        "127.0.0.1:8000",
        "http://[::]:80",
        "http://127.0.0.1/\n/",
    ],
)
def test_no_other_api_is_ever_taken(url: str) -> None:
    line = wrong(env=TOKEN_SETTING | {"HORDECORD_DISCORD__API": url})
    assert line.startswith("[discord] api (from HORDECORD_DISCORD__API) must be a loopback")


@pytest.mark.parametrize("token", ["two words", "tab\tbed", "ünïcode", "line\nline"])
def test_a_token_is_one_word_and_never_shown(token: str) -> None:
    line = wrong(env={"HORDECORD_DISCORD__TOKEN": token})
    assert line == (
        "[discord] token (from HORDECORD_DISCORD__TOKEN) must be"
        " the bot's token, from the Discord developer portal."
    )


def test_a_missing_or_unreadable_file() -> None:
    for path in (Path("nowhere.toml"), Path()):
        with pytest.raises(SettingsError, match=r"cannot be read: "):
            load(path, TOKEN_SETTING)
    Path("config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(None, TOKEN_SETTING)


def test_secrets_do_not_show() -> None:
    key, api_key = Fernet.generate_key().decode(), "horde-key-of-ours"
    settings = load(
        None,
        TOKEN_SETTING
        | {"HORDECORD_STORE__SECRET_KEYS": key, "HORDECORD_BACKENDS__HORDE__API_KEY": api_key},
    )
    assert settings.store.secret_keys[0].get_secret_value() == key
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert not any(secret in text for secret in (BOT_TOKEN, key, api_key))


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(None, TOKEN_SETTING).discord.message_content = True


def test_every_setting_says_what_is_allowed() -> None:
    for section in Settings.model_fields.values():
        model = section.annotation
        fields = getattr(model, "model_fields", {})
        assert all(field.description for field in fields.values())


def test_the_example_loads_as_it_is() -> None:
    Path("config.toml").write_bytes(EXAMPLE.read_bytes())
    assert load(None, {}) == load(
        Path(os.devnull), {"HORDECORD_DISCORD__TOKEN": "PASTE-THE-TOKEN-HERE"}
    )


def test_the_example_shows_every_setting_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = re.sub(r"^#(\w+ = )", r"\1", text, flags=re.MULTILINE)
    Path("config.toml").write_text(shown, encoding="utf-8")
    Path("example.toml").write_bytes(EXAMPLE.read_bytes())
    assert load(None, {}) == load(Path("example.toml"), {})
    tables = tomllib.loads(shown)
    for section, field in Settings.model_fields.items():
        table = tables[section]["horde"] if section == "backends" else tables[section]
        model = BackendSettings if section == "backends" else field.annotation
        assert set(table) == set(getattr(model, "model_fields", {}))


def outcome(path: Path | None, env: dict[str, str]) -> Settings | str:
    try:
        return load(path, env)
    except SettingsError as error:
        return str(error)


any_words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["TOKEN", "API", "OWNER_IDS", "X"]) | any_words, any_words))
def test_any_environment_is_settings_or_one_line(values: dict[str, str]) -> None:
    env = {f"HORDECORD_DISCORD__{name}": value for name, value in values.items()}
    result = outcome(None, env)
    assert isinstance(result, Settings) or len(result.splitlines()) == 1


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_file_is_settings_or_one_line(text: str) -> None:
    Path("config.toml").write_text(text, encoding="utf-8")
    result = outcome(None, TOKEN_SETTING)
    assert isinstance(result, Settings) or len(result.splitlines()) == 1


def test_settings_made_in_code_read_no_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HORDECORD_STORE__KEEP_DAYS", "7")
    Path("config.toml").write_text("[log]\nlevel = 'DEBUG'\n", encoding="utf-8")
    made = Settings(discord=DiscordSettings(token=SecretStr(BOT_TOKEN)))
    assert (made.store.keep_days, made.log.level) == (90, "INFO")


def test_file_that_is_a_pipe_is_read() -> None:
    os.mkfifo("pipe.toml")
    writer = Thread(target=lambda: Path("pipe.toml").write_text("[store]\nkeep_days = 7\n"))
    writer.start()
    assert load(Path("pipe.toml"), TOKEN_SETTING).store.keep_days == 7
    writer.join()


@pytest.mark.parametrize("text", ["[backends]\nhorde = 5", "backends = 5"])
def test_backend_that_is_no_table_is_reported_although_a_variable_is_set(text: str) -> None:
    line = wrong(text, TOKEN_SETTING | {"HORDECORD_BACKENDS__HORDE__API_KEY": "1234567890"})
    assert line.startswith("[backends")
    assert "(from config.toml) must be " in line


@pytest.mark.parametrize("text", ["Bot {}", "bot {}", " {} ", "Bot  {}"])
def test_token_is_read_without_the_word_of_its_header(text: str) -> None:
    assert load(None, {"HORDECORD_DISCORD__TOKEN": text.format(BOT_TOKEN)}) == load(
        None, TOKEN_SETTING
    )
    Path("config.toml").write_text(
        f"[discord]\ntoken = '{text.format(BOT_TOKEN)}'", encoding="utf-8"
    )
    assert load(None, {}).discord.token.get_secret_value() == BOT_TOKEN


def test_secret_with_a_comment_in_it_is_refused() -> None:
    assert "[discord] token" in wrong(env={"HORDECORD_DISCORD__TOKEN": f"{BOT_TOKEN}#mine"})


def test_path_with_a_home_folder_or_a_variable_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    for text in ("~/h.db", "$HOME/h.db", "${HOME}/h.db", " ~/h.db "):
        Path("config.toml").write_text(f"[store]\npath = '{text}'", encoding="utf-8")
        assert load(None, TOKEN_SETTING).store.path == Path("/home/ada/h.db")
        variable = {"HORDECORD_STORE__PATH": text}
        assert load(None, TOKEN_SETTING | variable).store.path == Path("/home/ada/h.db")


@pytest.mark.parametrize(
    "text",
    [
        *("~nosuchuser/h.db", "$NO_SUCH/h.db", "%h/h.db", "%APPDATA%/h.db", "sqlite:///data/h.db"),
        *(":memory:", "file:h.db?mode=rwc", '"h.db"', "data/", "data\\h.db", "/", ".", ""),
    ],
)
def test_path_in_another_notation_is_refused(text: str) -> None:
    if text:
        line = wrong(env=TOKEN_SETTING | {"HORDECORD_STORE__PATH": f"'{text}'"})
        assert line.startswith("[store] path (from HORDECORD_STORE__PATH) must be the path")
    line = wrong(f"[store]\npath = {json.dumps(text)}", TOKEN_SETTING)
    assert line.startswith("[store] path (from config.toml) must be the path")


def test_relative_path_is_in_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "mine.toml"
    file.write_text("[store]\nkeep_days = 7\n", encoding="utf-8")
    assert load(file, TOKEN_SETTING).store.path == tmp_path / "etc/data/hordecord.db"
    given = TOKEN_SETTING | {"HORDECORD_STORE__PATH": "here.db"}
    assert load(file, given).store.path == Path("here.db")
    file.write_text("[store]\npath = '/srv/h.db'\n", encoding="utf-8")
    assert load(file, TOKEN_SETTING).store.path == Path("/srv/h.db")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("[discord]\ntoken = abc", "Put text in quotes"),
        ("[log]\nlevel = \u201cINFO\u201d", "Put text in quotes"),
        ("[reference]\nenabled = True", "true and false in lower case"),
        ("[discord]\n[store]\n[discord]", "A section is allowed once"),
        ("[store]\nkeep_days = 1\nkeep_days = 2", "A setting is allowed once"),
        ("[store]\nkeep_days 5", "name = value"),
        ("[discord", "Close the brackets"),
        ("[discord]\nowner_ids = [1, 2", "Close the brackets"),
        ('[store]\npath = "h.db', "Close the quotes"),
        ("[store]\npath = 'h.db", "Close the quotes"),
        ('[store]\npath = "C:\\data\\h.db"', "single quotes"),
        ('[store]\npath = "C:\\Users\\h.db"', "single quotes"),
    ],
)
def test_mistake_in_toml_says_what_to_do(text: str, advice: str) -> None:
    assert advice in wrong(text)


def test_name_with_a_typing_mistake_is_reported_before_what_is_missing() -> None:
    assert "[discord] tokn (from config.toml) is not a setting. Did you mean token?" in wrong(
        "[discord]\ntokn = 'x'", {}
    )
