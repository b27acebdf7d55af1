"""Prices as text, in the unit of their backend. Pure."""

from bot.domain.capabilities import PriceUnit
from bot.i18n import formats, ngettext

MICRO = 1_000_000  # micro-USD in a dollar


def price(amount: float, unit: PriceUnit) -> str:
    """12 kudos; $0.0042; "" where requests have no price."""
    match unit:
        case PriceUnit.KUDOS:
            return kudos(amount)
        case PriceUnit.MICRO_USD:
            return dollars(amount)
        case PriceUnit.NONE:
            return ""


def kudos(amount: float) -> str:
    """Kudos without needless fractions: 16 kudos, 0.4 kudos."""
    rounded = round(amount) if abs(amount) >= 1 or amount == 0 else round(amount, 1)
    text = ngettext("{count} kudos", "{count} kudos", rounded).format(count=formats.number(rounded))
    return text.replace(" ", formats.NBSP)


def dollars(micro: float) -> str:
    """An amount of micro-USD: $12.50, $0.0042."""
    return formats.dollars(micro / MICRO)
