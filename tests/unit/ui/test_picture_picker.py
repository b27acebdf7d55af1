"""The private messages that ask which picture, and what becomes of the answer."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.cards import labels
from bot.cards.card import Menu
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.records import MessageRef
from bot.domain.requests import Source
from bot.errors import NotAllowed
from bot.rules.guild_settings import GuildSettings
from bot.ui.actions import context_menus, picture_picker
from tests.support import builders
from tests.support.cards import menu_of, menu_options, text_of

SOURCES = [Source(url=f"https://cdn.example/{n}.png", filename=f"{n}.png") for n in (1, 2)]


@pytest.mark.parametrize(
    "act", [context_menus.REMIX, context_menus.DESCRIBE, context_menus.UPSCALE]
)
def test_the_question_says_what_for(act: str) -> None:
    card = picture_picker.picture_question(act, SOURCES, private=True)
    assert text_of(card) == f"**{labels.WHICH[act]}**"
    assert [value for value, _ in menu_options(card)] == ["1", "2"]
    assert menu_of(card).id == f"hct:{act}:1"


@pytest.mark.parametrize(
    ("user", "channel", "hidden", "opens"),
    [
        (2, 99, True, True),  # its person, anywhere
        (8, 4, False, True),  # who sees its card
        (8, 4, True, False),
        (8, 99, False, False),
    ],
)
async def test_the_answer_still_knows_what_the_picture_came_from(
    monkeypatch: Any, user: int, channel: int, hidden: bool, opens: bool
) -> None:
    """A number in an id does not disclose a prompt that the presser may not see."""
    card = MessageRef(channel_id=4, message_id=5, ephemeral=hidden)
    made_by, done = builders.record(id=7, messages=(card,)), list[Any]()

    async def get(number: int) -> Any:
        return made_by if number == made_by.id else None

    def pictures_in(_: object) -> list[Source]:
        return SOURCES

    async def do(_: Any, act: str, source: Source, *, private: bool, record: Any) -> None:
        done.append((act, source, private, record))

    services = SimpleNamespace(history=SimpleNamespace(find=get))
    press: Any = SimpleNamespace(
        client=SimpleNamespace(services=services),
        message=object(),
        data={"values": ["2"]},
        user=SimpleNamespace(id=user),
        channel_id=channel,
    )
    monkeypatch.setattr(context_menus, "pictures_in", pictures_in)
    monkeypatch.setattr(context_menus, "do", do)
    name = menu_of(
        picture_picker.picture_question(context_menus.REMIX, SOURCES, private=False, record_id=7)
    ).id
    _, act, private, second = name.split(":")
    await context_menus.ACTIONS[act](press, int(private), int(second))
    await context_menus.ACTIONS[act](press, 1, 0)  # from a message that is not ours
    assert done == [
        (context_menus.REMIX, SOURCES[1], False, made_by if opens else None),
        (context_menus.REMIX, SOURCES[1], True, None),
    ]


def test_further_forms_of_the_horde_have_menus_of_their_own() -> None:
    offered = [f"annotation:type{number}" for number in range(30)]
    card = picture_picker.forms_question(SOURCES[0], private=False, offered=offered)
    menus = [menu for menu in card.menus if isinstance(menu, Menu)]
    usual, first, second = menus
    assert {option.value for option in usual.options} == set(FORMS)
    assert [option.value for option in (*first.options, *second.options)] == offered
    assert first.options[0].label == "Annotation (type0)"
    assert (first.most, second.most) == (16, 5)
    assert len({menu.id for menu in menus}) == 3
    rules = GuildSettings(models_blocked=("annotation",))
    left = picture_picker.forms_question(SOURCES[0], private=False, rules=rules, offered=offered)
    assert len(left.menus) == 1


def test_forms_that_a_server_blocks_are_not_in_the_menu() -> None:
    every = menu_of(picture_picker.forms_question(SOURCES[0], private=False))
    assert {option.value for option in every.options} == set(FORMS)
    rules = GuildSettings(models_blocked=("gfpgan", "caption"))
    left = menu_of(picture_picker.forms_question(SOURCES[0], private=False, rules=rules))
    assert set(FORMS) - {option.value for option in left.options} == {"GFPGAN", "caption"}
    assert left.most == len(left.options)
    none = GuildSettings(models_blocked=tuple(FORMS))
    with pytest.raises(NotAllowed, match="no form of alchemy"):
        picture_picker.forms_question(SOURCES[0], private=False, rules=none)
