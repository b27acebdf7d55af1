"""Cards about styles and collections. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from bot.cards.card import Button, ButtonStyle, Card, quiet_card
from bot.cards.custom_ids import (
    ASK_TO_DELETE_OWNED,
    DELETE_OWNED,
    KEEP_OWNED,
    STYLE_FORM_BUTTON,
    OwnedKind,
)
from bot.cards.formatting import DOT, listed
from bot.cards.markdown import code_block, inline_code, safe, safe_line
from bot.horde.style_editing.style_collections import Collection
from bot.horde.styles import ImageStyle, ParameterPolicy, TextStyle, bare_name
from bot.i18n import _, ngettext
from bot.i18n.formats import number
from bot.services.styles.style_bodies import Style, kind_of

NAME_SHOWN, INFO_SHOWN, PROMPT_SHOWN, URL_SHOWN = 80, 900, 900, 200
STYLES_SHOWN = 25  # of a collection
EXAMPLES_MAX = 4  # of a style, a limit of the Horde


def style_card(style: Style, said: str = "") -> Card:
    """A style with its values, and the buttons that change it. `said`: a sentence above it."""
    head = f"### {safe_line(style.name, NAME_SHOWN)}\n{_facts(style)}"
    parts = [
        _("**Models** {models}").format(models=_names(style.models)) if style.models else "",
        _("**Tags** {tags}").format(tags=_names(style.tags)) if style.tags else "",
        _parameters(style),
        *_policy(style.parameter_policy),
        *_fields(style),
    ]
    label = _("**Prompt**")
    prompt = f"{label}\n{code_block(style.prompt, PROMPT_SHOWN)}"
    info = safe(style.info, INFO_SHOWN)
    card = quiet_card(said, head, info, prompt, "\n".join(filter(None, parts)), _id_line(style.id))
    return replace(card, rows=(_buttons(kind_of(style), style.id),))


def examples_card(style: ImageStyle, said: str = "") -> Card:
    """The examples of a style, by number."""
    title = _("Examples of {name}").format(name=safe_line(style.name, NAME_SHOWN))
    mark = DOT + _("first")
    lines = [
        f"{place}. {inline_code(each.url, URL_SHOWN)}{mark if each.primary else ''}"
        for place, each in enumerate(style.examples, 1)
    ]
    none = _("There are no examples yet. Add one with the option `add`.")
    most = ngettext(
        "A style can have {count} example.", "A style can have {count} examples.", EXAMPLES_MAX
    )
    hint = f"-# {most.format(count=number(EXAMPLES_MAX))}"
    return quiet_card(said, f"### {title}", "\n".join(lines) or none, hint)


def collection_card(collection: Collection, said: str = "") -> Card:
    """A collection with its styles, and the buttons that change it."""
    facts = [
        _("image styles") if collection.type == "image" else _("text styles"),
        _public(public=collection.public),
        _uses(collection.use_count),
    ]
    shown = collection.styles[:STYLES_SHOWN]
    lines = [f"- {safe_line(bare_name(each.name), NAME_SHOWN)}" for each in shown]
    if more := len(collection.styles) - len(shown):
        said_more = ngettext("and {count} more style", "and {count} more styles", more)
        lines.append(f"- {said_more.format(count=number(more))}")
    head = f"### {safe_line(collection.name, NAME_SHOWN)}\n{DOT.join(facts)}"
    info = safe(collection.info, INFO_SHOWN)
    card = quiet_card(said, head, info, "\n".join(lines), _id_line(collection.id))
    return replace(card, rows=(_buttons("collection", collection.id),))


def owned_delete_question(kind: OwnedKind, owned_id: str, name: str) -> Card:
    """Asks before a style or a collection is deleted. `name`: "" when it is not known."""
    title = _("Delete this collection?") if kind == "collection" else _("Delete this style?")
    text = _("This deletes it from the Horde for all users. It cannot be undone.")
    shown = f"**{safe_line(name, NAME_SHOWN)}**" if name else ""
    yes = Button(DELETE_OWNED(kind, owned_id), _("Delete permanently"), ButtonStyle.DANGER, "🗑️")
    no = Button(KEEP_OWNED(), _("Keep it"))
    card = quiet_card(f"### {title}", shown, text)
    return replace(card, rows=((yes, no),))


def text_mistake_card(sentence: str, kind: OwnedKind, owned_id: str) -> Card:
    """Explains a mistake, with the button that opens the form again."""
    again = Button(STYLE_FORM_BUTTON(kind, owned_id), _("Edit again"), ButtonStyle.PRIMARY, "✏️")
    return replace(quiet_card(sentence), rows=((again,),))


def _buttons(kind: OwnedKind, owned_id: str) -> tuple[Button, ...]:
    edit = Button(STYLE_FORM_BUTTON(kind, owned_id), _("Edit texts"), emoji="✏️")
    delete = Button(
        ASK_TO_DELETE_OWNED(kind, owned_id), _("Delete …"), ButtonStyle.DANGER, emoji="🗑️"
    )
    return edit, delete


def _facts(style: Style) -> str:
    by = safe_line(style.creator, 60)
    return DOT.join(
        [
            _("image style") if isinstance(style, ImageStyle) else _("text style"),
            _public(public=style.public),
            *([_("NSFW")] if style.nsfw else []),
            *([_("by {creator}").format(creator=by)] if by else []),
            _uses(style.use_count),
        ]
    )


def _public(*, public: bool) -> str:
    return _("public") if public else _("not listed")


def _uses(count: int) -> str:
    return ngettext("used {count} time", "used {count} times", count).format(count=number(count))


def _names(names: tuple[str, ...]) -> str:
    return listed(safe_line(name, 60) for name in names)


def _id_line(owned_id: str) -> str:
    return f"-# {inline_code(owned_id, 70)}"


def _parameters(style: ImageStyle | TextStyle) -> str:
    """Parameters by the names of the API."""
    found = style.params.model_dump(exclude_none=True)
    pairs = [f"{name}={_short(value)}" for name, value in found.items() if value not in ((), [])]
    shown = inline_code(" ".join(pairs), 600)
    return _("**Parameters** {values}").format(values=shown) if shown else ""


def _short(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(_short, cast("list[object]", value)))
    if isinstance(value, dict):
        return str(cast("dict[str, object]", value).get("name", "?"))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _policy(policy: ParameterPolicy | None) -> Iterator[str]:
    if policy is None:
        return
    names = {"none": _("none"), "all": _("all")}.get(policy.override, ", ".join(policy.overridable))
    yield _("**Changeable parameters** {names}").format(names=safe_line(names, 300))
    if policy.ceilings:
        most = ", ".join(f"{name}={value:g}" for name, value in policy.ceilings.items())
        yield _("**Ceilings** {values}").format(values=inline_code(most, 200))


def _fields(style: Style) -> Iterator[str]:
    for field in style.template_fields:
        name = inline_code("{" + field.name + "}", 40)
        said = _("**Field** {name}: {description}")
        if field.required:
            said = _("**Required field** {name}: {description}")
        yield said.format(name=name, description=safe_line(field.description, 100))
