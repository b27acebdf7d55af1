"""The proxy of the environment."""

import pytest

from bot.http.proxies import proxy_for, reach_loopback_directly, use_all_proxy

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
LAN_PROXY = "http://proxy.lan:3128"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_proxy_is_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert proxy_for("https://discord.com/api/v10") is None
    monkeypatch.setenv(name, LAN_PROXY)
    assert proxy_for("https://discord.com/api/v10") == LAN_PROXY


def test_proxy_is_not_used_for_named_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", LAN_PROXY)
    monkeypatch.setenv("NO_PROXY", "localhost,discord.com")
    assert proxy_for("https://discord.com/api/v10") is None
    assert proxy_for("https://aihorde.net/") == LAN_PROXY


def test_proxy_for_all_counts_where_none_of_the_scheme_is_named() -> None:
    env = {"ALL_PROXY": LAN_PROXY, "HTTP_PROXY": "http://other:1"}
    use_all_proxy(env)
    assert env == {"ALL_PROXY": LAN_PROXY, "HTTP_PROXY": "http://other:1", "https_proxy": LAN_PROXY}


def test_trial_reaches_its_own_servers_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"HTTP_PROXY": LAN_PROXY, "NO_PROXY": "lan"}
    reach_loopback_directly(env)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("http://127.0.0.1:8000/") is None
    assert proxy_for("http://aihorde.net/") == LAN_PROXY
