"""Which entries of a lorebook join a prompt."""

import pytest

from bot.chat.lore_activation import ActiveEntry, LoreHistory, active_entries
from bot.chat.lore_decorators import NO_DECORATORS, decorated
from bot.domain.chat.lorebooks import Lorebook, LoreEntry, LorePosition, SecondaryKeys


def active(
    *entries: LoreEntry,
    lines: tuple[str, ...] = ("The Dragon sleeps.",),
    budget: int = 1_000,
    answers: int = 0,
    new: int = 1,
    greeting: int | None = None,
    book: Lorebook | None = None,
) -> list[str]:
    """The texts of the active entries. `lines`: the newest first."""
    whole = (book or Lorebook()).model_copy(update={"entries": entries})
    history = LoreHistory(lines, answers=answers, new=new, greeting=greeting)
    return [entry.text for entry in active_entries((whole,), history, budget=budget)]


def entry(content: str = "LORE", *keys: str, **fields: object) -> LoreEntry:
    return LoreEntry.model_validate({"content": content, "keys": keys, **fields})


def placed(content: str, **fields: object) -> ActiveEntry:
    book = Lorebook(entries=(entry(content, constant=True, **fields),))
    return active_entries((book,), LoreHistory(["a", "b", "c"]), budget=1_000)[0]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"keys": ("dragon",)}, True),
        ({"keys": ("wyrm", "dragon")}, True),
        ({"keys": ("wyrm",)}, False),
        ({"keys": ()}, False),
        ({"keys": ("", " ")}, False),
        ({"keys": (), "constant": True}, True),
        ({"keys": ("dragon",), "enabled": False}, False),
        ({"keys": ("dragon",), "case_sensitive": True}, False),
        ({"keys": ("Dragon",), "case_sensitive": True}, True),
        ({"keys": ("rago",)}, True),
        ({"keys": ("rago",), "whole_words": True}, False),
        ({"keys": ("dragon",), "whole_words": True}, True),
        ({"keys": ("sleeps.",), "whole_words": True}, True),
        ({"keys": ("drag[aou]n",), "regex": True}, True),
        ({"keys": ("drag[aou]n",)}, False),
        ({"keys": ("/drag[aou]n/i",)}, True),
        ({"keys": ("/drag[aou]n/",)}, False),
        ({"keys": ("(?=dragon)",), "regex": True}, False),
        ({"keys": (r"(d)\1",), "regex": True}, False),
    ],
)
def test_keys_of_an_entry(fields: dict[str, object], found: bool) -> None:
    assert bool(active(LoreEntry.model_validate({"content": "LORE", **fields}))) is found


@pytest.mark.parametrize(
    ("logic", "keys", "found"),
    [
        (SecondaryKeys.ANY, ("sleeps", "wakes"), True),
        (SecondaryKeys.ANY, ("wakes",), False),
        (SecondaryKeys.ALL, ("sleeps", "the"), True),
        (SecondaryKeys.ALL, ("sleeps", "wakes"), False),
        (SecondaryKeys.NOT_ANY, ("wakes",), True),
        (SecondaryKeys.NOT_ANY, ("sleeps", "wakes"), False),
        (SecondaryKeys.NOT_ALL, ("sleeps", "wakes"), True),
        (SecondaryKeys.NOT_ALL, ("sleeps", "the"), False),
        (SecondaryKeys.ANY, (), True),
    ],
)
def test_secondary_keys(logic: SecondaryKeys, keys: tuple[str, ...], found: bool) -> None:
    fields = {"logic": logic, "secondary_keys": keys}
    assert bool(active(entry("LORE", "dragon", selective=True, **fields))) is found
    assert active(entry("LORE", "dragon", selective=False, **fields)) == ["LORE"]


def test_keys_are_searched_in_the_newest_messages() -> None:
    lines = ("one", "two", "three", "four", "dragon")
    assert active(entry("LORE", "dragon"), lines=lines) == []
    assert active(entry("LORE", "dragon", scan_depth=5), lines=lines) == ["LORE"]
    assert active(entry("LORE", "dragon"), lines=lines, book=Lorebook(scan_depth=5)) == ["LORE"]
    assert active(entry("LORE", "one", scan_depth=0), lines=lines) == []
    assert active(entry("@@scan_depth 5\nLORE", "dragon", scan_depth=1), lines=lines) == ["LORE"]


def test_entries_are_in_their_order_and_once() -> None:
    entries = (entry("B", constant=True, order=2), entry("A", constant=True, order=1))
    assert active(*entries, entry("B", constant=True, order=3)) == ["A", "B"]


def test_texts_of_entries_activate_others_only_in_recursive_lorebooks() -> None:
    chain = (entry("a castle", "dragon"), entry("a king", "castle"), entry("a crown", "king"))
    assert active(*chain) == ["a castle"]
    assert active(*chain, book=Lorebook(recursive=True)) == ["a castle", "a king", "a crown"]


def test_entry_can_stay_out_of_recursion() -> None:
    book = Lorebook(recursive=True)
    silent = entry("a castle", "dragon", recursive=False)
    deaf = entry("a king", "castle", found_by_text=False)
    assert active(silent, entry("a king", "castle"), book=book) == ["a castle"]
    assert active(entry("a castle", "dragon"), deaf, book=book) == ["a castle"]


def test_recursion_ends() -> None:
    chain = [entry(f"word{n + 1}", f"word{n}") for n in range(20)]
    assert len(active(*chain, lines=("word0",), book=Lorebook(recursive=True))) == 5


def test_hidden_keys_activate_others() -> None:
    book = Lorebook(
        recursive=True,
        entries=(entry("{{hidden_key:castle}}x", "dragon"), entry("a king", "castle")),
    )
    found = active_entries(
        (book,),
        LoreHistory(["dragon"]),
        budget=100,
        expand=lambda text: text.replace("{{hidden_key:castle}}", ""),
        expand_keys=lambda text: text.replace("{{hidden_key:castle}}", "castle"),
    )
    assert [each.text for each in found] == ["x", "a king"]


def test_most_important_entries_stay_within_the_budget() -> None:
    text = "word " * 20
    entries = (
        entry(f"low {text}", "dragon", priority=1),
        entry(f"high {text}", "dragon", priority=2),
        entry(f"always {text}", constant=True),
        entry(f"@@ignore_on_max_context\nspare {text}", constant=True, priority=9),
    )
    found = [each.split()[0] for each in active(*entries, budget=80)]
    assert sorted(found) == ["always", "high"]
    book = Lorebook(budget=40)
    assert [each.split()[0] for each in active(*entries, book=book)] == ["always"]


@pytest.mark.parametrize(
    ("decorator", "answers", "found"),
    [
        ("@@activate_only_after 3", 2, False),
        ("@@activate_only_after 3", 3, True),
        ("@@activate_only_every 2", 3, False),
        ("@@activate_only_every 2", 4, True),
        ("@@dont_activate", 9, False),
        ("@@dont_activate\n@@activate", 9, True),
        ("@@exclude_keys wyrm, sleeps", 9, False),
        ("@@additional_keys wyrm, sleeps", 9, True),
        ("@@additional_keys sleeps\n@@additional_keys wyrm", 9, False),
        ("@@unknown 4", 9, True),
        ("@@activate_only_after x", 0, True),
        ("@@unknown\n@@@activate_only_after 3", 2, False),
        ("@@depth 3\n@@@activate_only_after 3", 2, True),
        ("@@depth 3\n@@@unknown\n@@@activate_only_after 3", 2, True),
        ("@@unknown\n@@@other\n@@@activate_only_after 3", 2, False),
        ("@@is_greeting 1", 9, False),
        ("@@is_greeting 0", 9, True),
    ],
)
def test_decorators_that_decide_about_activation(decorator: str, answers: int, found: bool) -> None:
    text = f"{decorator}\n\nLORE"
    assert active(entry(text, "dragon"), answers=answers, greeting=0) == ["LORE"] * found


def test_unknown_greeting_decides_nothing() -> None:
    assert active(entry("@@is_greeting 1\nLORE", "dragon"), greeting=None) == ["LORE"]


def test_entry_may_need_no_key() -> None:
    assert active(entry("@@activate\nLORE")) == ["LORE"]
    assert active(entry("@@constant\nLORE")) == ["LORE"]


def test_entry_may_stay_active_or_be_active_once() -> None:
    lines = ("one", "two", "three", "four", "five", "dragon")
    assert active(entry("@@keep_activate_after_match\nLORE", "dragon"), lines=lines) == ["LORE"]
    once = entry("@@dont_activate_after_match\nLORE", "dragon")
    assert active(once, lines=("dragon", "one")) == ["LORE"]
    assert active(once, lines=("dragon", "dragon")) == []


def test_places() -> None:
    at_depth = {"position": LorePosition.AT_DEPTH, "depth": 2}
    assert (placed("x").place, placed("x").role) == ("before", "system")
    assert placed("x", position=LorePosition.AFTER_CHARACTER).place == "after"
    assert (placed("x", **at_depth).place, placed("x", **at_depth).depth) == ("depth", 2)
    assert (placed("@@depth 5\nx").place, placed("@@depth 5\nx").depth) == ("depth", 5)
    assert placed("@@depth -5\nx").depth == 0
    assert placed("@@reverse_depth 1\nx").depth == 2
    assert placed("@@depth 1\n@@position personality\nx").place == "personality"
    assert placed("@@position nowhere\nx").place == "before"
    assert placed("@@role assistant\nx").role == "assistant"
    assert placed("@@role king\nx").role == "system"


def test_first_decorator_of_a_name_counts() -> None:
    assert decorated("@@depth 1\n@@depth 2\nx")[0].depth == 1


def test_text_without_decorators_is_unchanged() -> None:
    assert decorated(" me@@example \n@@depth 2") == (NO_DECORATORS, " me@@example \n@@depth 2")


def test_decorators_alone_are_no_text() -> None:
    assert active(entry("@@depth 1\n@@constant")) == []


def test_number_of_searches_is_bounded() -> None:
    keys = tuple(f"key{n}" for n in range(100))
    entries = [entry(f"LORE {n}", *keys, "dragon") for n in range(2_000)]
    found = active(*entries, budget=100_000)
    assert 0 < len(found) < 400
