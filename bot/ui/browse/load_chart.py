"""The chart of /horde status with its description. Pure."""

from collections.abc import Iterator

from bot.cards import formatting
from bot.cards.card import ALT_MAX, Block, Gallery, Picture, TextBlock
from bot.cards.markdown import shortened
from bot.i18n import _
from bot.services.community.load_chart import ChartFigures, Figures

FILENAME = "load.png"


def chart_blocks(figures: ChartFigures) -> tuple[Block, ...]:
    """The chart, attached as FILENAME, and what its curves show."""
    alt = shortened(" ".join(chart_words(figures)), ALT_MAX)
    said = _(
        "The last {time}. Top: queued images (left) and queued texts (right). "
        "Bottom: images (left) and tokens (right) per minute."
    )
    said = said.format(time=formatting.duration(figures.seconds))
    return (Gallery((Picture(filename=FILENAME, alt=alt),)), TextBlock(f"-# {said}"))


def chart_words(figures: ChartFigures) -> Iterator[str]:
    """The figures as sentences."""
    time = formatting.duration(figures.seconds)
    yield _("Load of the Horde in the last {time}.").format(time=time)
    yield _said(_("Queued images: {newest} now, from {least} to {most}."), figures.images_queued)
    yield _said(_("Images per minute: {newest} now, from {least} to {most}."), figures.images_made)
    yield _said(_("Queued texts: {newest} now, from {least} to {most}."), figures.texts_queued)
    yield _said(_("Tokens per minute: {newest} now, from {least} to {most}."), figures.tokens_made)


def _said(sentence: str, found: Figures) -> str:
    return sentence.format(
        newest=_number(found.newest), least=_number(found.least), most=_number(found.most)
    )


def _number(value: float) -> str:
    """Without needless decimals."""
    return formatting.decimal(
        round(value) if value >= 10 or value == int(value) else round(value, 1)
    )
