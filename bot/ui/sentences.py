"""Sentences of the commands that make things and of accounts; the others are in words.py."""

from bot.upfront import Need

# Models
UNKNOWN_MODEL = "There is no model called {name} now.{guess} Pick one from the list as you type."
UNKNOWN_STYLE = "There is no style called {name}.{guess} Pick one from the list as you type."
DID_YOU_MEAN = " Did you mean {names}?"

# Options
BAD_LENGTH = "`length`: say short, medium or long, or a number of tokens from {least} to {most}."
NOT_A_PICTURE = (
    "`{option}`: that file is no picture that can be used. Upload a PNG, JPEG, WebP or GIF."
)
PICTURE_TOO_LARGE = "`{option}`: that file has {size} MB; at most {limit} MB can be used."

# /remix
OF_ANOTHER_MODE = {
    "inpainting": "`area` and `mask` go with inpainting: choose that mode, or leave them away.",
    "outpainting": "`expand` goes with outpainting: choose that mode, or leave it away.",
    "remix": "More than one image goes with the mode remix: choose it, or leave them away.",
}
NO_QR_TEXT = "`text` is empty: say what the QR code should hold."
NO_FORM = "This server allows no form of alchemy."
NO_UPSCALER = "This server allows none of the upscalers."
NO_QR_MODEL = "QR codes are painted by SD 1.5 and SDXL models only: take one of those."
SHAPE_OF_CANVAS = (
    "`shape` does not go with outpainting, which makes the picture larger: leave it away."
)
AREA_OR_MASK = "`area` and `mask` both say what is painted anew: leave one of them away."
NO_AREA = (
    "What is to be painted anew? Choose an `area`, upload a `mask`, or use a PNG or WebP that is "
    "transparent there."
)

# Settings of a server
NSFW_IN_DMS = "In direct messages with me nothing is censored, as you said you want it."
NEEDS_MANAGE_GUILD = "You need the permission **Manage Server** for this."

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

# /estimate
ESTIMATED = "About {kudos}"
RECKONED = "Roughly {kudos}"
NOT_ASKED = (
    "The Horde is busy, so it was not asked: this is the bot's own reckoning. "
    "Ask again in a while for the Horde's word."
)
ANYBODY = "An anonymous request costs nobody anything, but waits behind all others."
AS_IT_IS = "No kudos are needed in hand for it."
IN_HAND = "It needs them in hand beforehand, because of its {reasons}."
MAY_BE_IN_HAND = "It may need them in hand beforehand, because of its {reasons}."
NEEDS = {Need.SIZE: "size", Need.STEPS: "steps", Need.WORKERS: "wish for fast workers"}
HAS_ENOUGH = "The key that would pay has {balance}: enough."
HAS_TOO_FEW = "The key that would pay has {balance}: too few."
MADE_SMALLER = "Without them the Horde makes it smaller, or with fewer steps."
REFUSED_WITHOUT = "Without them the Horde refuses it."
WAYS_OUT = {
    Need.SIZE: "choose a smaller shape (up to {size} goes without)",
    Need.STEPS: "use fewer steps ({steps} or fewer go without)",
    Need.WORKERS: "let slow workers make it too",
}
LOG_IN = "add a key that has kudos with `/account login`"
INSTEAD = "To avoid that: {ways}."

# /operator
OWNERS_ONLY = "This is for those who run this bot."
DRAINS = (
    "From now on nothing new is taken, and everybody who tries is told that the bot is about to "
    "restart. {left} `/operator drain` with `state:off` takes it back; a restart does so too."
)
STILL_OPEN = "Under way: {count}. They go on, also after a restart."
NOTHING_OPEN = "Nothing is under way: this is a good moment to restart."
DRAINS_NO_MORE = "New requests are taken again."
STATS_TITLE = "How this bot is doing"
STATS_DRAINING = "It takes nothing new: `/operator drain` with `state:off` ends that."
UNKNOWN = "unknown"

# /alchemy
ALCHEMY_IMAGE = (
    "The picture; for one in the chat, open its message's menu: Apps, Describe or Upscale"
)
CHOOSE_FORMS = "**What shall be done with {name}?**\n-# Each result is shown as it ends."
A_PICTURE = "this picture"
CHOOSE_FORMS_MENU = "Choose one or several …"

# Context menus
NO_PICTURE_THERE = (
    "There is no picture in that message that can be used: a PNG, JPEG, WebP or GIF that was "
    "uploaded to Discord."
)
NO_AVATAR = "That person has no picture that can be used."
NUMBERED_PICTURE = "Picture {number}"
PICTURE_GONE = "That picture is not there any more. Open the menu of its message again."
REMIX_TITLE, REMIX_AVATAR_TITLE = "Remix this picture", "Remix the avatar of {name}"
REMIX_PROMPT_HINT = "What the new picture should show."
FORM_TOO_OLD = (
    "That form was open for too long, or the bot was restarted meanwhile. Open it again and "
    "paste this:\n{prompt}"
)
NOT_MINE = (
    "I did not make that message. If it has a picture, Remix, Describe and Upscale work on it."
)
NOT_REMEMBERED = "I made that message, but its request is no longer remembered."
MADE_BY = "Asked for by <@{user}>"

# Moderators
REMOVE, REPORT = "Delete for everybody", "Report"
MODERATORS_ONLY = "That is for those who may manage messages in this channel."
REMOVED = "Deleted: #{id}, its messages and its files."
REMOVED_IN_PART = (
    "The files of #{id} are deleted here, but I may not delete its message: "
    "please delete that yourself."
)
REMOVED_HERE = "Deleted: what #{id} shows in this channel. It was made elsewhere and stays there."
STAYS_HERE = "I may not delete the message of #{id} here: please delete that yourself."
BEING_STOPPED = "#{id} is being stopped. Press again once it has ended, to delete what there is."
REPORTED = (
    "Reported: those who run this bot find #{id} in `/operator stats` and in the log. "
    "Nothing was deleted and nobody else was told."
)
REPORTED_BEFORE = "#{id} was reported before; those who run this bot know."
STATS_REPORTED = "**Reported by moderators** {count}: {newest}"
