"""Rules for buttons and their emoji."""

from sandbox.discord.rules.component_types import component, custom_id
from sandbox.discord.rules.emoji import is_emoji
from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    boolean,
    choice,
    model,
    refuse_missing,
    snowflake,
    text,
    url,
)

LINK, PREMIUM = 5, 6  # the styles that send no interaction


def _emoji_rules(report: ErrorReport, emoji: JSON) -> None:
    if emoji.get("id") is not None:
        return
    if emoji.get("name") is None:
        refuse_missing(report / "name")
    elif not is_emoji(emoji["name"]):
        (report / "name").refuse("COMPONENT_INVALID_EMOJI", "Invalid emoji")


emoji = model(
    {"id": snowflake, "name": text(0, 32), "animated": boolean},
    also=_emoji_rules,
)


_NOT_WITH = {
    **{style: {"url", "sku_id"} for style in (1, 2, 3, 4)},
    LINK: {"custom_id", "sku_id"},
    PREMIUM: {"custom_id", "url", "label", "emoji"},
}


def _button_rules(report: ErrorReport, button: JSON) -> None:
    style = button["style"]
    sends = style not in {LINK, PREMIUM}
    has = {key for key in ("custom_id", "url", "sku_id", "label", "emoji") if button.get(key)}
    if sends and "custom_id" not in has:
        (report / "custom_id").refuse(
            "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"
        )
    if style == LINK and "url" not in has:
        (report / "url").refuse("BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
    if style == PREMIUM and "sku_id" not in has:
        (report / "sku_id").refuse("BUTTON_COMPONENT_SKU_ID_REQUIRED", "A sku id is required")
    if {"custom_id", "url"} <= has:
        report.refuse(
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            "A custom id and url cannot both be specified",
        )
    for key in sorted(has & _NOT_WITH[style]):
        (report / key).refuse(
            "BUTTON_COMPONENT_INVALID_FIELD", f"A button of style {style} cannot have this field"
        )
    if style != PREMIUM and not has & {"label", "emoji"}:
        (report / "label").refuse(
            "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required"
        )


button = component(
    "style",
    style=choice(1, 2, 3, 4, LINK, PREMIUM),
    custom_id=custom_id,
    label=text(0, 80),
    url=url(512, "http", "https", "discord"),
    sku_id=snowflake,
    emoji=emoji,
    disabled=boolean,
    also=_button_rules,
)
