"""Alchemy requests: forms for an existing picture."""

from typing import Literal

from pydantic import Field, field_validator

from bot.domain.alchemy_forms import FORMS
from bot.domain.requests.base import BaseRequest, Source
from bot.i18n import _


class AlchemyRequest(BaseRequest):
    """One or more forms for one picture.

    `withhold`: the channel is not age-restricted, so the form `nsfw` is added and pictures are not
    shown when it answers yes.
    """

    kind: Literal["alchemy"] = "alchemy"
    source: Source
    forms: tuple[str, ...] = Field(min_length=1, max_length=len(FORMS))
    withhold: bool = True
    spoiler: bool = False  # pictures are hidden behind a spoiler

    @field_validator("forms")
    @classmethod
    def _known(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            if form not in FORMS:
                text = _("`forms` has no form `{name}`. Choose one from the list.")
                raise ValueError(text.format(name=form[:40]))
        return tuple(dict.fromkeys(forms))  # the Horde makes and charges duplicates

    @property
    def asked(self) -> tuple[str, ...]:
        """The forms to send: the chosen ones, and `nsfw` if a picture may have to be withheld."""
        makes_picture = any(FORMS[form].returns in {"picture", "svg"} for form in self.forms)
        extra = ("nsfw",) if self.withhold and makes_picture and "nsfw" not in self.forms else ()
        return self.forms + extra

    @property
    def count(self) -> int:
        """How many forms are sent."""
        return len(self.asked)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The source picture."""
        return (self.source,)
