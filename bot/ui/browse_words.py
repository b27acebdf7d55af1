"""What the lists of models, styles and LoRAs say; the other sentences are in words.py."""

BASELINES = {
    "sd15": "SD 1.5",
    "sd2": "SD 2",
    "sdxl": "SDXL",
    "cascade": "Cascade",
    "flux": "Flux",
    "qwen": "Qwen",
    "zimage": "Z-Image",
}
NSFW = "NSFW"
NOT_SERVED = "no worker now"
NO_WAIT, WAIT = "no wait", "{time} wait"
HORDE_STYLE = "from the Horde"
NUMBERED_LORA = "LoRA {id}"
IN_STYLE = "in the style {name}"
TRIGGER = "say {word}"

# Lists
TITLES = {
    "image": "Models for `/imagine`",
    "text": "Models for `/write`",
    "style": "Styles",
    "lora": "LoRAs",
}
SEARCHED_FOR = "that fit {typed}"
COUNT = "-# {first} to {last} of {count}"
NOTHING = {
    "image": "No model fits that. Leave `search` away to see them all.",
    "text": "No model fits that. Leave `search` away to see them all.",
    "style": "No style fits that. Leave `search` away to see them all.",
    "lora": "No LoRA that is known here fits that.",
}
NO_CIVITAI = (
    "-# Only those that are in styles are known here. Any other works too: give its number on "
    "CivitAI, as in `extra:--lora 123456`."
)
CIVITAI_SILENT = "-# CivitAI did not answer; these are known from before."
CIVITAI_ASK = "-# Give at least three letters as `search` to look on CivitAI."
SEARCH_MIN = 3  # characters, as CivitAI is asked for no fewer
LEFT_OUT = "-# What this server does not allow is left out."
LOOK = "Look at one closely …"
EARLIER, LATER, BACK = "Earlier", "More", "Back to the list"
USE, DEFAULT = "Use", "Set as my default"
IS_DEFAULT = (
    "**{name}** is what your pictures are made with from now on, unless you choose something else. "
    "`/defaults clear` takes that back."
)
GONE = "That is not on the list any more. Open the list again."

# One of them
BUILT_ON = "Built on {base}"
MADE_FOR = "for {models}"
SERVED = "{workers}, {wait}"
TRIGGERS = "**Trigger words** {words}"
LIKES = "**Suits it** {needs}"
SETS = "**Sets** {choices}"
PROMPT = "**Prompt** {template}"
MODEL_GONE = "No worker has {models} now, so it may wait for a long time. Choose another one."
BY = "by {creator}"
PAGE = "[more about it]({url})"
USED_IN = "**Used in** {styles}"
DOWNLOADS = "{count} downloads"
HORDE_DECIDES = (
    "-# The Horde applies it: of your own options only the prompt, the count and a size remain."
)
UNKNOWN_MODEL = "-# The reference does not know it; what it is built on is a guess by its name."
FITS = "-# Works with models that are built on {base}."
STEPS, CFG, CLIP = "{least} to {most} steps", "CFG {least:g} to {most:g}", "clip skip {n}"
STEPS_ONE, CFG_ONE = "{n} steps", "CFG {n:g}"
ALT = "An example of {name}"

# Use
ASK_TITLE = "Picture with {name}"
ASK_TEXT_TITLE = "Text by {name}"
ASK_PROMPT = "What should the picture show?"
ASK_TEXT = "What should it write?"
ASK_NEGATIVE = "What should it not show?"
NO_MODEL_FOR = "No model that is built on {base} has a worker now, so that LoRA cannot be used."
