"""The topics of /help: the choices of its option, in order."""

from bot.i18n import N_
from bot.ui.operator import help_account_pages as account
from bot.ui.operator import help_request_pages as requests
from bot.ui.operator.help_page import Topic

TOPICS: dict[str, Topic] = {
    "start": Topic(N_("Your first image"), requests.START),
    "pictures": Topic(N_("Images: shape, count, seed, model"), requests.IMAGES),
    "flags": Topic(N_("More parameters: the option extra and its flags"), requests.FLAGS),
    "results": Topic(N_("Results: vary, upscale, edit, save"), requests.RESULTS),
    "remix": Topic(N_("Images from images, and QR codes"), requests.REMIX),
    "texts": Topic(N_("Texts: length and temperature"), requests.TEXTS),
    "alchemy": Topic(N_("Alchemy: describe, upscale, repair"), requests.ALCHEMY),
    "keys": Topic(N_("Keys and kudos: who pays, shorter waits"), account.KEYS),
    "styles": Topic(N_("Styles and collections of your own"), account.STYLES),
    "queue": Topic(N_("Find and cancel requests"), account.QUEUE),
    "server": Topic(N_("Server settings"), account.SERVER),
    "rules": Topic(N_("NSFW and privacy"), account.RULES),
}
