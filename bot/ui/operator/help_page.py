"""A page of /help as a value. It shows only what the backend of its reader's place can do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.capabilities import Capabilities
from bot.domain.requests import Kind
from bot.i18n import N_, _

Need = Callable[[Capabilities], bool]  # whether a backend can do what a text is about
ABOUT_ANOTHER = N_("This page is about {other}. {backend} is used here and cannot do this.")
NOT_POSSIBLE = N_("{backend} is used here and cannot do this.")


def anything(_able: Capabilities) -> bool:
    """Every backend can do it."""
    return True


def of_horde(able: Capabilities) -> bool:
    """Only a Horde has it: kudos, workers, styles, ratings."""
    return able.has_kudos


def makes(kind: Kind) -> Need:
    """The backend processes requests of that kind."""
    return lambda able: kind in able.kinds


def uses(*fields: str) -> Need:
    """The backend makes images and uses all of these fields of ImageRequest."""
    return lambda able: Kind.IMAGE in able.kinds and all(map(able.uses, fields))


def takes(*forms: str) -> Need:
    """The backend takes all of these forms of alchemy."""
    return lambda able: Kind.ALCHEMY in able.kinds and all(map(able.takes_form, forms))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A message for N_, and below it commands to type, each in backticks."""

    text: str
    examples: tuple[str, ...] = ()
    needs: Need = anything


@dataclass(frozen=True, slots=True)
class Topic:
    """One page. Its label is a choice of /help, at most 100 characters, and its heading."""

    label: str
    paragraphs: tuple[Paragraph, ...]
    needs: Need = anything

    def text_for(self, here: Capabilities, configured: Iterable[Capabilities] = ()) -> str:
        """The page in the current language, as markdown.

        `here`: of the backend of the place. Where it cannot do what the page is about, the page
        names the first of the `configured` backends that can, and describes that one.
        """
        if self.needs(here):
            return self._joined(*self._said(here))
        other = next(filter(self.needs, configured), None)
        if other is None:
            return self._joined(_(NOT_POSSIBLE).format(backend=here.title))
        note = _(ABOUT_ANOTHER).format(other=other.title, backend=here.title)
        return self._joined(f"-# {note}", *self._said(other))

    def _said(self, able: Capabilities) -> list[str]:
        shown = [each for each in self.paragraphs if each.needs(able)]
        return ["\n".join((_(each.text), *each.examples)) for each in shown]

    def _joined(self, *parts: str) -> str:
        return f"### {_(self.label)}\n" + "\n\n".join(parts)
