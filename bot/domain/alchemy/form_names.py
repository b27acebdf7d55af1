"""Names and labels of alchemy forms in what people type.

`offered`: names of further forms that the server announces.
"""

import difflib
import re
from collections.abc import Callable, Sequence

from bot.domain.alchemy.alchemy_forms import FORMS, Form, form_of
from bot.errors import BadOption
from bot.i18n import _
from bot.i18n.formats import list_or

ALL_LOOKS = "all"  # every form that only reads the image
COMMAS_MAX = 2  # in one label
# Between forms, also full-width and ideographic ones.
SEPARATORS = (*",;\n", "\N{FULLWIDTH COMMA}", "\N{FULLWIDTH SEMICOLON}", "\N{IDEOGRAPHIC COMMA}")
GUESSES = 3  # forms that an error names
ALIKE = 0.6  # share of equal letters; a lower one makes no suggestion
SHOWN_MAX = 40  # characters of a word that an error repeats


def all_forms(offered: Sequence[str] = ()) -> tuple[Form, ...]:
    """The forms that the bot knows, and the offered ones."""
    return (*FORMS.values(), *map(form_of, offered))


def find(text: str, offered: Sequence[str] = ()) -> Form | None:
    """The form with that Horde name or label; case does not count."""
    wanted = _plain(text)
    return next((form for form in all_forms(offered) if wanted in map(_plain, form.called)), None)


def holds(form: Form, typed: str) -> bool:
    """Whether a name or a label contains the typed text, apart from case and punctuation."""
    return any(_plain(typed) in _plain(each) for each in form.called)


def form_named(
    text: str, offered: Sequence[str] = (), has: Callable[[str], bool] = lambda _form: True
) -> tuple[str, ...]:
    """The Horde names of forms separated by SEPARATORS, each once.

    "all" means those that only read the image and that the backend `has`. Raises BadOption, naming
    the nearest form.
    """
    found: list[str] = []
    for word in forms_listed(text, offered):
        if _plain(word) == ALL_LOOKS:
            looks = (form.name for form in FORMS.values() if form.group == "look")
            found += filter(has, looks)
            continue
        form = find(word, offered)
        if form is None:
            raise BadOption(_unknown(word, offered))
        found.append(form.name)
    return tuple(dict.fromkeys(found))


def forms_listed(text: str, offered: Sequence[str] = ()) -> list[str]:
    """The parts of a list separated by SEPARATORS, without empty ones.

    A comma inside a label ("Upscale x4, anime") separates nothing.
    """
    words = (part.strip() for part in re.split(f"[{''.join(SEPARATORS)}]", text))
    left = [word for word in words if word]
    parts: list[str] = []
    while left:
        most = min(COMMAS_MAX + 1, len(left))
        joined = (", ".join(left[:size]) for size in range(most, 0, -1))
        part = next((one for one in joined if find(one, offered)), left[0])
        parts.append(part)
        del left[: part.count(",") + 1]
    return parts


def _plain(text: str) -> str:
    return re.sub(r"(?:[^\w+]|_)+", " ", text.casefold()).strip()


def _shown(word: str) -> str:
    return word.replace("`", "'")[:SHOWN_MAX]


def _unknown(word: str, offered: Sequence[str]) -> str:
    """The refusal of a word that is no form, with a suggestion if there is one."""
    parts = word.split()
    forms = all_forms(offered)
    names = _holding(word, forms) or _spelt_like(_plain(word), forms)
    if len(parts) > 1 and all(find(part, offered) for part in parts):
        text = _("`forms` has no form `{name}`. Put commas between the forms: `{forms}`.")
    elif names:
        text = _("`forms` has no form `{name}`. Did you mean {names}?")
    else:
        text = _("`forms` has no form `{name}`. Choose one from the list.")
    near = list_or(f"`{name}`" for name in names) if names else ""
    return text.format(name=_shown(word), forms=", ".join(parts), names=near)


def _holding(word: str, forms: Sequence[Form]) -> list[str]:
    """Forms with this word in their name or label: for upscale, faces, tags, svg."""
    found = (form.name for form in forms if _plain(word) and holds(form, word))
    return list(found)[:GUESSES]


def _spelt_like(wanted: str, forms: Sequence[Form]) -> list[str]:
    spellings = {_plain(s): form for form in forms for s in form.called}
    near = difflib.get_close_matches(wanted, spellings, n=1, cutoff=ALIKE)
    return [spellings[name].name for name in near]
