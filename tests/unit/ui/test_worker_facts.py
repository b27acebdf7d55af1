"""Workers and teams as text: complete, without empty lines, and harmless."""

import pytest

from bot.cards.card import COMPONENTS_MAX, TEXT_MAX
from bot.cards.custom_ids import KEEP_UNCHANGED, MAKE_CHANGE
from bot.cards.markdown import units
from bot.horde.server_info import ActiveModel
from bot.horde.workers import Team, TeamName, TeamWorker, Worker
from bot.ui.browse.view import SHOWN, Entry, EntryDetails, entry_card, list_card, list_page_of
from bot.ui.components.views import layout_of
from bot.ui.workers import team_questions, worker_questions
from bot.ui.workers.questions import question_card
from bot.ui.workers.team_facts import team_lines, team_row
from bot.ui.workers.worker_facts import worker_lines, worker_row
from tests.support.cards import text_of

OWL = Worker(
    id="w1",
    name="Night Owl",
    online=True,
    threads=2,
    models=("Deliberate", "Late Show XL"),
    performance="1.5 megapixelsteps per second",
    requests_fulfilled=1,
    kudos_rewards=12_345.6,
    uncompleted_jobs=3,
    max_pixels=1_048_576,
    lora=True,
    team=TeamName(id="t1", name="Crew"),
    info="At *night* only.",
)
HOSTILE = "](https://x.example) @everyone **`\n# " * 300


def test_worker_row_and_lines_have_the_facts() -> None:
    assert worker_row(OWL).split("\n") == [
        "Images · 2 models · 2 threads · 1\\.5 megapixelsteps per second",
        "At \\*night\\* only.",
    ]
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in worker_lines(OWL) if line]
    assert "**Models** Deliberate, Late Show XL" in lines
    assert "**Limits** 1 megapixel" in lines
    assert "**Finished** 1 request · 3 failed · 12,346 kudos" in lines
    assert "**Abilities** LoRAs" in lines
    shown = list(worker_lines(OWL, lambda name: "Late" not in name))
    assert "**Models** Deliberate" in shown


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"paused": True, "maintenance_mode": True}, "paused"),
        ({"maintenance_mode": True}, "in maintenance"),
        ({"online": False}, "offline"),
    ],
)
def test_worker_row_state_is_said(changes: dict[str, bool], state: str) -> None:
    assert f"Images · {state} · 2 models" in worker_row(OWL.model_copy(update=changes))


def test_team_lines_have_the_facts() -> None:
    models = (ActiveModel(name="Deliberate"),)
    workers = (TeamWorker(id="w1", name="Night Owl"),)
    team = Team(id="t1", name="Crew", creator="ada#7", worker_count=1, kudos=5, workers=workers)
    lines = list(team_lines(team.model_copy(update={"models": models})))
    assert "**Creator** ada#7" in lines
    assert "**Workers** Night Owl" in lines
    assert "**Models** Deliberate" in lines


def test_hostile_texts_stay_text_and_fit() -> None:
    worker = Worker(id="w1", name=HOSTILE, info=HOSTILE, models=(HOSTILE,) * 40, owner=HOSTILE)
    team = Team(id="t1", name=HOSTILE, info=HOSTILE, creator=HOSTILE)
    for row, lines in (
        (worker_row(worker), worker_lines(worker)),
        (team_row(team), team_lines(team)),
    ):
        page = list_page_of("worker")
        entries = [Entry(f"{n:012}", HOSTILE, row) for n in range(SHOWN)]
        details = EntryDetails("0" * 12, HOSTILE, tuple(lines), usable=False)
        for card in (list_card(page, entries, 99), entry_card(page, details)):
            text = text_of(card)
            assert units(text) <= TEXT_MAX
            assert "https://" not in text
            assert "@everyone" not in text
            assert len(list(layout_of(card).walk_children())) <= COMPONENTS_MAX


def test_questions_have_two_buttons_and_quote_what_changes() -> None:
    asked = worker_questions.maintenance(OWL, on=True, message="back\n# soon")
    card = question_card(asked, 5)
    assert "### Start the maintenance of Night Owl?" in text_of(card)
    assert "> back\n> \\# soon" in text_of(card)
    assert [each.id for each in card.rows[0]] == [MAKE_CHANGE(5), KEEP_UNCHANGED(5)]
    removed = worker_questions.describe_worker(OWL, "")
    assert removed.title == "Remove the description of Night Owl?"
    assert worker_questions.delete(OWL).final
    team = Team(id="t1", name="Crew")
    assert "**New**" in team_questions.edit_team(team, "New", "").text
    assert team_questions.join_team(OWL, team).title == "Put Night Owl into the team Crew?"
