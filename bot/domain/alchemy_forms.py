"""FORMS: the one table of alchemy forms. Choices, validation, parsing and rendering read it.

The names are the enum of ModelInterrogationFormStable in the Horde's swagger (5.1.5, 2026-08).
"""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from bot.errors import BadOption

# Default when no form is chosen: four times as large, and offered by nearly every alchemist.
BEST_UPSCALER = "RealESRGAN_x4plus"

Returns = Literal["text", "flag", "tags", "picture", "score", "colours", "svg"]
Group = Literal["look", "upscale", "face", "edit"]
ALL_LOOKS = "all"  # every form that only reads the picture
COMMAS_MAX = 2  # in one label
GUESSES = 3  # forms that an error names
ALIKE = 0.6  # share of equal letters; a lower one makes no suggestion
SHOWN_MAX = 40  # characters of a word that an error repeats


@dataclass(frozen=True, slots=True)
class Form:
    """One alchemy form: its Horde name, its label, and the kind of its result."""

    name: str
    label: str  # at most 100 characters (a Discord choice)
    returns: Returns
    group: Group
    about: str  # explanation for a first use; at most 100 characters

    @property
    def short(self) -> str:
        """Label without its explanation, for small spaces."""
        return self.label.partition(":")[0]


def _table(*forms: Form) -> dict[str, Form]:
    return {form.name: form for form in forms}


FORMS: dict[str, Form] = _table(
    Form(
        "caption",
        "Caption: one sentence about the picture",
        "text",
        "look",
        "What the picture shows, in brief",
    ),
    Form("describe", "Describe: a longer description", "text", "look", "What it shows, at length"),
    Form(
        "interrogation",
        "Interrogate: tags, artists, styles",
        "tags",
        "look",
        "Words that a prompt for such a picture would have",
    ),
    Form("nsfw", "NSFW check", "flag", "look", "Whether it is for adults only"),
    Form("aesthetic", "Aesthetic score", "score", "look", "How beautiful a model finds it"),
    Form("palette", "Palette: its main colours", "colours", "look", "As codes to copy"),
    Form("vectorize", "Vectorize: as an SVG drawing", "svg", "edit", "Lines that scale for ever"),
    Form("strip_background", "Strip the background", "picture", "edit", "Only the subject is left"),
    Form("GFPGAN", "Fix faces (GFPGAN)", "picture", "face", "The usual one: clean and smooth"),
    Form("GFPGANv1.3", "Fix faces (GFPGAN 1.3)", "picture", "face", "Older, leaves more as it is"),
    Form("CodeFormers", "Fix faces (CodeFormers)", "picture", "face", "For badly damaged faces"),
    Form("RestoreFormer", "Fix faces (RestoreFormer)", "picture", "face", "For old photographs"),
    Form("RealESRGAN_x2plus", "Upscale x2 (RealESRGAN)", "picture", "upscale", "A little larger"),
    Form(
        "RealESRGAN_x4plus", "Upscale x4 (RealESRGAN)", "picture", "upscale", "Good for everything"
    ),
    Form(
        "RealESRGAN_x4plus_anime_6B",
        "Upscale x4, anime (RealESRGAN)",
        "picture",
        "upscale",
        "For drawings with flat colours",
    ),
    Form("NMKD_Siax", "Upscale x4 (NMKD Siax)", "picture", "upscale", "Sharp, keeps fine grain"),
    Form(
        "4x_AnimeSharp",
        "Upscale x4, anime (AnimeSharp)",
        "picture",
        "upscale",
        "For drawings with crisp lines",
    ),
    Form("4xNomos8kSC", "Upscale x4, photo (Nomos8k)", "picture", "upscale", "For photographs"),
    Form("4xLSDIRplus", "Upscale x4 (LSDIRplus)", "picture", "upscale", "For compressed pictures"),
    Form(
        "4xNomosWebPhoto_RealPLKSR",
        "Upscale x4, web photo (RealPLKSR)",
        "picture",
        "upscale",
        "For photographs from the web",
    ),
    Form(
        "4xNomos2_realplksr_dysample",
        "Upscale x4 (Nomos2 dysample)",
        "picture",
        "upscale",
        "For clean photographs",
    ),
    Form(
        "4xNomos2_hq_dat2",
        "Upscale x4, finest (Nomos2 DAT2)",
        "picture",
        "upscale",
        "The most detail, and the slowest",
    ),
    Form(
        "2xModernSpanimationV1",
        "Upscale x2, animation (Spanimation)",
        "picture",
        "upscale",
        "For frames of cartoons",
    ),
)


def find(text: str) -> Form | None:
    """The form with that Horde name or label; case does not count."""
    wanted = _plain(text)
    for form in FORMS.values():
        if wanted in {_plain(form.name), _plain(form.short), _plain(form.label)}:
            return form
    return None


def form_named(text: str) -> tuple[str, ...]:
    """The Horde names of forms separated by commas, each once.

    "all" means those that only read the picture. Raises BadOption, naming the nearest form.
    """
    found: list[str] = []
    for word in forms_listed(text):
        if _plain(word) == ALL_LOOKS:
            found += [form.name for form in FORMS.values() if form.group == "look"]
            continue
        form = find(word)
        if form is None:
            raise BadOption(f"`forms`: there is no `{_shown(word)}`.{_guess(word)}")
        found.append(form.name)
    return tuple(dict.fromkeys(found))


def forms_listed(text: str) -> list[str]:
    """The parts of a list separated by commas. A comma inside a label ("Upscale x4, anime")
    separates nothing.
    """
    left: list[str] = [word for part in re.split(r"[,;\n]", text) if (word := part.strip())]
    parts: list[str] = []
    while left:
        most = min(COMMAS_MAX + 1, len(left))
        joined = (", ".join(left[:size]) for size in range(most, 0, -1))
        part = next((one for one in joined if find(one)), left[0])
        parts.append(part)
        del left[: part.count(",") + 1]
    return parts


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9+]+", " ", text.casefold()).strip()


def _shown(word: str) -> str:
    return word.replace("`", "'")[:SHOWN_MAX]


def _guess(word: str) -> str:
    """A suggestion as a question; "" for none."""
    parts = word.split()
    if len(parts) > 1 and all(map(find, parts)):
        return f" Put commas between: `{', '.join(parts)}`."
    names = _holding(_plain(word)) or _spelt_like(_plain(word))
    if not names:
        return ""
    *first, last = (f"`{name}`" for name in names)
    return f" Did you mean {' or '.join(filter(None, [', '.join(first), last]))}?"


def _holding(wanted: str) -> list[str]:
    """Forms with this word in their label: for upscale, faces, tags, svg."""
    found = (form.name for form in FORMS.values() if wanted and wanted in _plain(form.label))
    return list(found)[:GUESSES]


def _spelt_like(wanted: str) -> list[str]:
    spellings = {_plain(s): form for form in FORMS.values() for s in (form.name, form.short)}
    near = difflib.get_close_matches(wanted, spellings, n=1, cutoff=ALIKE)
    return [spellings[name].name for name in near]


UPSCALERS = tuple(form for form in FORMS.values() if form.group == "upscale")
