"""FORMS: the one table of alchemy forms. Choices, validation, parsing and rendering read it.

The names are the enum of ModelInterrogationFormStable in the Horde's swagger (5.1.5, 2026-08).
"""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from bot.errors import BadOption
from bot.i18n import N_, _
from bot.i18n.formats import list_or

# Default when no form is chosen: four times as large, and offered by nearly every alchemist.
BEST_UPSCALER = "RealESRGAN_x4plus"

Returns = Literal["text", "flag", "tags", "picture", "score", "colours", "svg"]
Group = Literal["look", "upscale", "face", "edit"]
ALL_LOOKS = "all"  # every form that only reads the image
COMMAS_MAX = 2  # in one label
# Between forms, also full-width and ideographic ones.
SEPARATORS = (*",;\n", "\N{FULLWIDTH COMMA}", "\N{FULLWIDTH SEMICOLON}", "\N{IDEOGRAPHIC COMMA}")
GUESSES = 3  # forms that an error names
ALIKE = 0.6  # share of equal letters; a lower one makes no suggestion
SHOWN_MAX = 40  # characters of a word that an error repeats


@dataclass(frozen=True, slots=True)
class Form:
    """One alchemy form: its Horde name, its label, and the kind of its result.

    `label` and `about` are translated where they are shown.
    """

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
        N_("Caption: one sentence about the image"),
        "text",
        "look",
        N_("What the image shows, in one sentence"),
    ),
    Form(
        "describe",
        N_("Describe: a longer description"),
        "text",
        "look",
        N_("What the image shows, in detail"),
    ),
    Form(
        "interrogation",
        N_("Interrogate: tags, artists, styles"),
        "tags",
        "look",
        N_("Words for the prompt of such an image"),
    ),
    Form("nsfw", N_("NSFW check"), "flag", "look", N_("Whether the image is for adults only")),
    Form(
        "aesthetic", N_("Aesthetic score"), "score", "look", N_("How good a model rates the image")
    ),
    Form(
        "palette",
        N_("Palette: its main colours"),
        "colours",
        "look",
        N_("The main colours as codes to copy"),
    ),
    Form(
        "vectorize",
        N_("Vectorize: as an SVG drawing"),
        "svg",
        "edit",
        N_("Lines that stay sharp at any size"),
    ),
    Form(
        "strip_background",
        N_("Strip the background"),
        "picture",
        "edit",
        N_("Only the subject remains"),
    ),
    Form(
        "GFPGAN",
        N_("Fix faces (GFPGAN)"),
        "picture",
        "face",
        N_("The usual choice: clean and smooth"),
    ),
    Form(
        "GFPGANv1.3",
        N_("Fix faces (GFPGAN 1.3)"),
        "picture",
        "face",
        N_("Older version, changes less"),
    ),
    Form(
        "CodeFormers",
        N_("Fix faces (CodeFormers)"),
        "picture",
        "face",
        N_("For badly damaged faces"),
    ),
    Form("RestoreFormer", N_("Fix faces (RestoreFormer)"), "picture", "face", N_("For old photos")),
    Form(
        "RealESRGAN_x2plus",
        N_("Upscale x2 (RealESRGAN)"),
        "picture",
        "upscale",
        N_("Twice as large"),
    ),
    Form(
        "RealESRGAN_x4plus",
        N_("Upscale x4 (RealESRGAN)"),
        "picture",
        "upscale",
        N_("Good for all images"),
    ),
    Form(
        "RealESRGAN_x4plus_anime_6B",
        N_("Upscale x4, anime (RealESRGAN)"),
        "picture",
        "upscale",
        N_("For drawings with flat colours"),
    ),
    Form(
        "NMKD_Siax",
        N_("Upscale x4 (NMKD Siax)"),
        "picture",
        "upscale",
        N_("Sharp, keeps fine grain"),
    ),
    Form(
        "4x_AnimeSharp",
        N_("Upscale x4, anime (AnimeSharp)"),
        "picture",
        "upscale",
        N_("For drawings with crisp lines"),
    ),
    Form("4xNomos8kSC", N_("Upscale x4, photo (Nomos8k)"), "picture", "upscale", N_("For photos")),
    Form(
        "4xLSDIRplus",
        N_("Upscale x4 (LSDIRplus)"),
        "picture",
        "upscale",
        N_("For compressed images"),
    ),
    Form(
        "4xNomosWebPhoto_RealPLKSR",
        N_("Upscale x4, web photo (RealPLKSR)"),
        "picture",
        "upscale",
        N_("For photos from the web"),
    ),
    Form(
        "4xNomos2_realplksr_dysample",
        N_("Upscale x4 (Nomos2 dysample)"),
        "picture",
        "upscale",
        N_("For clean photos"),
    ),
    Form(
        "4xNomos2_hq_dat2",
        N_("Upscale x4, finest (Nomos2 DAT2)"),
        "picture",
        "upscale",
        N_("Most detail, slowest"),
    ),
    Form(
        "2xModernSpanimationV1",
        N_("Upscale x2, animation (Spanimation)"),
        "picture",
        "upscale",
        N_("For frames of cartoons"),
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
    """The Horde names of forms separated by SEPARATORS, each once.

    "all" means those that only read the image. Raises BadOption, naming the nearest form.
    """
    found: list[str] = []
    for word in forms_listed(text):
        if _plain(word) == ALL_LOOKS:
            found += [form.name for form in FORMS.values() if form.group == "look"]
            continue
        form = find(word)
        if form is None:
            raise BadOption(_unknown(word))
        found.append(form.name)
    return tuple(dict.fromkeys(found))


def forms_listed(text: str) -> list[str]:
    """The parts of a list separated by SEPARATORS, without empty ones.

    A comma inside a label ("Upscale x4, anime") separates nothing.
    """
    words = (part.strip() for part in re.split(f"[{''.join(SEPARATORS)}]", text))
    left = [word for word in words if word]
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


def _unknown(word: str) -> str:
    """The refusal of a word that is no form, with a suggestion if there is one."""
    parts = word.split()
    names = _holding(_plain(word)) or _spelt_like(_plain(word))
    if len(parts) > 1 and all(map(find, parts)):
        text = _("`forms` has no form `{name}`. Put commas between the forms: `{forms}`.")
    elif names:
        text = _("`forms` has no form `{name}`. Did you mean {names}?")
    else:
        text = _("`forms` has no form `{name}`. Choose one from the list.")
    near = list_or(f"`{name}`" for name in names) if names else ""
    return text.format(name=_shown(word), forms=", ".join(parts), names=near)


def _holding(wanted: str) -> list[str]:
    """Forms with this word in their label: for upscale, faces, tags, svg."""
    found = (form.name for form in FORMS.values() if wanted and wanted in _plain(form.label))
    return list(found)[:GUESSES]


def _spelt_like(wanted: str) -> list[str]:
    spellings = {_plain(s): form for form in FORMS.values() for s in (form.name, form.short)}
    near = difflib.get_close_matches(wanted, spellings, n=1, cutoff=ALIKE)
    return [spellings[name].name for name in near]


UPSCALERS = tuple(form for form in FORMS.values() if form.group == "upscale")
