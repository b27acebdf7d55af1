"""The dashboard and the alert rules ask for metrics and labels that there are, in sound PromQL."""

import json
import re
from typing import Any, cast

import promql_parser
import pytest
import yaml
from prometheus_client import Histogram
from prometheus_client.metrics import MetricWrapperBase

from bot.monitoring.metrics import PREFIX, Metrics
from tests.support.paths import DOCS

BOARD: dict[str, Any] = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
ALERT_RULES: dict[str, Any] = yaml.safe_load((DOCS / "alerts.yaml").read_text(encoding="utf-8"))
GUIDE = (DOCS / "monitoring.md").read_text(encoding="utf-8")
ALERTS = [rule for group in ALERT_RULES["groups"] for rule in group["rules"]]
METRIC_NAME = re.compile(rf"{PREFIX}\w+")
SELECTOR = re.compile(rf"({PREFIX}\w+)\{{([^}}]*)\}}")
ADDED = {"instance", "job"}  # labels that Prometheus itself adds
RATE = "$__rate_interval"  # Grafana's own


def instruments() -> dict[str, frozenset[str]]:
    """Every sample there can be, and its labels."""
    found: dict[str, frozenset[str]] = {}
    made: list[Any] = [m for m in vars(Metrics()).values() if isinstance(m, MetricWrapperBase)]
    for one in made:
        name, labels = one.describe()[0], frozenset[str](one._labelnames)
        suffixes = ["_total"] if name.type == "counter" else [""]
        if isinstance(one, Histogram):
            suffixes, labels = ["_bucket", "_sum", "_count"], labels | {"le"}
        found |= {name.name + suffix: labels for suffix in suffixes}
    return found | {f"{PREFIX}info": frozenset({"version", "python"})}


KNOWN = instruments()


def expressions() -> list[tuple[str, str]]:
    panels = [
        (panel["title"], target["expr"])
        for panel in BOARD["panels"]
        for target in panel.get("targets", ())
    ]
    notes = [(note["name"], note["expr"]) for note in BOARD["annotations"]["list"]]
    return panels + notes + [(rule["alert"], rule["expr"]) for rule in ALERTS]


def test_the_walk_finds_the_metrics() -> None:
    assert {f"{PREFIX}ack_seconds_bucket", f"{PREFIX}delivered_total"} <= KNOWN.keys()
    assert len(expressions()) > 40


@pytest.mark.parametrize(("title", "expression"), expressions(), ids=str)
def test_it_asks_for_what_there_is(title: str, expression: str) -> None:
    promql_parser.parse(expression.replace(RATE, "5m"))
    names = set(METRIC_NAME.findall(expression))
    assert names or "process_" in expression, title
    assert names <= KNOWN.keys(), names - KNOWN.keys()
    for name, matchers in SELECTOR.findall(expression):
        asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
        assert asked <= KNOWN[name] | ADDED, (name, asked)
    grouped = re.findall(r"\b(?:by|on) \(([^)]*)\)", expression)
    labels = {label.strip() for group in grouped for label in group.split(",")}
    assert labels <= ADDED.union(*(KNOWN[name] for name in names)), labels


def test_every_metric_is_drawn_or_alerted_on_and_described() -> None:
    used = " ".join(expression for _, expression in expressions())
    for name in {re.sub(r"_(bucket|sum|count)$", "", known) for known in KNOWN}:
        assert f"`{name}`" in GUIDE, f"docs/monitoring.md does not describe {name}"
        assert name in used, f"nothing shows {name}"


def test_the_guide_knows_no_other_metric() -> None:
    plain = {re.sub(r"_(bucket|sum|count)$", "", known) for known in KNOWN}
    for name in METRIC_NAME.findall(GUIDE):
        assert name in plain | KNOWN.keys(), name


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_is_complete_and_explained(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"]
    assert f"`{rule['alert']}`" in GUIDE


def test_alerts_use_labels_that_their_expression_keeps() -> None:
    for rule in ALERTS:
        texts = " ".join(cast("dict[str, str]", rule["annotations"]).values())
        for label in re.findall(r"\$labels\.(\w+)", texts):
            kept = set(re.findall(r"\b\w+\b", rule["expr"]))
            bare = "(" not in rule["expr"] and label in KNOWN[METRIC_NAME.findall(rule["expr"])[0]]
            assert label in kept or bare, (rule["alert"], label)


def test_the_dashboard_is_laid_out() -> None:
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, f"{panel['title']} lies on another panel"
        assert place["x"] + place["w"] <= 24
        taken |= cells
        assert panel["type"] == "row" or panel["description"]
