"""Sentences about kudos: a server's key and its budget, shared keys, gifts."""

# /server key
SERVER_LOGIN, SERVER_LOGIN_TITLE = "serverkey", "This server's AI Horde key"
SERVER_LOGIN_LABEL = "API key, or better a shared key"
SERVER_LOGIN_HINT = "/kudos share makes one. It is checked, stored sealed, and shown to nobody."
SERVER_LOGGED_IN = (
    "From now on this server's key pays for its members who have none of their own: "
    "**{username}** with {kudos}. `/server key budget` says how much they may spend."
)
SAFE_KEY = (
    "It is a shared key, the safe choice: it only pays for pictures and texts (not for alchemy), "
    "within the limits that it was given, and its owner can revoke it at any time."
)
SAFER = (
    "It is the account's own key. Safer is a **shared key**: it only makes things, has limits, and "
    "you can revoke it. To make one: `/account login` with the account's own key (that is yours "
    "alone), `/kudos share`, and then `/server key set` with what you get."
)
SERVER_KEY = "This server's key: **{username}**, since <t:{since}:d>."
NO_SERVER_KEY = (
    "This server has no key, so its members pay with their own, or go without kudos. "
    "`/server key set` adds one; a shared key is the safe choice, and `/kudos share` makes it."
)
KEY_WORKS = "The key works: **{username}** has {kudos}{trusted}."
KEY_FAILS = "The key does not work: {reason}"
LOG_KEY_SET = "**Key**: this server has another one that pays for its members"
LOG_KEY_GONE = "**Key**: this server has none any more"
SERVER_LOGGED_OUT = "This server's key is forgotten. The account at the Horde is as it was."

# Budgets
NO_BUDGET = "No budget: the server's key pays for whatever it can."
BUDGET = "**The budget** {limits}."
A_DAY, A_PERSON = "{kudos} a day", "{kudos} a day for each person"
A_ROLE, A_ROLE_FREE = "<@&{role}> {kudos} a day", "<@&{role}> without a limit of their own"
A_REQUEST, LARGEST = "{kudos} for one request", "pictures of up to {size}"
THEN_NEXT = "When it has no room, the bot's own key or none pays where that is possible."
THEN_STOP = "When it has no room, nothing is made with another key but one's own."
NO_OTHER_KEY = "nothing by another key when it is used up"
SPENT_TODAY = "**Spent today** {server}{of_server}, by you {person}{of_person}; refills <t:{at}:R>."
OF = " of {kudos}"
ESTIMATES = "-# Alchemy tells no prices, and what is under way none yet: those are estimates."
ROLE_MISSING = "`role_a_day` needs a `role`. A `role` without it takes its own rule away."
FULL_OF_ROLES = "There are as many rules for roles as there may be: 25."

# Shared keys
SHARED = "**Shared key** {name}: {facts}."
LEFT, UNLIMITED, SPENT = "{kudos} left", "no limit of kudos", "{kudos} spent"
UNTIL, EXPIRED = "until <t:{at}:d>", "expired <t:{at}:R>"
PIXELS, STEPS, TOKENS = "up to {number:,} pixels", "up to {number} steps", "up to {number} tokens"
SHARED_KEY_MADE = (
    "This is the shared key {name}. It is shown this once, so keep it now:\n```\n{key}\n```\n"
    "Whoever has it can make pictures and texts with your kudos, within its limits, and nothing "
    "else. Give it to a server with `/server key set`; `/kudos revoke` ends it."
)
NO_SHARED_KEYS = (
    "You have no shared keys. `/kudos share` makes one; a new one is listed after half a minute."
)
REVOKED = "The shared key {name} is revoked: nobody can use it any more."

# Gifts
GIFT, GIFT_TITLE, GIFT_TO, GIFT_KUDOS = "gift", "Give kudos away", "To", "How many"
GIFT_HINT = "A name of the Horde with its number, as somebody#123."
GIFT_KUDOS_HINT = "This cannot be taken back."
GIVEN = "{kudos} went over to **{username}**."
BAD_GIFT = "How many: a whole number from 1 to 50,000,000."
BAD_NAME = "To: a name of the Horde with its number, as `somebody#123`."
