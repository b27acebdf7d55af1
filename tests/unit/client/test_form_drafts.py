""""""

from bot.client.form_drafts import KEPT, FormDrafts


def test_what_was_typed_is_kept_for_a_quarter_of_an_hour() -> None:
    now = [0.0]
    drafts = FormDrafts(lambda: now[0])
    drafts.keep(("edit", 1), {"prompt": "a fox"})
    now[0] = 14 * 60
    assert drafts.get(("edit", 1)) == {"prompt": "a fox"}
    assert drafts.get(("edit", 2)) is None
    now[0] = 16 * 60
    assert drafts.get(("edit", 1)) is None


def test_what_was_used_is_gone() -> None:
    drafts = FormDrafts()
    drafts.keep((1,), {"prompt": "a fox"})
    drafts.drop((1,))
    drafts.drop((1,))
    assert drafts.get((1,)) is None


def test_what_a_person_typed_is_forgotten_with_them() -> None:
    drafts = FormDrafts()
    for key in ((7, "vary", 1, 2), ("broadcast", 7), (8, "vary", 7 * 10, 0)):
        drafts.keep(key, {"prompt": "a fox"})
    drafts.forget(7)
    assert drafts.get((7, "vary", 1, 2)) is drafts.get(("broadcast", 7)) is None
    assert drafts.get((8, "vary", 70, 0)) is not None


def test_only_the_newest_are_kept() -> None:
    drafts = FormDrafts()
    for number in range(KEPT + 5):
        drafts.keep((number,), {"prompt": f"{number}"})
    assert drafts.get((4,)) is None
    assert drafts.get((KEPT + 4,)) == {"prompt": f"{KEPT + 4}"}
    drafts.keep((5,), {"prompt": "typed again"})
    drafts.keep(("one more",), {})
    assert drafts.get((5,)) == {"prompt": "typed again"}
    assert drafts.get((6,)) is None
