"""Lines about budgets, shared keys and spent kudos."""

from dataclasses import replace

from bot.accounts.payment import BudgetShare
from bot.backends.values import Account, Allowance
from bot.cards import formatting
from bot.domain.capabilities import HORDE
from bot.domain.kudos.budgets import Budget, Spent
from bot.ui.account import kudos_lines


def plain_lines(lines: list[str]) -> str:
    return "\n".join(lines).replace(formatting.NBSP, " ")


def test_a_budget_says_every_limit() -> None:
    budget = Budget(
        a_day=500,
        a_person_a_day=50,
        a_request=20,
        largest=1024**2,
        roles=((11, 80), (12, 0)),
        then_next=False,
    )
    said = plain_lines(list(kudos_lines.budget_lines(budget)))
    for words in (
        "500 kudos per day",
        "50 kudos per day for each member",
        "20 kudos per request",
        "1024 \N{MULTIPLICATION SIGN} 1024",
        "<@&11>: 80 kudos per day",
        "<@&12>: no daily limit",
        "only members with a key of their own",
    ):
        assert words in said
    assert "No budget is set" in plain_lines(list(kudos_lines.budget_lines(Budget())))


def test_what_was_spent_today() -> None:
    share = BudgetShare(Budget(a_day=100), Spent(40, 5.5), limit=0, refills_at=86_400)
    said = plain_lines(list(kudos_lines.share_lines(share)))
    assert "40 kudos of 100 kudos · by you: 6 kudos · resets <t:86400:R>" in said
    assert "estimated prices" in said
    nothing = BudgetShare(Budget(), Spent(), limit=30, refills_at=86_400)
    said = plain_lines(list(kudos_lines.share_lines(nothing)))
    assert "0 kudos · by you: 0 kudos of 30 kudos" in said
    assert "estimated prices" not in said


def test_a_shared_key_without_the_key() -> None:
    allowance = Allowance(kudos=300, spent=20, expires_at=5_000, pixels=4_096, steps=30, tokens=80)
    said = plain_lines([kudos_lines.shared_line(replace(allowance, name="the *club*"), now=100)])
    for words in (
        "the \\*club\\*",
        "about 300 kudos left",
        "20 kudos spent",
        "valid until <t:5000:d>",
    ):
        assert words in said
    assert "up to 4,096 pixels · up to 30 steps · up to 80 tokens" in said
    over = kudos_lines.shared_line(Allowance(name="old", expires_at=50), now=100)
    assert "expired <t:50:R>" in over
    assert "no kudos limit" in over


def test_which_kind_of_key_a_server_got() -> None:
    assert "A **shared key** is safer" in kudos_lines.logged_in(Account("ada#1", 5), HORDE)
    assert "the safe choice" in kudos_lines.logged_in(
        Account("ada#1 (Shared)", 5, shared=True), HORDE
    )
