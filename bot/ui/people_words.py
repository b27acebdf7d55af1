"""What is said about people's own data, about blocks, and to those who run the bot."""

# A person and their own data
EXPORTED = (
    "All that is stored here about you, as a JSON file; what it leaves out stands at its beginning."
)
EXPORT_TOO_LARGE = (
    "All that is stored about you has {size} MB, more than Discord takes here, even packed. Ask "
    "those who run this bot for it, or delete old results in `/history` first."
)
FORGET_TITLE = "Forget everything about you?"
FORGET_TEXT = (
    "This erases your requests with their results and pictures, your presets, defaults and saved "
    "results, your API key, and reports about what you made. What is under way is cancelled. It "
    "cannot be taken back; `/account export` gives you all of it first.\n\n"
    "What was posted on Discord stays there: press **Delete** under it before, or delete it "
    "yourself. A preset that you shared with a server stays that server's, without your name. "
    "A block stays until it is lifted and what you spent today of a server's key until midnight "
    "(UTC), both under a keyed hash and without your name."
)
FORGET, KEEP = "Forget everything", "Keep it"
KEPT = "Nothing was changed."
FORGETTING = "Stopping what is under way, then forgetting everything …"
FORGOTTEN = "Everything about you is forgotten: {requests}, and all settings."
FORGOTTEN_BUT = (
    "All that is over is forgotten: {requests}, and all settings. {open} of yours could not be "
    "stopped yet; use `/account forget` again when `/queue` is empty."
)

# Blocks
BLOCKED = "<@{user}> may not use me {where} any more. {stopped}"
UNBLOCKED = "<@{user}> may use me {where} again."
HERE, EVERYWHERE = "in this server", "anywhere"
STOPPED = "Requests stopped: {count}."
NO_BOT, NOT_YOURSELF = "Bots cannot use me anyway.", "You cannot block yourself."
NOT_A_MANAGER = (
    "That person may manage this server, so they cannot be blocked in it. Take that permission "
    "away first."
)
NOT_AN_OWNER = "That person runs this bot and cannot be blocked."
BLOCKED_TITLE = "Who may not use me {where}"
NOBODY_BLOCKED = "Nobody."
SOMEBODY_FORGOTTEN = "somebody who had everything about them forgotten (`{mark}`)"
BY = "by <@{user}>"
MORE_BLOCKED = "and {count} more"

# /operator guilds
GUILDS_TITLE = "Servers ({count})"
NO_GUILDS = "None yet. `hordecord invite` prints the link that adds the bot to one."
MEMBERS = "{count} members"
LOOK_AT = "Look at one of these …"
NEXT, BEFORE, BACK = "Next", "Before", "Back"
LEAVE, LEAVE_NOW = "Leave it", "Yes, leave it"
LEAVE_TEXT = (
    "Shall the bot leave **{name}**? Its settings are kept for {days} days in case it comes back. "
    "Only somebody of that server can add the bot again."
)
LEFT = "The bot has left **{name}**."
NO_SUCH_GUILD = "The bot is not in that server."
OWNED_BY = "owned by <@{user}>"

# /operator broadcast
BROADCAST_TITLE = "Message to all servers"
BROADCAST_PREVIEW = (
    "### Send this to {count} of {guilds} servers?\nThe others have no log channel "
    "(`/server log`). It takes about {time}."
)
BROADCAST_NOBODY = "No server has a log channel, so nobody would read it."
BROADCAST_HEAD = "**From those who run this bot**"
SEND = "Send it"
SENDING = "It is being sent. You hear when that is done."
SENT = "Sent to {sent} servers; {failed} did not take it (the channel is gone or closed to me)."
STOP = "Stop it"
STOPPING = "It goes to no further server."
SENT_IN_PART = "Stopped. {sent} servers have it; {failed} did not take it."
ONE_AT_A_TIME = "Another message is being sent just now. Wait for it to be done."
BROADCAST_LOST = "That text is not remembered any more. Use `/operator broadcast` again."

# /operator backup
BACKED_UP = (
    "Backup made and checked: `{file}` ({size} MB), beside the database. The {kept} newest are "
    "kept. `hordecord restore` puts one back. The key file, or `secret_keys`, must be kept too, "
    "somewhere else."
)
