"""Modals, routed by custom_id: discord.py forgets its own when the bot restarts."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, cast

import discord
from discord import ui

from bot.client import HordecordBot
from bot.ui import edit, gifts, kudos_words, sentences, words
from bot.ui.card import Verb
from bot.ui.markdown import safe_line
from bot.ui.sheets import PREFIX, Input, sheet

LOGIN = "login"
KEY = "key"
KEY_MAX = 64  # a Horde key has 22 characters, a shared key 36

Submission = discord.Interaction[HordecordBot]
Act = Callable[[Submission, Mapping[str, str]], Awaitable[None]]


def login_modal() -> ui.Modal:
    """Asks for an API key. Never prefilled, and its answer is for its person alone."""
    key = Input(KEY, sentences.LOGIN_LABEL, sentences.LOGIN_HINT, most=KEY_MAX, least=1)
    return sheet(LOGIN, sentences.LOGIN_TITLE, key)


async def log_in(submission: Submission, fields: Mapping[str, str]) -> None:
    """Check a key with the backend and keep it sealed."""
    await submission.response.defer(ephemeral=True, thinking=True)  # it asks the network
    account = await submission.client.service.logins.login(submission.user.id, fields.get(KEY, ""))
    said = sentences.LOGGED_IN.format(
        username=safe_line(account.username, 100), kudos=words.kudos(account.kudos)
    )
    await submission.followup.send(said, ephemeral=True)


ACTS: dict[str, Act] = {
    LOGIN: log_in,
    kudos_words.SERVER_LOGIN: gifts.log_server_in,
    kudos_words.GIFT: gifts.give,
    Verb.EDIT: edit.edited,
    Verb.USE: edit.used,
}


async def on_interaction(interaction: discord.Interaction[Any]) -> None:
    """Lead a submitted modal of ours to what it is for, also one from before a restart."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    name, _, _ = (interaction.custom_id or "").removeprefix(PREFIX).partition(":")
    bot: HordecordBot = interaction.client
    if name not in ACTS:
        return
    try:
        if bot.admits(interaction):
            await ACTS[name](interaction, fields_of(interaction))
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        await bot.report(interaction, error)


def fields_of(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was typed, by the input's custom_id."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return dict(_typed(data.get("components", ())))


def _typed(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("components") or filter(None, [component.get("component")])
        yield from _typed(list(inner))
        if "custom_id" in component and isinstance(component.get("value"), str):
            yield component["custom_id"], component["value"]


def register(bot: HordecordBot) -> None:
    """From now on submissions lead here."""
    bot.add_listener(on_interaction, "on_interaction")
