"""Strategies: bodies of a submit, by the schema of its endpoint, good and bad."""

from typing import Any

from hypothesis import strategies as st

ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
BODY_MODELS = ["SDXL 1.0", "Deliberate", "Stable Cascade 1.0", "koboldcpp/TinyLlama-1.1B", "nope"]
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
LETTERS = st.characters(exclude_characters="\0")


# What the names of the fields do not tell, so that more than the first check is reached.
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "models": st.lists(st.sampled_from(BODY_MODELS), max_size=2),
    "source_image": st.sampled_from([PIXEL, PIXEL, "zzz", "http://127.0.0.1:1/x.png"]),
    "source_mask": st.sampled_from([PIXEL, "zzz"]),
    "style": st.sampled_from(["paper cut", "bedtime story", "sandbox picks", "none"]),
    "webhook": st.sampled_from(["https://bot.example/x", "http://bot.example/x", "x" * 1030]),
    "workers": st.just([]) | st.lists(st.text(max_size=3), max_size=1),
    "proxied_account": st.just(""),
    "extra_source_images": st.just([]) | st.just([{"image": PIXEL}]),
    "extra_texts": st.just([]) | st.just([{"text": "x", "reference": "qr_code"}]),
    "special": st.just({}),
    "cfg_scale": st.sampled_from([1, 5.5, 7.25, 7.123]),
    "prompt": st.sampled_from(["a fox", "zorpling quibbled", "[sandbox:faulted] x", "\ud800", ""]),
}


def valid_values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that obey a schema."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "string":
            most = min(schema.get("maxLength", 30), 60)
            return st.text(LETTERS, min_size=schema.get("minLength", 0), max_size=most)
        case "integer":
            step = schema.get("multipleOf", 1)
            low, high = schema.get("minimum", -5), schema.get("maximum", 99)
            return st.integers(-(-low // step), high // step).map(lambda value: value * step)
        case "number":
            return st.floats(schema.get("minimum", -5), schema.get("maximum", 5))
        case "array":
            return st.lists(valid_values(schema["items"]), max_size=4)
        case _:
            return objects(schema)


def objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the fields, and those without which nothing else is looked at."""
    parts: dict[str, Any] = schema.get("properties", {})
    required: list[str] = schema.get("required", [])
    if "params" in parts:
        required = ["prompt"]
    elif "forms" in parts:
        required = ["source_image", "forms"]
    fields = {name: LIKELY.get(name, valid_values(part)) for name, part in parts.items()}
    return st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: each for name, each in fields.items() if name not in required},
    )


@st.composite
def with_one_bad_field(draw: st.DrawFn, schema: dict[str, Any]) -> Any:
    """A body that obeys the schema, but for one field."""
    body = draw(objects(schema))
    name = draw(st.sampled_from(sorted(schema["properties"])))
    return body | {name: draw(ANY_JSON)}


def bodies_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.one_of(objects(schema), objects(schema), with_one_bad_field(schema), ANY_JSON)
