"""What /server shows: rules, changes, panels and files, without a Discord."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import formatting
from bot.cards.card import COMPONENTS_MAX, OPTIONS_MAX, TEXT_MAX, Card, quiet_card
from bot.cards.custom_ids import (
    CHOOSE_RULE,
    CONFIRM_IMPORT,
    MAKE_TEST_PICTURE,
    OPEN_SERVER_KEY_MODAL,
    SETUP_STEP,
    TOGGLE_SPOILER,
)
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.kudos.budgets import Budget
from bot.domain.requests import ImageChoices, Kind
from bot.errors import BadOption
from bot.rules.guild_settings import NO_RULES, PLACES_MAX, WORDS_MAX, GuildSettings, WordRule
from bot.rules.word_filter import pointless
from bot.ui.components.views import layout_of
from bot.ui.server.buttons import RULES
from bot.ui.server.cards import (
    LABELS,
    VALUES,
    changed_card,
    changes,
    log_card,
    rule_list_card,
    rules_card,
    some_card,
)
from bot.ui.server.import_export import ServerFile, parsed
from bot.ui.server.panel import (
    LAST,
    MODEL,
    PanelData,
    channels_card,
    press_roles_card,
    roles_card,
    setup_card,
    with_confirm_button,
)
from tests.support.cards import text_of
from tests.support.json_types import Json

SERVER_IDS = (
    SETUP_STEP,
    OPEN_SERVER_KEY_MODAL,
    CHOOSE_RULE,
    TOGGLE_SPOILER,
    MAKE_TEST_PICTURE,
    CONFIRM_IMPORT,
)
FULL = GuildSettings(
    nsfw="off",
    spoiler=True,
    channels_allowed=tuple(range(10**18, 10**18 + PLACES_MAX)),
    channels_denied=tuple(range(10**17, 10**17 + PLACES_MAX)),
    roles_allowed=tuple(range(10**16, 10**16 + PLACES_MAX)),
    roles_denied=(1,),
    words=tuple(WordRule(text=f"{n:03}" + "`" * 90) for n in range(WORDS_MAX)),
    models_blocked=tuple("m" * 200 + str(n) for n in range(200)),
    styles_blocked=("raw",),
    loras_blocked=("1", "**bold** @everyone"),
    press="anyone",
    press_roles=(2, 3),
    log_channel=4,
    language="de",
    backend="other",
    most_steps=33,
    most_side=1000,
    most_count=7,
    gift_emoji="<:kudos:900000000000000001>",
    gift_amount=25,
    gift_daily=3,
    chat=False,
    chat_channels=tuple(range(10**18, 10**18 + PLACES_MAX)),
    chat_start_roles=tuple(range(10**16, 10**16 + PLACES_MAX)),
    chat_roles=(5,),
    chat_models=tuple("t" * 200 + str(n) for n in range(200)),
    chat_character="Ada `Lovelace`",
    chat_publish=False,
    chat_webhooks=True,
    budget=Budget(a_day=5_000, roles=((3, 10.0),)),
    budgets={"grid": Budget(a_day=2_500_000, unit=PriceUnit.MICRO_USD)},
)
FULL_OF_ROLES = tuple((10**18 + n, 1_000.0) for n in range(25))
STANDING = PanelData(
    payer="paid by your key",
    defaults=ImageChoices(models=("Deliberate",), steps=20, negative="fog " * 500),
    models=[f"Model {n}" * 9 for n in range(40)],
)


def parts(components: list[Json]) -> Iterator[Json]:
    for part in components:
        yield part
        yield from parts(part.get("components", []))


# Cards


def test_every_rule_has_a_label() -> None:
    assert LABELS.keys() == GuildSettings.model_fields.keys()
    for name, value in GuildSettings():
        if isinstance(value, str) and value:
            assert value in VALUES, name


def test_without_rules_the_card_says_so() -> None:
    assert "No rules are set" in text_of(rules_card(NO_RULES))
    assert "Nothing was changed." in text_of(changed_card(NO_RULES, NO_RULES))


def test_the_card_names_every_rule_that_was_set() -> None:
    text = text_of(rules_card(FULL))
    for label in LABELS.values():
        assert f"**{label}**" in text
    for shown in (
        "<#4>",
        "<@&2>",
        "33",
        f"5,000{formatting.NBSP}kudos per day",
        "`grid`: $2.50 per day",
        "nowhere",
        " more",
    ):
        assert shown in text


@pytest.mark.parametrize("rules", [NO_RULES, FULL])
def test_a_change_is_told_from_what_to_what(rules: GuildSettings) -> None:
    other = FULL if rules is NO_RULES else NO_RULES
    lines = changes(rules, other)
    assert len(lines) == len(GuildSettings.model_fields)
    for card in (changed_card(rules, other, "a note"), log_card(7, lines)):
        layout_of(card)
    assert "not set → 33" in "\n".join(changes(NO_RULES, FULL))
    fewer = FULL.model_copy(update={"press_roles": (3, 9)})
    assert changes(FULL, fewer) == [f"**{LABELS['press_roles']}**: added <@&9>; removed <@&2>"]


def test_a_change_of_everything_fits_on_one_card() -> None:
    full = FULL.model_copy(update={"budget": Budget(roles=FULL_OF_ROLES, then_next=False)})
    other = full.model_copy(
        update={
            name: tuple(reversed([one + 1 for one in getattr(full, name)]))
            for name in ("channels_allowed", "channels_denied", "roles_allowed")
        }
        | dict.fromkeys(("models_blocked", "styles_blocked"), ("n" * 200,) * 9)
    )
    for text in ("\n".join(changes(full, other)), text_of(rules_card(full))):
        assert len(text) < TEXT_MAX - 1_000  # room for what else stands there


def test_some_rules_are_shown_as_they_stand() -> None:
    text = text_of(some_card(FULL, ("most_steps", "spoiler"), "and more"))
    assert text == "**Maximum steps per image**: 33\n**Images behind a spoiler**: yes\nand more"
    assert "**Maximum steps per image**: not set" in text_of(some_card(NO_RULES, ("most_steps",)))


def test_a_list_alone_shows_more_of_it_than_a_line_among_all() -> None:
    entries = tuple(WordRule(text=f"word{n}") for n in range(100))
    text = text_of(rule_list_card("words", entries))
    assert "`word99`" in text
    assert "(100)" in text
    long = text_of(rule_list_card("words", FULL.words))
    assert len(long) < TEXT_MAX
    assert " more" in long


def test_names_of_strangers_stay_names() -> None:
    text = text_of(rules_card(FULL))
    assert "`**bold** @\u200beveryone`" in text or "@everyone" not in text


# Panels


def flat_components(card: Card) -> list[Json]:
    return list(parts(layout_of(card).to_components()))


def cards() -> Iterator[tuple[str, Card]]:
    for rules in (NO_RULES, FULL):
        for step in range(1, LAST + 1):
            yield f"step {step}", setup_card(step, rules, STANDING, "a note")
            yield f"step {step}", setup_card(step, rules, PanelData())
        yield "channels", channels_card(rules, "a note")
        yield "roles", roles_card(rules)
        yield "buttons", press_roles_card(rules)


def test_panels_keep_to_discords_limits() -> None:
    for name, card in cards():
        found = flat_components(card)
        assert len(found) <= COMPONENTS_MAX, name
        assert sum(len(part.get("content", "")) for part in found) <= TEXT_MAX, name
        for part in found:
            options = part.get("options", [])
            assert len(options) <= OPTIONS_MAX, name
            assert sum(bool(option.get("default")) for option in options) <= 1, name
            assert len({option["value"] for option in options}) == len(options), name
            assert len(part.get("default_values", [])) <= part.get("max_values", 1), name


def test_every_button_and_menu_leads_somewhere_and_to_one_place_alone() -> None:
    rows = [part for _, card in cards() for part in flat_components(card)]
    rows += flat_components(with_confirm_button(quiet_card("x")))
    ids = {part["custom_id"] for part in rows if "custom_id" in part}
    assert len(ids) > 20
    for custom_id in ids:
        assert len(custom_id) <= 100
        assert sum(each.parse(custom_id) is not None for each in SERVER_IDS) == 1, custom_id
        if rule := CHOOSE_RULE.parse(custom_id):
            assert rule[0] in RULES


def test_each_step_can_be_skipped_and_gone_back_from() -> None:
    for step in range(1, LAST + 1):
        card = setup_card(step, NO_RULES, PanelData())
        ids = {p["custom_id"] for p in flat_components(card) if p["type"] == 2}
        assert (f"hcs:go:{step - 1}" in ids) == (step > 1)
        assert (f"hcs:go:{step + 1}" in ids) == (step < LAST)
    assert "hcs:test" in {
        p.get("custom_id") for p in flat_components(setup_card(LAST, NO_RULES, PanelData()))
    }


def test_setup_offers_only_what_the_backend_can_do() -> None:
    data = PanelData(able=Capabilities(title="writer", kinds=frozenset({Kind.TEXT}), keys="none"))
    cards = [setup_card(step, NO_RULES, data) for step in range(1, LAST + 1)]
    ids = {part.get("custom_id") for card in cards for part in flat_components(card)}
    assert not ids & {"hcs:test", OPEN_SERVER_KEY_MODAL(), CHOOSE_RULE(MODEL, 5)}
    assert "writer is used here and needs no key of this server." in text_of(cards[0])


def test_what_is_set_is_what_the_panel_shows() -> None:
    menus = {
        part["custom_id"]: part
        for step in range(1, LAST)
        for part in flat_components(setup_card(step, FULL, STANDING))
        if "custom_id" in part
    }
    chosen = menus["hcs:pick:channels_allowed:2"]["default_values"]
    assert [int(each["id"]) for each in chosen] == list(FULL.channels_allowed)
    for rule, value in (("nsfw:3", "off"), ("most_steps:4", "33"), ("model:5", "Deliberate")):
        options = menus[f"hcs:pick:{rule}"]["options"]
        assert [o["value"] for o in options if o.get("default")] == [value]


# Files


@given(
    st.builds(
        GuildSettings,
        nsfw=st.sampled_from(["off", "age"]),
        channels_allowed=st.lists(st.integers(1, 2**63 - 1), max_size=25).map(tuple),
        words=st.lists(
            st.text(min_size=1, max_size=90)
            .filter(str.strip)
            .map(lambda text: WordRule(text=text))
            .filter(lambda rule: not pointless(rule)),
            max_size=5,
        ).map(tuple),
        models_blocked=st.lists(st.text(min_size=1, max_size=50), max_size=5).map(tuple),
        most_steps=st.integers(0, 500),
    )
)
def test_a_file_gives_back_what_went_into_it(rules: GuildSettings) -> None:
    file = ServerFile(settings=rules, defaults=ImageChoices(steps=20))
    assert parsed(file.model_dump_json(indent=2).encode()) == file


@given(st.binary(max_size=300))
def test_no_file_does_more_than_be_refused(data: bytes) -> None:
    try:
        file = parsed(data)
    except BadOption:
        return
    assert parsed(file.model_dump_json().encode()) == file


def test_what_a_newer_version_added_or_a_hand_misspelt_is_passed_over_and_named() -> None:
    settings = {"nsfw": "off", "moon": 3, "budget": {"a_day": 5, "a_week": 9}}
    said = {"hordecord": 1, "settings": settings, "more": 1, "defaults": {"stepz": 3, "steps": 0}}
    file = parsed(json.dumps(said).encode())
    assert file.settings == GuildSettings(nsfw="off", budget=Budget(a_day=5))
    assert file.unknown == ("a_week", "moon", "more", "steps", "stepz")


@pytest.mark.parametrize("data", ["{}", '{"settings": {"nsfw": "off"}}', "[]", "null", '"x"'])
def test_any_other_json_is_no_file_that_takes_all_rules_away(data: str) -> None:
    with pytest.raises(BadOption, match="no field `hordecord`"):
        parsed(data.encode())


def test_a_file_of_another_version_is_refused_as_one() -> None:
    with pytest.raises(BadOption, match="another version"):
        parsed(b'{"hordecord": 2, "settings": {"nsfw": 7}}')


def test_half_of_a_character_in_a_models_name_is_refused() -> None:
    """It could not be shown, nor be written into a file again."""
    with pytest.raises(BadOption, match="defaults"):
        parsed(b'{"hordecord": 1, "defaults": {"models": ["\\ud800"]}}')


def test_what_was_edited_by_hand() -> None:
    text = '{"hordecord": 1, "settings": {"channels_allowed": [5, 6, 5], "most_steps": 20}}'
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):  # as Windows saves it
        settings = parsed(text.encode(encoding)).settings
        assert settings.channels_allowed == (5, 6)  # Discord refuses a menu that chooses one twice
    with pytest.raises(BadOption, match="line 2, column 1 "):
        parsed(b'{"hordecord": 1,\n}')
    with pytest.raises(BadOption, match="it matches every text"):
        parsed(b'{"hordecord": 1, "settings": {"words": [{"text": "a*", "how": "regex"}]}}')
    for amount in ("NaN", "Infinity", "-1", "1e99"):
        for budget in (f'"roles": [[5, {amount}]]', f'"a_day": {amount}'):
            said = '{"hordecord": 1, "settings": {"budget": {' + budget + "}}}"
            with pytest.raises(BadOption, match="budget"):
                parsed(said.encode())
