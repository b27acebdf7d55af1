"""Statuses that earlier versions stored."""

from bot.domain.results import Phase, Status


def test_cost_of_an_earlier_version_is_read() -> None:
    assert Status.model_validate_json('{"phase":"done","kudos":12.5}').cost == 12.5


def test_cost_is_stored_under_its_own_name() -> None:
    stored = Status(phase=Phase.DONE, cost=3.0).model_dump_json()
    assert Status.model_validate_json(stored).cost == 3.0
    assert '"kudos"' not in stored
