"""What can be done with a picture that is there already."""

from typing import Literal

from pydantic import Field, field_validator

from bot.domain.alchemy_forms import FORMS
from bot.domain.requests.base import BaseRequest, Source


class AlchemyRequest(BaseRequest):
    """One or more forms over one picture.

    `withhold`: the place is not age-restricted, so a form that returns a picture also asks `nsfw`
    and the picture is kept back when that says yes.
    """

    kind: Literal["alchemy"] = "alchemy"
    source: Source
    forms: tuple[str, ...] = Field(min_length=1, max_length=len(FORMS))
    withhold: bool = True
    spoiler: bool = False  # the server wants pictures behind one

    @field_validator("forms")
    @classmethod
    def _known(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            if form not in FORMS:
                raise ValueError(f"there is no alchemy form {form[:40]!r}")
        return tuple(dict.fromkeys(forms))  # the Horde would make and charge duplicates twice

    @property
    def asked(self) -> tuple[str, ...]:
        """The forms to send: the chosen ones, and `nsfw` where a picture might be withheld."""
        makes_picture = any(FORMS[form].returns in {"picture", "svg"} for form in self.forms)
        extra = ("nsfw",) if self.withhold and makes_picture and "nsfw" not in self.forms else ()
        return self.forms + extra

    @property
    def count(self) -> int:
        """How many forms are sent."""
        return len(self.asked)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The picture that it looks at."""
        return (self.source,)
