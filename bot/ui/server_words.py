"""What /server says: labels of its rules, the steps of its panel, its sentences."""

LABELS = {
    "nsfw": "NSFW",
    "spoiler": "Pictures behind a spoiler",
    "channels_allowed": "Only in these channels",
    "channels_denied": "Not in these channels",
    "roles_allowed": "Only people with these roles",
    "roles_denied": "Nobody with these roles",
    "words": "Words that no prompt may have",
    "models_blocked": "Blocked models",
    "styles_blocked": "Blocked styles",
    "loras_blocked": "Blocked LoRAs",
    "press": "Who may press the buttons of a result",
    "press_roles": "And people with these roles",
    "log_channel": "Changes are told in",
    "backend": "Backend",
    "most_steps": "Most steps",
    "most_side": "Longest side",
    "most_count": "Most results at once",
    "budget": "Budget of this server's key",
}
VALUES = {
    "off": "nowhere",
    "age": "in age-restricted channels",
    "requester": "its own person",
    "anyone": "anybody here",
}
HOW = {"plain": "anywhere", "word": "as a word", "regex": "as a pattern"}
NONE, YES, NO, USUAL = "none", "yes", "no", "the usual one"
MORE = "and {count} more"

TITLE = "Rules of this server"
NO_RULES = "Nothing was changed yet: everybody may use every command in every channel."
HINT = "-# `/server setup` walks through the most important ones; `/help topic:server` has all."
CHANGED, UNCHANGED = "Changed", "Nothing was changed"
LOGGED = "{user} changed the rules of this server"
LOG_FAILED = (
    "I could not tell it in {channel}: I need **View Channel** and **Send Messages** there."
)
LOG_GONE = "The channel for changes is not there any more. Choose another with `/server log`."
FROM_TO = "**{label}**: {before} → {after}"
ADDED, REMOVED = "added {names}", "removed {names}"

# The panel
STEPS = (
    "1 of 5: whose key pays",
    "2 of 5: where",
    "3 of 5: NSFW",
    "4 of 5: how much at once",
    "5 of 5: what stands if nobody says otherwise",
    "Done",
)
STEP_TEXTS = (
    (
        "Each step can be left as it is; what you choose holds at once.\n"
        "Everybody here may use me without an account. With a key of this server people wait less: "
        "its kudos pay for whoever has no key of their own. `/server key budget` "
        "says how much of it may be spent.\nAs it stands, a picture of yours here is: {pays}."
    ),
    (
        "Without a choice I answer everywhere. A category counts for its channels, a channel for "
        "its threads; where both lists name something, the nearer one decides."
    ),
    (
        "Pictures with NSFW are only ever made in channels that Discord restricts by age. A "
        "spoiler hides every picture until somebody clicks on it."
    ),
    "For everybody, whoever pays. What people do not choose themselves is brought down to this.",
    (
        "What `/imagine` does when nothing is said. More of it with "
        "`/defaults set where:this server`, or for one channel with `where:this channel`."
    ),
    "That is all. Press the button to see for yourself; only you will see the picture.",
)
GONE = (
    "In these lists, but no longer on this server: {count}. What is gone still counts; choose anew "
    "in its menu, and it is forgotten."
)
CHOOSE_ALLOWED, CHOOSE_DENIED = "Only in these …", "Not in these …"
CHOOSE_ROLES_ALLOWED, CHOOSE_ROLES_DENIED = "Only people with …", "Nobody with …"
CHOOSE_PRESS_ROLES = "Besides, people with …"
CHOOSE_MODEL = "The model for pictures …"
BEST_SERVED = "The best served one at the moment"
NO_LIMIT = "No limit"
LIMITS = {
    "most_steps": ("Most steps", "{} steps"),
    "most_side": ("Longest side", "{} pixels"),
    "most_count": ("Most results at once", "{} at once"),
}
KEY = "Give this server a key"
BACK, NEXT, AGAIN, TEST = "Back", "Next", "From the beginning", "Make a picture"
SPOILER_ON, SPOILER_OFF = "Hide pictures behind a spoiler", "Show pictures without a spoiler"
TEST_PROMPT = "a lighthouse on a cliff at dawn, warm light, calm sea"
CHANNELS_TEXT = "### Where I answer\n" + STEP_TEXTS[1]
ROLES_TEXT = (
    "### Who may use me\nWithout a choice, everybody. People who manage the server always may."
)
BUTTONS_TEXT = (
    "### Who may press the buttons of a result\n"
    "**Again**, **Vary**, **Upscale**, **Edit**, **Use as source** and **Describe** make something "
    "new; whoever presses them pays. **Cancel**, **Delete**, **Save** and **Publish** are always "
    "for its own person, and private results are never for others."
)
PRESS = {"requester": "Only its own person", "anyone": "Anybody here"}

MODEL = "The model for pictures"

# The subcommands
BAD_WORD = "That word cannot be used: {reason}."
BAD_WORD_IN = "The word {word} in that file cannot be used: {reason}."
BAD_RULES = "That cannot be: {reason}."
NO_SUCH_ENTRY = "{name} is not in that list."
BUDGET_HINT = "-# How many kudos of a server's key may be spent: `/server key budget`."
NO_BACKEND = "There is no backend {name}. There are: {names}."
DEFAULTS_TEXT = (
    "### What stands on this server if nobody says otherwise\n"
    "Set it with `/defaults set where:this server`, forget it with `/defaults clear`. "
    "`where:this channel` counts for one channel and its threads, and is stronger."
)
NO_DEFAULTS = "Nothing stands: the best served model, at its own size."

# Files
EXPORTED = "The rules and defaults of this server, without its key. `/server import` takes it back."
TOO_LARGE = "That file is larger than 256 KB, so it is none of mine."
NOT_MINE = "That is not a file of `/server export`: {reason}."
NO_JSON, NO_JSON_AT = "it is not JSON", "it is not JSON from line {line}, column {column} on"
UNMARKED = "nothing in it says `hordecord`"
OTHER_VERSION = (
    "That file was made by another version of this bot, which means something else by it. Set the "
    "rules by hand, or export them again where they come from once that bot is up to date."
)
UNREAD = "Discord did not give me that file. Try again."
NAMELESS = "(a name that cannot be shown)"
IMPORT_ASK = "### Take this over?\nThe rules of this server will be those of the file."
IMPORT_SAME = "That file says what stands here already."
IMPORT_FOREIGN = (
    "-# Left out, since they are not here: {count} of its channels, roles and backends."
)
IMPORT_UNKNOWN = "-# Passed over, since I do not know or cannot use it: {names}."
ON_SERVER, IN_CHANNEL = "**Defaults of this server**", "**Defaults in** {channel}"
IMPORT = "Take it over"
ASLEEP = "Discord has not told me yet who and what is on this server. Try again in a moment."
