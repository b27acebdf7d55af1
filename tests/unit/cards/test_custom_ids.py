"""The text of custom_ids. Messages that were posted long ago hold them: they never change."""

from typing import Any

import pytest

from bot.cards import custom_ids
from bot.cards.custom_ids import INTEGER_MAX, IdFormat

POSTED: dict[str, tuple[Any, ...]] = {
    "hc:edit:7": ("CARD", "edit", 7, 0),
    "hc:vary:7:2": ("CARD", "vary", 7, 2),
    "hct:remix:1": ("ACTION", "remix", 1, 0),
    "hct:remove:7:1573653940162002944": ("ACTION", "remove", 7, 1573653940162002944),
    "hcq:cancel:7": ("CANCEL_REQUEST", 7),
    "hcq:show:7": ("SHOW_REQUEST", 7),
    "hcq:all": ("CANCEL_ALL",),
    "hcq:refresh": ("REFRESH_QUEUE",),
    "hch:page:0:26:--:": ("HISTORY", "page", 0, 26, "--", ""),
    "hch:save:30:9:is:a fox: red": ("HISTORY", "save", 30, 9, "is", "a fox: red"),
    "hcb:list:image:2:glow": ("BROWSE_PAGE", "image", 2, "glow"),
    "hcb:list:own_worker:1:": ("BROWSE_PAGE", "own_worker", 1, ""),
    "hcb:look:lora:0:": ("SHOW_ENTRY", "lora", 0, ""),
    "hcb:look:leader:0:basalt": ("SHOW_ENTRY", "leader", 0, "basalt"),
    "hcb:use:style:0123456789ab": ("USE_ENTRY", "style", "0123456789ab"),
    "hcb:default:text:0123456789ab": ("SET_DEFAULT_ENTRY", "text", "0123456789ab"),
    "hcb:ask:text:0123456789ab": ("ENTRY_MODAL", "text", "0123456789ab"),
    "hcy:open:image:12345678-90ab-cdef-1234-567890abcdef": (
        "STYLE_FORM_BUTTON",
        "image",
        "12345678-90ab-cdef-1234-567890abcdef",
    ),
    "hcy:form:text:1577026869776089088": ("STYLE_FORM", "text", "1577026869776089088"),
    "hcy:ask:image:12345678-90ab-cdef-1234-567890abcdef": (
        "ASK_TO_DELETE_OWNED",
        "image",
        "12345678-90ab-cdef-1234-567890abcdef",
    ),
    "hcy:delete:collection:12345678-90ab-cdef-1234-567890abcdef": (
        "DELETE_OWNED",
        "collection",
        "12345678-90ab-cdef-1234-567890abcdef",
    ),
    "hcy:keep": ("KEEP_OWNED",),
    "hcs:go:6": ("SETUP_STEP", 6),
    "hcs:pick:channels_allowed:2": ("CHOOSE_RULE", "channels_allowed", 2),
    "hcs:flip:spoiler:3": ("TOGGLE_SPOILER", 3),
    "hcs:chat:chat_publish": ("TOGGLE_CHAT_RULE", "chat_publish"),
    "hcs:key": ("OPEN_SERVER_KEY_MODAL",),
    "hcs:key:remove": ("REMOVE_SERVER_KEY",),
    "hcs:key:keep": ("KEEP_SERVER_KEY",),
    "hcs:test": ("MAKE_TEST_PICTURE",),
    "hcs:import": ("CONFIRM_IMPORT",),
    "hco:page:3": ("GUILD_PAGE", 3),
    "hco:look:3": ("SHOW_GUILD", 3),
    "hco:ask:100:0": ("ASK_TO_LEAVE", 100, 0),
    "hco:leave:100:0": ("LEAVE_GUILD", 100, 0),
    "hco:send": ("SEND_BROADCAST",),
    "hco:stop": ("STOP_BROADCAST",),
    "hcr:7:2:10": ("RATE", 7, 2, 10),
    "hcra:7:2:10:0": ("RATE_ARTIFACTS", 7, 2, 10, 0),
    "hcf:forget": ("FORGET_EVERYTHING",),
    "hcf:keep": ("KEEP_EVERYTHING",),
    "hcw:make:7": ("MAKE_CHANGE", 7),
    "hcw:keep:7": ("KEEP_UNCHANGED", 7),
    "hcc:next:7": ("CHAT_MESSAGE", "next", 7),
    "hcc:at:settings:7": ("CONVERSATION", "settings", 7),
    "hcc:set:max_length:7": ("CHAT_SETTING", "max_length", 7),
    "hcm:chat:reply:7": ("CHAT_MODAL", "reply", 7),
    "hcd:edit:7": ("CHARACTER", "edit", 7),
    "hcm:character:create:0": ("CHARACTER_MODAL", "create", 0),
    "hcp:erase:7": ("PERSONA", "erase", 7),
    "hcm:persona:0": ("PERSONA_MODAL", 0),
    "hcl:erase:7": ("LOREBOOK", "erase", 7),
    "hcm:login": ("LOGIN_MODAL", ""),
    "hcm:login:own-gpu": ("LOGIN_MODAL", "own-gpu"),
    "hcm:serverkey": ("SERVER_KEY_MODAL", ""),
    "hcm:serverkey:own-gpu": ("SERVER_KEY_MODAL", "own-gpu"),
    "hcm:gift": ("GIFT_MODAL",),
    "hcm:giftto:123456789012345678": ("MEMBER_GIFT_MODAL", 123456789012345678),
    "hcm:broadcast": ("BROADCAST_MODAL",),
    "hcm:fields:123456789012345": ("FIELDS_MODAL", 123456789012345),
    "hcm:askfields:123456789012345": ("OPEN_FIELDS", 123456789012345),
    "hcm:edit:7:0": ("EDIT_MODAL", 7, 0),
    "hcm:use:7:2": ("USE_MODAL", 7, 2),
    "hcm:remix:123456789012345:0": ("REMIX_MODAL", 123456789012345, 0),
    "hcm:animate:123456789012345:0": ("ANIMATE_MODAL", 123456789012345, 0),
}
ID_FORMATS: dict[str, IdFormat[*tuple[Any, ...]]] = {
    name: value for name, value in vars(custom_ids).items() if isinstance(value, IdFormat)
}


@pytest.mark.parametrize("text", POSTED)
def test_posted_ids_are_parsed_by_one_format_and_written_the_same(text: str) -> None:
    name, *values = POSTED[text]
    assert {one for one, form in ID_FORMATS.items() if form.parse(text) is not None} == {name}
    assert ID_FORMATS[name].parse(text) == tuple(values)
    assert ID_FORMATS[name](*values) == text


def test_every_format_has_a_posted_id() -> None:
    assert {name for name, *_ in POSTED.values()} == ID_FORMATS.keys()


def test_a_default_that_was_written_out_is_parsed() -> None:
    assert custom_ids.CARD.parse("hc:vary:7:0") == ("vary", 7, 0)


@pytest.mark.parametrize(
    "text",
    [
        "hc:vary",
        "hc:vary:7:",
        "hc:vary:7:123",
        "hc:vary:-7",
        "hc:vary:\u0667",
        "hc:vary:7 ",
        "xhc:a:1",
    ],
)
def test_other_text_is_no_id(text: str) -> None:
    assert custom_ids.CARD.parse(text) is None


def test_integers_out_of_bounds_are_no_id() -> None:
    assert custom_ids.ACTION.parse(f"hct:report:1:{INTEGER_MAX}") == ("report", 1, INTEGER_MAX)
    assert custom_ids.ACTION.parse(f"hct:report:1:{INTEGER_MAX + 1}") is None
