"""Strategies: any JSON, and component trees as a careful bot makes them."""

from typing import Any

from hypothesis import strategies as st

from sandbox.discord.rules import IS_COMPONENTS_V2
from tests.support.discord.components import Component

Made = st.SearchStrategy[Component]

# Keys that mean something get where they do harm more often than by chance.
# fmt: off
PAYLOAD_KEYS = st.sampled_from([
    "type", "id", "custom_id", "style", "label", "url", "emoji", "name", "value", "options",
    "choices", "components", "component", "accessory", "content", "media", "items", "file",
    "embeds", "fields", "footer", "author", "text", "description", "flags", "attachments",
    "allowed_mentions", "parse", "users", "nonce", "data", "title", "min_values", "max_values",
    "required", "name_localizations", "default_values", "poll", "question", "answers",
    "message_reference", "_errors", "nl",
])
# fmt: on
SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, 2, 3, 5, 9, 10, 12, 13, 17, 18, IS_COMPONENTS_V2, -1, 2**64, 10**300])
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["users", "attachment://a", "http://[", "1", "🦊", "x" * 5000, "\ud800"])
)
JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PAYLOAD_KEYS, inner, max_size=5),
    max_leaves=30,
)

BOOLEANS = st.booleans()
IDS = st.uuids().map(str)
URLS = st.sampled_from(["https://example.com/a.png", "attachment://a.png"])
ANY_EMOJI: Made = st.sampled_from([{"name": "🔁"}, {"name": "\u2714"}, {"id": "12", "name": "fox"}])


def text_of_length(low: int, high: int) -> st.SearchStrategy[str]:
    """Text of that many characters; not blank where there must be one."""
    return st.text("abc ä🦊\n", min_size=low, max_size=high).filter(
        lambda text: low == 0 or bool(text.strip())
    )


def component(
    kind: int, fields: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> Made:
    return st.fixed_dictionaries({"type": st.just(kind), **fields}, optional=optional)


BUTTONS: Made = component(
    2,
    {"custom_id": IDS, "label": text_of_length(1, 80), "style": st.integers(1, 4)},
    emoji=st.none() | ANY_EMOJI,
    disabled=BOOLEANS,
) | component(
    2,
    {"style": st.just(5), "label": text_of_length(1, 80), "url": st.just("https://example.com/x")},
)


@st.composite
def _selects(draw: st.DrawFn) -> Component:
    values = draw(st.lists(text_of_length(1, 20), min_size=1, max_size=25, unique=True))
    high = draw(st.integers(1, len(values)))
    return {
        "type": 3,
        "custom_id": draw(IDS),
        "options": [{"label": draw(text_of_length(1, 20)), "value": value} for value in values],
        "max_values": high,
        "min_values": draw(st.integers(0, high)),
        "placeholder": draw(text_of_length(0, 30)),
    }


SELECT_MENUS: Made = _selects()
ACTION_ROWS: Made = component(
    1, {"components": st.lists(BUTTONS, min_size=1, max_size=5)}
) | component(1, {"components": st.lists(SELECT_MENUS, min_size=1, max_size=1)})
TEXT_DISPLAYS: Made = component(10, {"content": text_of_length(1, 40)})
MEDIA: dict[str, st.SearchStrategy[Any]] = {"media": st.fixed_dictionaries({"url": URLS})}
GALLERY_ITEMS: Made = st.fixed_dictionaries(
    MEDIA, optional={"description": text_of_length(1, 100), "spoiler": BOOLEANS}
)
INSIDE_CONTAINER: Made = (
    ACTION_ROWS
    | TEXT_DISPLAYS
    | component(
        9,
        {
            "components": st.lists(TEXT_DISPLAYS, min_size=1, max_size=3),
            "accessory": BUTTONS | component(11, MEDIA, description=text_of_length(1, 100)),
        },
    )
    | component(12, {"items": st.lists(GALLERY_ITEMS, min_size=1, max_size=10)})
    | component(13, {"file": st.just({"url": "attachment://a.png"})})
    | component(14, {}, spacing=st.integers(1, 2), divider=BOOLEANS)
)
CONTAINERS: Made = component(
    17,
    {"components": st.lists(INSIDE_CONTAINER, min_size=1, max_size=4)},
    accent_color=st.none() | st.integers(0, 0xFFFFFF),
    spoiler=BOOLEANS,
)


def component_count(part: Component) -> int:
    """How many components a component is, with those inside it."""
    inside = [*part.get("components", []), part.get("accessory")]
    return 1 + sum(component_count(one) for one in inside if one)


COMPONENT_TREES: st.SearchStrategy[list[Component]] = st.lists(
    CONTAINERS | INSIDE_CONTAINER, min_size=1, max_size=4
).filter(lambda tree: sum(map(component_count, tree)) <= 40)
"""Trees inside all limits; their files are all named a.png."""
