"""Alchemy requests: forms for an existing picture."""

import re
from typing import Literal

from pydantic import Field, field_validator

from bot.domain.alchemy import annotations
from bot.domain.alchemy.alchemy_forms import FORMS, MAKES_IMAGE, form_of
from bot.domain.requests.base import BaseRequest, Source
from bot.i18n import _

IMAGES_MAX = 16  # that one card and the message after it show, with their texts
NAME = re.compile(rf"(?:{annotations.FORM}:)?[A-Za-z0-9][\w.+-]{{0,47}}", re.ASCII)


class AlchemyRequest(BaseRequest):
    """One or more forms for one picture, of FORMS or announced by the server: form_of.

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
            if not NAME.fullmatch(form) or form == annotations.FORM:
                text = _("`forms` has no form `{name}`. Choose one from the list.")
                raise ValueError(text.format(name=form[:40]))
        if sum(form_of(form).returns in {"picture", "any"} for form in set(forms)) > IMAGES_MAX:
            text = _("One request can make at most {count} images. Choose fewer forms.")
            raise ValueError(text.format(count=IMAGES_MAX))
        return tuple(dict.fromkeys(forms))  # the Horde makes and charges duplicates

    def with_type(self, form: str) -> str:
        """The name of a result: an annotation without a type is the only one that was sent."""
        sent = [name for name in self.forms if annotations.control_type(name)]
        return sent[0] if form == annotations.FORM and len(sent) == 1 else form

    @property
    def asked(self) -> tuple[str, ...]:
        """The forms to send: the chosen ones, and `nsfw` if a picture may have to be withheld."""
        makes_picture = any(form_of(form).returns in MAKES_IMAGE for form in self.forms)
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
