"""The tree of messages: branches, swipes, deletion."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.message_tree import Tree
from bot.domain.chat.conversations import ChatMessage, Side
from tests.support.chat_prompts import message


def answer(number: int, parent: int) -> ChatMessage:
    return message(number, f"answer {number}", side=Side.CHARACTER, parent=parent)


def line(number: int, parent: int) -> ChatMessage:
    return message(number, f"line {number}", parent=parent)


# 1 - 2 - 3
#       \ 4 - 5 - 6
#             \ 7
MESSAGES = (answer(1, 0), line(2, 1), answer(3, 2), answer(4, 2), line(5, 4), answer(6, 5))
TREE = Tree((*MESSAGES, answer(7, 5), answer(8, 0)))


def ids(messages: tuple[ChatMessage, ...]) -> list[int]:
    return [each.id for each in messages]


def test_path_leads_from_the_first_message() -> None:
    assert ids(TREE.path(6)) == [1, 2, 4, 5, 6]
    assert ids(TREE.path(3)) == [1, 2, 3]
    assert TREE.path(0) == TREE.path(99) == ()


def test_swipes_have_one_parent() -> None:
    assert ids(TREE.swipes(3)) == [3, 4]
    assert ids(TREE.swipes(1)) == [1, 8]
    assert ids(TREE.swipes(2)) == [2]
    assert TREE.swipes(99) == ()


def test_place_among_swipes() -> None:
    swipe = TREE.swipe(4)
    assert (swipe.number, swipe.count, swipe.after) == (2, 2, None)
    assert swipe.before is not None
    assert swipe.before.id == 3
    first = TREE.swipe(3)
    assert first.before is None
    assert first.after is not None
    assert first.after.id == 4
    nothing = TREE.swipe(99)
    assert (nothing.number, nothing.count, nothing.before, nothing.after) == (0, 0, None, None)


def test_newest_leaf_under_a_message() -> None:
    assert TREE.newest_leaf_under(2) == 7
    assert TREE.newest_leaf_under(3) == 3
    assert TREE.newest_leaf_under(0) == 8
    assert TREE.newest_leaf_under(99) == 0
    assert Tree(()).newest_leaf_under(0) == 0


def test_branch_has_all_that_follows() -> None:
    assert sorted(ids(TREE.branch(4))) == [4, 5, 6, 7]
    assert TREE.branch(99) == ()


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=20))
def test_damaged_trees_end(pairs: list[tuple[int, int]]) -> None:
    tree = Tree(line(number, parent) for number, parent in pairs)
    for number in range(14):
        assert len(tree.path(number)) <= 12
        assert len(tree.branch(number)) <= 12
        tree.newest_leaf_under(number)
        tree.swipes(number)
