"""Every panel, menu, form and help page of bot/ui, in the language of the task."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from bot.accounts.pricing import Estimate, Unasked
from bot.cards import labels
from bot.cards.card import quiet_card
from bot.cards.custom_ids import OwnedKind
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.chat.characters import (
    Character,
    CharacterNote,
    Persona,
    StoredCharacter,
    StoredLorebook,
)
from bot.domain.chat.conversations import (
    NOTE_MAX,
    STOP_MAX,
    STOPS_MAX,
    ChatMessage,
    ChatSettings,
    Conversation,
    Side,
)
from bot.domain.chat.lorebooks import Lorebook, LoreEntry
from bot.domain.people import Credential, Preset, Report, Scope, UserBan
from bot.domain.records import Payer
from bot.domain.requests import ImageChoices, Kind
from bot.domain.results import Cut, Phase
from bot.domain.style_declarations import MissingFields, StyleField
from bot.horde.server_info import Heartbeat, Modes, Newspiece, Performance
from bot.horde.style_editing.style_collections import Collection
from bot.horde.styles import ImageStyle, StyleExample, TextStyle
from bot.horde.worker_api.worker_messages import WorkerMessage
from bot.horde.workers import Worker
from bot.monitoring.health import HealthFigures
from bot.parameters.upfront_kudos import Need
from bot.rules.guild_settings import NO_RULES, PLACES_MAX, GuildSettings
from bot.rules.request_context import RequestContext
from bot.services.chat.messages import MessageView
from bot.services.community.horde_info import Load
from bot.ui.account.estimate_card import estimate_card
from bot.ui.account.forget_buttons import forget_question
from bot.ui.account.gift_modal import GIFT_MAX, gift_modal, member_gift_modal
from bot.ui.account.login_modal import login_modal
from bot.ui.account.presets import preset_card, presets_card
from bot.ui.actions import context_menus, edit_modal, field_form, picture_actions
from bot.ui.actions.animate_modal import animate
from bot.ui.actions.delete_question import delete_question
from bot.ui.actions.edit_modal import mistake_card
from bot.ui.actions.picture_picker import forms_question, picture_question
from bot.ui.actions.text_actions import text_modal
from bot.ui.actions.video_actions import video_modal
from bot.ui.browse.horde_status import news_card, status_card
from bot.ui.browse.rating_buttons import artifacts_card, rating_card
from bot.ui.browse.use_modal import entry_modal
from bot.ui.browse.view import TITLES, Entry, EntryDetails, entry_card, list_card, list_page_of
from bot.ui.characters import character_cards, character_forms, lorebooks, personas
from bot.ui.chat import modals as chat_modals
from bot.ui.chat.actions_menu import actions_card
from bot.ui.chat.panel import ChatPanelData, chat_settings_card, memory_card
from bot.ui.history.history_view import Filter, deletion_card, detail_card, page_card
from bot.ui.history.queue_view import queue_card
from bot.ui.operator import broadcast_buttons
from bot.ui.operator.blocked_people import blocked_card
from bot.ui.operator.broadcast_buttons import broadcast_modal, sending_card
from bot.ui.operator.guild_list import guild_card, guild_page_card, leave_question
from bot.ui.operator.help_topics import TOPICS
from bot.ui.operator.stats import stats_card
from bot.ui.server import cards as server_cards
from bot.ui.server.chat_panel import chat_card
from bot.ui.server.key_modal import server_key_modal
from bot.ui.server.key_removal import removal_question
from bot.ui.server.panel import (
    LAST,
    PanelData,
    channels_card,
    press_roles_card,
    roles_card,
    setup_card,
    with_confirm_button,
)
from bot.ui.styles import cards as style_cards
from bot.ui.styles.forms import style_form
from bot.ui.workers.questions import Question, question_card
from bot.ui.workers.worker_messages import messages_card
from tests.support import builders
from tests.support.fakes.form_press import FormPress, Shown

LONG_NAME = "Lighthouse " * 30
SOURCES = [builders.source(filename=f"lighthouse-{number}.png") for number in (1, 2)]
LORE = Lorebook(
    name=LONG_NAME[:200],
    description="*" * 4_000,
    entries=(LoreEntry(name=LONG_NAME[:200], keys=("`" * 900,) * 9, enabled=False),) * 30,
)
LONG_REQUEST = builders.image_request(prompt=LONG_NAME, n=20)
ENDED = builders.record(
    id=10**12,
    request=LONG_REQUEST,
    phase=Phase.DONE,
    status=builders.status(*map(builders.image_generation, range(1, 21))),
)
PRESETS = [
    Preset(owner, 7, "n" * 40, '{"steps": 3}', 7, 0.0, 0.0) for owner in (Scope.USER, Scope.GUILD)
]
# Longer names are cut off at the end of a title.
OTHER_BACKEND = Capabilities(title="T" * 12, keys_from="https://keys.example.org/")
RULES = GuildSettings(
    nsfw="off",
    spoiler=True,
    channels_allowed=tuple(range(10**18, 10**18 + PLACES_MAX)),
    roles_denied=tuple(range(10**17, 10**17 + PLACES_MAX)),
    models_blocked=(LONG_NAME[:200],) * 9,
    press="anyone",
    log_channel=4,
    language="pt_BR",
    most_steps=33,
    most_side=1_000,
    most_count=7,
)
PANEL = PanelData(
    payer=LONG_NAME[:60], defaults=ImageChoices(steps=20), models=[f"Model {n}" for n in range(30)]
)
GUILDS = [
    SimpleNamespace(id=10**18 + n, name=LONG_NAME[:100], member_count=10**6, owner_id=10**18)
    for n in range(30)
]
FIGURES = HealthFigures(
    at=2_000.0,
    started_at=1_000.0,
    queued={("horde", kind): 10_000 for kind in Kind},
    open=dict.fromkeys(Phase, 1_234),
    outages={"horde": (2, 1_500.0)},
    delivered=dict.fromkeys(Kind, 10**6),
    spool=10**9,
    quota=10**10,
    gateway=False,
    guilds=2_000,
    memory=10**9,
    draining=True,
    reported=6,
    reports=tuple(Report(n, 1_900.0, 1, guild_id=2, channel_id=3, message_id=4) for n in range(5)),
)


async def account_views() -> AsyncIterator[Shown]:
    for unasked in (None, *Unasked):
        found = Estimate(
            price=300.0,
            payer=Payer.ANONYMOUS,
            needs=tuple(Need),
            balance=120.0,
            cut=Cut(width=64, height=64, steps=15, slow_workers=True),
            unasked=unasked,
        )
        yield estimate_card(LONG_REQUEST, found)
    yield forget_question()
    yield gift_modal(LONG_NAME[:90], GIFT_MAX)
    yield member_gift_modal(10**18, LONG_NAME[:32], GIFT_MAX)
    yield login_modal("horde", HORDE)
    yield field_form.open_fields_card(LONG_NAME[:90], 10**12, "Enter texts")
    yield login_modal("b" * 32, OTHER_BACKEND)
    yield presets_card([])
    yield presets_card(PRESETS * 12)
    for preset in PRESETS:
        yield preset_card(preset)


async def result_views() -> AsyncIterator[Shown]:
    press: Any = FormPress(ENDED)
    await edit_modal.edit(press, ENDED.id, 0)
    await edit_modal.use(press, ENDED.id, 20)
    for action in (context_menus.REMIX, context_menus.ANIMATE):
        await context_menus.do(press, action, SOURCES[0], private=False)
    for ask in (edit_modal.use, picture_actions.vary, picture_actions.upscale, animate):
        await ask(press, ENDED.id, 0)
    await picture_actions.describe_picture(press, ENDED.id, 0)
    await picture_actions.pick_picture(press, ENDED.id, 1)
    for shown in press.shown:
        yield shown
    text = builders.text_request()
    yield text_modal(builders.record(id=10**12, request=text), text, {})
    video = builders.video_request(prompt=LONG_NAME[:2_000])
    yield video_modal(builders.record(id=10**12, request=video), video, {})
    yield mistake_card(LONG_NAME, "hcm:again")
    yield delete_question(ENDED)
    fields = [StyleField("f" * 32, LONG_NAME[:200], n % 2 == 0) for n in range(16)]
    missing = MissingFields(LONG_NAME, fields, ())
    for asked in (MissingFields(LONG_NAME, fields[:5], ()), missing):
        await field_form.ask_for_fields(press, ImageChoices(prompt=LONG_NAME), asked, ENDED.id)
        yield press.shown[-1]
    yield rating_card(ENDED, 20)
    yield artifacts_card(ENDED, 20, 10)
    yield forms_question(SOURCES[0], private=True)
    for action in labels.WHICH:
        yield picture_question(action, SOURCES, private=False)


async def browse_views() -> AsyncIterator[Shown]:
    busy = Performance(queued_requests=10**6, worker_count=10**4, queued_megapixelsteps=10**9)
    for modes in (Modes(), Modes(maintenance_mode=True)):
        yield status_card(Load(busy, modes, Heartbeat(message=LONG_NAME), 0), refusal=LONG_NAME)
    piece = Newspiece(title=LONG_NAME, newspiece=LONG_NAME * 9, date_published="2026-08-01")
    yield news_card([])
    yield news_card([piece] * 5)
    rows = [Entry(f"mark{n}", LONG_NAME[:80], LONG_NAME, LONG_NAME[:90]) for n in range(8)]
    one = EntryDetails("mark", LONG_NAME, [LONG_NAME] * 5, default=True)
    for which in TITLES:
        yield list_card(list_page_of(which, "x" * 60, 1), rows, 10_000, note=LONG_NAME)
        yield list_card(list_page_of(which), [], 0)
        yield entry_card(list_page_of(which), one)
    yield question_card(Question(LONG_NAME, LONG_NAME, LONG_NAME[:40]), 10**12)
    for waiting in ((), [WorkerMessage(id="1", message="*" * 10_240)] * 9):
        yield messages_card(Worker(id="1", name=LONG_NAME), waiting)
    for which in ("image", "text", "style", "lora"):
        yield entry_modal(which, "mark", LONG_NAME)
    fields = [StyleField("f" * 32, LONG_NAME[:200], required=True)] * 16
    yield entry_modal("style", "mark", LONG_NAME, fields)


async def history_views() -> AsyncIterator[Shown]:
    records = [builders.record(id=10**12 + n, request=LONG_REQUEST) for n in range(12)]
    for which in (Filter(), Filter("x" * 40, Kind.IMAGE, favourites=True, before=10**12)):
        yield page_card([], which, (), {})
        yield page_card(records[:6], which, (10**12,), {10**12: "thumbnail.webp"})
        yield detail_card(ENDED, which, saved=True, file="thumbnail.webp", note=LONG_NAME)
        yield detail_card(ENDED, which, saved=False)
        yield deletion_card(ENDED, which)
    yield queue_card([], now=0)
    yield queue_card(records, LONG_NAME, now=0)


async def operator_views() -> AsyncIterator[Shown]:
    guild: Any = GUILDS[0]
    for guilds in ([], GUILDS):
        for page in (0, 1):
            yield guild_page_card(cast("Any", SimpleNamespace(guilds=guilds)), page)
    yield guild_card(guild, 1)
    yield leave_question(guild, 1)
    yield broadcast_modal()
    yield sending_card()
    yield broadcast_buttons._preview_card("x" * broadcast_buttons.WRITTEN_MAX, 900, 1_000)
    yield stats_card(FIGURES, "Hordecord 1.0.0")
    bans = [UserBan(5, "a" * 32, user, 8, 100.0, LONG_NAME) for user in (7, None)]
    for everywhere in (True, False):
        yield blocked_card([], everywhere=everywhere)
        yield blocked_card(bans * 12, everywhere=everywhere)
    for topic in TOPICS.values():
        yield quiet_card(topic.text_for(HORDE))


async def server_views() -> AsyncIterator[Shown]:
    for rules in (NO_RULES, RULES):
        for step in range(1, LAST + 1):
            yield setup_card(step, rules, PANEL, LONG_NAME)
        for panel in (channels_card, roles_card, press_roles_card, chat_card):
            yield panel(rules, LONG_NAME)
        yield server_cards.rules_card(rules)
        yield server_cards.some_card(rules, server_cards.LABELS)
        for name, value in rules:
            if isinstance(value, tuple):
                yield server_cards.rule_list_card(name, cast("tuple[object, ...]", value))
    yield server_cards.changed_card(RULES, NO_RULES, LONG_NAME)
    yield server_cards.log_card(7, server_cards.changes(NO_RULES, RULES))
    yield with_confirm_button(server_cards.rules_card(RULES))
    yield server_key_modal("horde", HORDE)
    yield server_key_modal("b" * 32, OTHER_BACKEND)
    yield removal_question(Credential(Payer.GUILD, 5, "horde", b"", username=LONG_NAME), HORDE)


async def style_views() -> AsyncIterator[Shown]:
    for style in (ImageStyle(id="a" * 36, name=LONG_NAME), TextStyle(id="b" * 36, name=LONG_NAME)):
        yield style_cards.style_card(style, LONG_NAME)
    examples = (StyleExample(url="https://example.org/" + "x" * 200, primary=True),) * 4
    for shown in ((), examples):
        yield style_cards.examples_card(
            ImageStyle(id="a", name=LONG_NAME, examples=shown), LONG_NAME
        )
    yield style_cards.collection_card(Collection(id="c" * 36, name=LONG_NAME), LONG_NAME)
    kinds: tuple[OwnedKind, ...] = ("image", "text", "collection")
    for kind in kinds:
        yield style_form(kind, "d" * 36, {}, newer=True)
        yield style_cards.owned_delete_question(kind, "d" * 36, LONG_NAME)
        yield style_cards.text_mistake_card(LONG_NAME, kind, "d" * 36)


async def chat_views() -> AsyncIterator[Shown]:
    settings = ChatSettings(
        model="m" * 99,
        temperature=0.55,
        memory=5_000,
        note="n" * NOTE_MAX,
        stops=("s" * STOP_MAX,) * STOPS_MAX,
        whole_sentences=True,
        every_message=True,
    )
    data = ChatPanelData(
        cast=[LONG_NAME[:80]] * 9,
        models=[f"koboldcpp/Model {number}" for number in range(40)],
        templates=[f"Template {number}" for number in range(40)],
        payer=LONG_NAME[:60],
        can_read_all=True,
    )
    usual = Conversation(10**12, 5, 6, 7, (1,), 0, ChatSettings(), 0.0)
    busy = Conversation(10**12, 5, 6, 7, (1, 2), 9, settings, 0.0, summary=LONG_NAME * 40)
    for conversation in (usual, busy):
        for shown in (ChatPanelData(cast=["Ada"]), data):
            yield chat_settings_card(conversation, shown, LONG_NAME[:200])
        yield memory_card(conversation)
        yield chat_modals.note_modal(conversation.id, conversation.settings)
        yield chat_modals.sampling_modal(conversation.id, conversation.settings)
        yield chat_modals.memory_modal(conversation)
    greeting = ChatMessage(10**12, 1, 0, Side.CHARACTER, 1, LONG_NAME[:80], LONG_NAME * 9, 0.0)
    for newest in (True, False):
        view = MessageView(usual, greeting, 1, 99, newest, None, running=False)
        yield actions_card(view, RequestContext(builders.HERE))
    yield chat_modals.reply_modal(10**12, LONG_NAME[:20])
    yield chat_modals.edit_message_modal(10**12, LONG_NAME[:20], "x" * 5_000)


async def character_views() -> AsyncIterator[Shown]:
    long = Character(
        name=LONG_NAME[:80],
        description="*" * 40_000,
        personality="_" * 5_000,
        scenario=LONG_NAME * 9,
        greetings=("`" * 5_000,) * 9,
        group_greetings=("g" * 900,) * 9,
        examples="e" * 5_000,
        system_prompt=LONG_NAME * 9,
        note=CharacterNote(text="n" * 5_000, depth=1_000),
        creator=LONG_NAME[:200],
        creator_notes=LONG_NAME * 9,
        version="v" * 100,
        tags=(LONG_NAME[:200],) * 100,
        lorebook=LORE,
    )
    short = Character(name="Ada")
    unused = [LONG_NAME] * 30
    for one in (long, short):
        stored = StoredCharacter(10**12, 7, 5, one, "", adult=True, created_at=0.0)
        views = [
            character_cards.View(guild_id=5, file="a.webp", said=LONG_NAME[:90], unused=unused),
            character_cards.View(mine=False, guild_id=5, manager=True),
        ]
        for view in views:
            yield character_cards.character_card(stored, view)
        yield character_cards.character_card(replace(stored, guild_id=0), views[0])
        yield character_cards.delete_character_question(stored)
        files = {stored.id: "a.webp"}
        for page in (0, 1, 2):
            shown = [stored] * character_cards.SHOWN
            yield character_cards.characters_card(shown, page, 3, 7, files)
        for which in ("edit", "instructions", "more"):
            yield character_forms.edit_form(which, stored.id, one)
    yield character_cards.characters_card([], 0, 1, 7, {})
    yield character_forms.create_form(adult=True)
    persona = Persona(10**12, 7, LONG_NAME[:80], "*" * 4_000, active=True)
    for found in ([], [persona] * 20):
        yield personas.personas_card(found)
    yield personas.persona_card(persona, LONG_NAME[:90])
    yield personas.delete_persona_question(persona)
    for form in (None, persona):
        yield personas.persona_form(form)
    for book in (LORE, Lorebook()):
        kept = StoredLorebook(10**12, 7, 0, book, 0.0)
        yield lorebooks.lorebook_card(kept, LONG_NAME[:90], unused)
        yield lorebooks.lorebooks_card([kept] * 20, (10**12,))
        yield lorebooks.delete_lorebook_question(kept)
    yield lorebooks.lorebooks_card([], ())


VIEWS: tuple[Callable[[], AsyncIterator[Shown]], ...] = (
    account_views,
    result_views,
    browse_views,
    history_views,
    operator_views,
    server_views,
    style_views,
    chat_views,
    character_views,
)
