"""The topics of /help: the choices of its option, in order."""

from bot.domain.capabilities import Capabilities
from bot.domain.requests import Kind
from bot.i18n import N_
from bot.ui.operator import help_account_pages as account
from bot.ui.operator import help_request_pages as requests
from bot.ui.operator.help_page import Topic, makes, of_horde, uses

TOPICS: dict[str, Topic] = {
    "start": Topic(N_("Your first image"), requests.START, makes(Kind.IMAGE)),
    "pictures": Topic(N_("Images: shape, count, seed, model"), requests.IMAGES, makes(Kind.IMAGE)),
    "flags": Topic(
        N_("More parameters: the option extra and its flags"), requests.FLAGS, makes(Kind.IMAGE)
    ),
    "results": Topic(N_("Results: vary, upscale, edit, save"), requests.RESULTS),
    "remix": Topic(N_("Images from images, and QR codes"), requests.REMIX, uses("source")),
    "texts": Topic(N_("Texts: length and temperature"), requests.TEXTS, makes(Kind.TEXT)),
    "alchemy": Topic(
        N_("Alchemy: describe, upscale, repair"), requests.ALCHEMY, makes(Kind.ALCHEMY)
    ),
    "keys": Topic(N_("Keys and kudos: who pays, shorter waits"), account.KEYS, of_horde),
    "styles": Topic(N_("Styles and collections of your own"), account.STYLES, of_horde),
    "queue": Topic(N_("Find and cancel requests"), account.QUEUE),
    "server": Topic(N_("Server settings"), account.SERVER),
    "rules": Topic(N_("NSFW and privacy"), account.RULES),
}


def offered_topics(*, hordes: bool) -> list[str]:
    """The names of the topics. `hordes`: whether one of the backends is a Horde."""
    return [name for name, topic in TOPICS.items() if hordes or topic.needs is not of_horde]


def first_topic(here: Capabilities) -> Topic:
    """The topic that is shown without a choice."""
    return TOPICS["start" if Kind.IMAGE in here.kinds else "texts"]
