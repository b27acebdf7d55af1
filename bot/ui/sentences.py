"""Sentences of the commands that make things and of accounts; the others are in words.py."""

# Models
UNKNOWN_MODEL = "There is no model called {name} now.{guess} Pick one from the list as you type."
DID_YOU_MEAN = " Did you mean {names}?"
MODEL_LABEL = "{name} · {workers} · {wait}"
NOT_FOR_HERE = (
    "{name} has no safety training, so it writes in age-restricted channels only. "
    "Pick one from the list, or leave `model` away."
)
NO_SAFE_MODEL = (
    "No text model that fits this place has a worker now. Try again in a while, or in an "
    "age-restricted channel."
)

# Options
BAD_LENGTH = "`length`: say short, medium or long, or a number of tokens from {least} to {most}."
NOT_A_PICTURE = (
    "`image`: that file is no picture that can be used. Upload a PNG, JPEG, WebP or GIF."
)
PICTURE_TOO_LARGE = "`image`: that file has {size} MB; at most {limit} MB can be used."

# Delivery
LAST_WORD = (
    "-# This message cannot be changed any more in a moment, so the result comes to you as a "
    "direct message; `/history` shows it too."
)

# Account
LOGIN_TITLE = "Your AI Horde key"
LOGIN_LABEL = "API key"
LOGIN_HINT = "From aihorde.net/register. It is checked, stored sealed, and shown to nobody."
LOGGED_IN = (
    "Logged in as **{username}** with {kudos}. From now on your requests are paid by your key; "
    "`/account logout` forgets it."
)
SHARED_KEY = "It is a shared key: it pays for pictures and texts, but not for alchemy."
LOGGED_OUT = "Your key is forgotten here. Your account at the Horde is as it was."
NOT_LOGGED_IN = (
    "There is no key of yours here. `/account login` adds one; "
    "you get one for free at aihorde.net/register."
)
ACCOUNT = "**{username}** · {kudos}{trusted}"
PAYS = "{things}: {payer}"
