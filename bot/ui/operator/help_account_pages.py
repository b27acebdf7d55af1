"""The pages of /help about keys, open requests, servers and privacy."""

from bot.i18n import N_
from bot.ui.operator.help_page import Paragraph, of_horde

KEYS = (
    Paragraph(
        N_(
            "An account is optional. With one you wait less: the Horde serves users with more "
            "kudos first, and you earn kudos with a worker on your own computer."
        )
    ),
    Paragraph(
        N_(
            "`/account login` opens a form for your key (free at aihorde.net/register). The bot "
            "checks the key, stores it encrypted and never shows it. `/account logout` deletes it."
        )
    ),
    Paragraph(
        N_(
            "Each card shows whose key pays: yours, else the server's, else the bot's. Without any "
            "key the request is anonymous."
        )
    ),
    Paragraph(
        N_(
            "`/account status` shows your kudos. `/estimate prompt:a fox count:4` shows the price "
            "of a request."
        )
    ),
    Paragraph(
        N_(
            "`/kudos balance` shows how much of a server's key you can still use today. "
            "`/kudos share` makes a shared key for other users, with limits."
        )
    ),
    Paragraph(
        N_(
            "`/kudos send` sends kudos to an account, **Gift kudos** in the menu of a member to "
            "that member. A member without a key receives the gift after `/account login`, within "
            "a week."
        )
    ),
    Paragraph(
        N_(
            "`/worker list` shows the workers of your account, and `/team list` their teams. "
            "`/worker maintenance` stops new requests for a worker."
        )
    ),
    Paragraph(
        N_(
            "`/party start` creates a thread in which you reward each image of other members with "
            "kudos, until a time and a maximum."
        )
    ),
)

STYLES = (
    Paragraph(
        N_(
            "A style has a prompt, a model and parameters under a name. `/horde styles` lists "
            "them, and the option `style` of `/imagine` uses one."
        )
    ),
    Paragraph(
        N_(
            "`/style create` publishes a style of your own at the Horde. This needs your own key "
            "(`/account login`), and the Horde allows it to customizers and trusted users only."
        )
    ),
    Paragraph(
        N_(
            "`/style edit` changes its values, **Edit texts** its name and its prompt. "
            "`/style examples` shows, adds and deletes example images by their address."
        )
    ),
    Paragraph(
        N_(
            "`/collection create` puts several styles under one name. A request with a collection "
            "gets one of its styles by chance."
        )
    ),
)

QUEUE = (
    Paragraph(N_("`/queue` lists your open requests. **Cancel** stops one of them.")),
    Paragraph(N_("`/history` lists your results. You can show and repeat each of them.")),
    Paragraph(
        N_(
            "The buttons work as long as the request is stored, also after a restart of the bot. "
            "Only you can use the buttons under your requests, unless the server allows others to."
        )
    ),
    Paragraph(N_("All members can use **Details**, except under private results.")),
)

SERVER = (
    Paragraph(
        N_(
            "`/server setup` shows the most important settings: key, channels, NSFW, limits, "
            "defaults. Every step is optional."
        )
    ),
    Paragraph(
        N_(
            "`/server channels` and `/server roles` set where and by whom the bot can be used. A "
            "category includes its channels, and a channel its threads."
        )
    ),
    Paragraph(
        N_(
            "`/server words forbid:casino how:whole word` blocks a word. `/server models`, "
            "`/server styles` and `/server loras` block or allow by name."
        ),
    ),
    Paragraph(
        N_(
            "`/server limits steps:40 side:1280 count:4` limits each request. "
            "`/server key budget` limits the use of the server's key."
        ),
    ),
    Paragraph(
        N_(
            "`/server nsfw where:nowhere` censors NSFW in all channels. `spoiler:True` covers "
            "every image with a spoiler."
        ),
    ),
    Paragraph(N_("`/server buttons` sets who can use the buttons under the results of others.")),
    Paragraph(
        N_(
            "`/server gifts emoji:🦊 amount:5` lets members send kudos to the author of a message "
            "with a reaction."
        ),
        needs=of_horde,
    ),
    Paragraph(
        N_(
            "`/server chat` sets where members can converse with characters, who may, and which "
            "models are used."
        ),
    ),
    Paragraph(
        N_(
            "`/server log` sets a channel for a log of all changes. `/server show` lists the "
            "settings. `/server export` and `/server import` save and load them as a file."
        )
    ),
    Paragraph(
        N_(
            "`/preset share` shares a preset with all members. `/defaults set` also sets the "
            "defaults of the server."
        )
    ),
)

RULES = (
    Paragraph(
        N_(
            "NSFW images are made in age-restricted channels, unless the server turned them off, "
            "and in direct messages if you allow them with `/defaults set`. In all other places "
            "the worker censors them."
        ),
        needs=of_horde,
    ),
    Paragraph(
        N_("The volunteers can read your prompts and images, so send nothing private to them."),
        needs=of_horde,
    ),
    Paragraph(
        N_(
            "The bot stores your requests, your uploads and the results for 90 days, unless its "
            "operator set another time. It stores your key, encrypted, until `/account logout`."
        )
    ),
    Paragraph(N_("**Delete** removes a result and its source images at once.")),
    Paragraph(
        N_(
            "`/account export` sends you everything that the bot stores about you. "
            "`/account forget` deletes it."
        )
    ),
)
