"""A page of /help as a value."""

from dataclasses import dataclass

from bot.i18n import _


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A message for N_, and below it commands to type, each in backticks."""

    text: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One page. Its label is a choice of /help, at most 100 characters, and its heading."""

    label: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        """The page in the current language, as markdown."""
        found = ["\n".join((_(each.text), *each.examples)) for each in self.paragraphs]
        return f"### {_(self.label)}\n" + "\n\n".join(found)
