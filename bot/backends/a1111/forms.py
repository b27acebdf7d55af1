"""Alchemy forms at the web UI: captions, upscalers and the repair of faces."""

from dataclasses import dataclass

from bot.backends.a1111.client import WebuiClient
from bot.backends.a1111.payloads import ExtrasBody, InterrogateBody
from bot.backends.a1111.responses import Named
from bot.backends.inline_results import inline_picture, plain_answer
from bot.domain.generations import FormResult
from bot.domain.results import Phase, Status
from bot.errors import RequestRejected
from bot.i18n import N_, _

CAPTION = "caption"
TEXT_MAX = 20_000  # characters
NO_FORM = N_("{backend} does not have the form {name}. Choose another one.")
UNREADABLE = N_("{backend} sent a result that cannot be shown.")
# Names of upscalers, compared without case, spaces, dashes and endings.
UPSCALERS = {
    "RealESRGAN_x2plus": ("R-ESRGAN 2x+", "RealESRGAN_x2plus"),
    "RealESRGAN_x4plus": ("R-ESRGAN 4x+", "RealESRGAN_x4plus"),
    "RealESRGAN_x4plus_anime_6B": ("R-ESRGAN 4x+ Anime6B", "RealESRGAN_x4plus_anime_6B"),
    "NMKD_Siax": ("4x_NMKD-Siax_200k", "NMKD_Siax"),
    "4x_AnimeSharp": ("4x-AnimeSharp",),
    "4xNomos8kSC": ("4xNomos8kSC",),
    "4xLSDIRplus": ("4xLSDIRplus",),
    "4xNomosWebPhoto_RealPLKSR": ("4xNomosWebPhoto_RealPLKSR",),
    "4xNomos2_realplksr_dysample": ("4xNomos2_realplksr_dysample",),
    "4xNomos2_hq_dat2": ("4xNomos2_hq_dat2",),
    "2xModernSpanimationV1": ("2xModernSpanimationV1",),
}
FACES = {"GFPGAN": "GFPGAN", "CodeFormers": "CodeFormer"}
FORMS = frozenset({CAPTION, *UPSCALERS, *FACES})
TWICE = frozenset({"RealESRGAN_x2plus", "2xModernSpanimationV1"})


@dataclass(frozen=True, slots=True)
class OfferedForms:
    """The forms of one web UI. `upscalers`: its name of each, by our form."""

    upscalers: dict[str, str]
    faces: frozenset[str]

    @classmethod
    def of(cls, upscalers: tuple[Named, ...], faces: tuple[Named, ...]) -> "OfferedForms":
        """The forms that those lists allow."""
        known = {_plain(each.name): each.name for each in upscalers}
        found = {
            form: known[_plain(name)]
            for form, names in UPSCALERS.items()
            for name in names
            if _plain(name) in known
        }
        listed = {each.name.casefold() for each in faces}
        repaired = (form for form, name in FACES.items() if name.casefold() in listed)
        return cls(found, frozenset(repaired))

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in the order of the tables."""
        return (CAPTION, *self.upscalers, *sorted(self.faces))

    def check(self, forms: tuple[str, ...], title: str) -> None:
        """Raises RequestRejected for a form that it does not have."""
        for form in forms:
            if form not in self.names:
                text = _(NO_FORM).format(backend=title, name=f"`{form.replace('`', '')}`")
                raise RequestRejected(text)


async def process(client: WebuiClient, offered: OfferedForms, form: str, image: str) -> FormResult:
    """The result of one form for that image (base64); with its `problem` when it failed.

    Raises BackendError when the web UI could not be asked.
    """
    try:
        if form == CAPTION:
            answer = await client.interrogate(InterrogateBody(image=image))
            text = plain_answer(answer.caption, TEXT_MAX).strip()
            return _result(form, client.title, text=text)
        made = await client.upscale(_extras(offered, form, image))
        return _result(form, client.title, url=inline_picture(made.image))
    except RequestRejected as error:
        return FormResult(form=form, state="faulted", problem=str(error))


def _extras(offered: OfferedForms, form: str, image: str) -> ExtrasBody:
    if form in FACES:
        gfpgan = 1.0 if form == "GFPGAN" else 0.0
        return ExtrasBody(
            image=image,
            upscaling_resize=1,
            gfpgan_visibility=gfpgan,
            codeformer_visibility=1 - gfpgan,
        )
    factor = 2 if form in TWICE else 4
    return ExtrasBody(image=image, upscaling_resize=factor, upscaler_1=offered.upscalers[form])


def _result(form: str, title: str, *, text: str = "", url: str = "") -> FormResult:
    problem = "" if text or url else _(UNREADABLE).format(backend=title)
    return FormResult(form=form, state="done", text=text, url=url, problem=problem)


def _plain(name: str) -> str:
    stem = name.casefold().removesuffix(".pth").removesuffix(".safetensors")
    return "".join(c for c in stem if c.isalnum() or c == "+")


def unfinished(forms: tuple[str, ...], done: tuple[FormResult, ...]) -> tuple[FormResult, ...]:
    """All forms: those that are done, the one in progress, those that wait."""
    left = forms[len(done) :]
    working = tuple(FormResult(form=form, state="processing") for form in left[:1])
    return (*done, *working, *(FormResult(form=form, state="waiting") for form in left[1:]))


def status_of_forms(phase: Phase, forms: tuple[FormResult, ...]) -> Status:
    """The status of a request with these forms."""
    states = [form.state for form in forms]
    return Status(
        phase=phase,
        waiting=states.count("waiting"),
        processing=states.count("processing"),
        finished=states.count("done"),
        generations=forms,
    )


def forms_outcome(forms: tuple[FormResult, ...]) -> Status:
    """The outcome; with the reason when no form arrived."""
    good = [form for form in forms if not form.problem]
    phase = Phase.DONE if len(good) == len(forms) else Phase.PARTIAL if good else Phase.FAULTED
    problem = "" if good else forms[0].problem
    return status_of_forms(phase, forms).with_outcome(phase, problem)
