"""What /preset says; the other sentences are in words.py."""

OF_THE_SERVER = "this server's"
PRESET_TITLE, PRESETS_TITLE = "Preset {name}", "Presets"
PRESET_HINT = (
    "-# `/preset use` or the option `preset` of `/imagine` uses it; what you choose besides wins. "
    "The line above does the same in `extra`, for anybody who pastes it."
)
NO_PRESETS = (
    "There are none yet. `/preset save` keeps flags, or how one of your requests was made, "
    "under a name."
)
MORE_PRESETS = "and {count} more; `/preset show` finds them"
PRESET_SAVED = "Saved as {name}. Use it with `/preset use`, or with the option `preset`."
PRESET_SHARED = "Everybody on this server can use {name} now."
PRESET_TEXT = "Anybody can paste this into the option `extra`:"
PRESET_DELETED = "The preset {name} is deleted."
