"""Generations of a request: its pictures, its texts, its alchemy forms, its video."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    # Stored with the status, as JSON.
    model_config = ConfigDict(frozen=True, extra="ignore")


class _FileResult(_Value):
    """A result with a file. `url` expires; `file` is the name of the downloaded result file.

    `width` and `height` in pixels, as delivered; 0 until the download. `problem`: why nothing can
    be shown, as a sentence for people.
    """

    url: str = ""
    file: str = ""
    width: int = 0
    height: int = 0
    problem: str = ""

    def with_file(self, file: str, width: int = 0, height: int = 0) -> Self:
        """The same result after its download. A URL that held the bytes is not kept with it."""
        url = "" if self.url.startswith("data:") else self.url
        found = {"url": url, "file": file, "width": width, "height": height}
        return self.model_copy(update=found)

    def with_problem(self, problem: str) -> Self:
        """The same result, which cannot be shown for that reason."""
        return self.model_copy(update={"problem": problem})


class ImageGeneration(_FileResult):
    """One picture. `unfinished`: its job was stopped before its last step."""

    type: Literal["image"] = "image"
    id: str
    seed: str = ""
    model: str = ""
    worker: str = ""
    censored: Literal["", "nsfw", "csam"] = ""
    notes: tuple[str, ...] = ()  # remarks of the worker (a LoRA that failed to load ...)
    unfinished: bool = False

    @property
    def arrived(self) -> bool:
        """There is a picture to show."""
        return bool(self.file) and not self.problem


class TextGeneration(_Value):
    """One text. `cut`: it was cut at its maximum length; None when the backend does not tell.

    `unfinished`: the text so far of a call that is under way, was stopped, or broke off.
    `thinking`: the reasoning of the model, which is no part of the text.
    """

    type: Literal["text"] = "text"
    text: str
    model: str = ""
    worker: str = ""
    censored: Literal["", "censored", "csam"] = ""
    thinking: str = ""
    reasoning_only: bool = False  # the worker sent text, but none of it was an answer
    cut: bool | None = None
    unfinished: bool = False

    @property
    def arrived(self) -> bool:
        """There is a text to show."""
        return not self.censored and bool(self.text)


class Tag(_Value):
    """One tag of an interrogation. `confidence` in percent."""

    text: str
    confidence: float = 0.0


class FormResult(_FileResult):
    """Result of one alchemy form. Its `returns` says which of the fields is set."""

    type: Literal["form"] = "form"
    form: str
    state: Literal["waiting", "processing", "done", "faulted", "cancelled"]
    text: str = ""
    code: bool = False  # the text is JSON
    flag: bool | None = None
    tags: dict[str, tuple[Tag, ...]] = Field(default_factory=dict[str, tuple[Tag, ...]])

    @property
    def arrived(self) -> bool:
        """There is something to show."""
        has_value = bool(self.text or self.file or self.tags) or self.flag is not None
        return self.state == "done" and not self.problem and has_value


class VideoGeneration(_FileResult):
    """One video. `seconds`: its duration, 0 for unknown.

    `expires_at`: when the link ends, in UTC seconds, None for unknown. `may_link`: people may be
    shown the link, which leads to a server of the backend. `linked`: the file is too large to be
    kept, and the card shows the link.
    """

    type: Literal["video"] = "video"
    id: str
    seed: str = ""
    model: str = ""
    worker: str = ""
    seconds: float = 0.0
    censored: Literal["", "nsfw"] = ""
    expires_at: float | None = None
    may_link: bool = False
    linked: bool = False

    @property
    def arrived(self) -> bool:
        """There is a video, or a link to it, to show."""
        return bool(self.file or (self.linked and self.url)) and not self.problem

    def as_link(self) -> Self:
        """The same video, of which only the link is shown."""
        return self.model_copy(update={"linked": True})


Generation = Annotated[
    ImageGeneration | TextGeneration | FormResult | VideoGeneration, Field(discriminator="type")
]
