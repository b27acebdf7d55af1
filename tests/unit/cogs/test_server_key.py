"""/server key budget: the rules for roles."""

import pytest

from bot.domain.kudos.budgets import ROLES_MAX, Budget
from bot.errors import BadOption
from cogs.server.key import with_role, without_gone


def test_a_roles_rule_is_set_changed_and_taken_away() -> None:
    budget = with_role(with_role(Budget(a_day=9), 1, 50), 2, 0)
    assert budget == Budget(a_day=9, roles=((1, 50), (2, 0)))
    assert with_role(budget, 1, 70).roles == ((2, 0), (1, 70))
    assert with_role(budget, 2, None).roles == ((1, 50),)
    assert with_role(budget, 3, None) == budget


def test_there_are_not_endlessly_many() -> None:
    full = Budget(roles=tuple((number, 1.0) for number in range(1, ROLES_MAX + 1)))
    assert with_role(full, 1, 5).of_person([1]) == 5
    with pytest.raises(BadOption, match="25"):
        with_role(full, ROLES_MAX + 1, 5)


def test_rules_of_roles_that_were_deleted_make_room() -> None:
    full = Budget(roles=tuple((number, 1.0) for number in range(1, ROLES_MAX + 1)))
    left = without_gone(full, set(range(3, 1_000)))
    assert left.roles == full.roles[2:]
    assert with_role(left, ROLES_MAX + 1, 5).of_person([ROLES_MAX + 1]) == 5
    assert without_gone(full, set()) == full  # Discord has told no roles yet
