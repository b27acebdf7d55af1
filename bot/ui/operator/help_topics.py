"""The pages of /help. Every example can be typed unchanged; a test checks the options."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One page: the label of its choice, and its markdown."""

    label: str  # at most 100 characters (a Discord choice)
    text: str


START = """\
### Make your first picture
`/imagine prompt:a red fox asleep in fresh snow`

That is all it needs: the bot picks a good model and size. The card shows your place and when the \
picture will be ready; **Again** makes another, **Details** shows how it was made.

Volunteers of the AI Horde make everything on their own computers, for free. When many people ask \
at once it takes longer, but nobody is turned away.

More: `/help topic:pictures` · `/help topic:results` · `/help topic:remix` · `/help topic:texts` · \
`/help topic:alchemy` · `/help topic:keys`"""

PICTURES = """\
### Pictures
Say what you want to see, then how it should look:
`/imagine prompt:a lighthouse in a storm, oil painting, warm light`

Two portraits, no people:
`/imagine prompt:a quiet street in Lisbon shape:portrait count:2 negative:people`

The same picture again, with one word changed: take its seed from **Details**.
`/imagine prompt:a red fox asleep in autumn leaves seed:1234`

Just for you; **Publish** shows it to everybody later:
`/imagine prompt:a birthday card with balloons private:True`

`model` lists who is there as you type. `/horde models` shows them all."""

RESULTS = """\
### What you can do with a result
**Again** makes another, **Vary** paints the same motif over the picture again, **Upscale** makes \
it larger. **Edit** opens what you asked for in a form: change a word or a flag, keep the rest. \
**Use as source** starts another picture from this one, **Describe** says what is in it, and \
**Save** keeps it for good.
With several pictures, **Choose a picture** shows one alone, with its own buttons. More than ten \
come in two messages.
A mistake in the form loses nothing: **Edit again** opens it with all that you typed, for a \
quarter of an hour.
**Details** gives every parameter and a command that makes it again. Anybody finds it in the menu \
of a message too: Apps, **Generation info**."""

REMIX = """\
### A picture out of a picture
In another style; `strength` says how much may change:
`/remix image:cat.png prompt:a cat, woodcut strength:0.5`

Repaint a part: name an `area`, or upload a `mask` that is white there, or a PNG with a hole in it:
`/remix image:room.png prompt:a window to the sea area:top right`

Beyond its edges, 256 pixels or as many as you say:
`/remix image:boat.png prompt:a harbour at dawn expand:wider expand_by:320`

Keep the lines, the depth or the pose, and repaint the rest:
`/remix image:sketch.png prompt:a stone bridge, photo control:scribble`

Something new out of several pictures; more than two need a trusted account:
`/remix image:a.png image2:b.png prompt:a poster of both`

And one that can be scanned with a phone:
`/qr text:https://example.org prompt:a mosaic of blue tiles`"""

TEXTS = """\
### Texts
The text goes on from your prompt, so begin it as you want it to sound:
`/write prompt:The lighthouse keeper kept his storms in jars.`

Longer, and a little wilder:
`/write prompt:Ten names for a bakery on the moon: length:long temperature:1.2`

A long text comes as a file too. Where there is no age limit, only tame models write, and a rude \
word hides the text behind a spoiler."""

ALCHEMY = """\
### Alchemy
Upload a picture and choose what to do with it from a list, one thing or several:
`/alchemy image:holiday.png`

Or say it at once; `forms` takes as many as you like:
`/alchemy image:old.png form:Fix faces (GFPGAN) second:Upscale x2 (RealESRGAN)`
`/alchemy image:cat.png forms:caption, palette, 4x_AnimeSharp`

A picture that is in the chat already: open the menu of its message (right-click, or hold it), \
then Apps, then **Describe**, **Upscale** or **Remix**. **JSON** gives what was found to a program.
Where there is no age limit, a picture that comes back is checked first and kept back when it is \
NSFW."""

KEYS = """\
### Keys and kudos
You need no account. With one you wait less: the Horde serves people with more kudos first, and \
you earn kudos by lending it your own computer.
`/account login` opens a window for your key (free at aihorde.net/register). It is checked, stored \
sealed, and never shown again. `/account logout` forgets it.
Each card says who pays: your key, else this server's, else the bot's, else nobody (anonymous).
`/account status` shows your kudos, `/estimate prompt:a fox count:4` what that would cost. \
`/kudos balance` shows what is left of a server's key for you today, and `/kudos share` makes a \
shared key, which others can use within limits."""

QUEUE = """\
### Finding and stopping things
`/queue` lists what you have under way, with a **Cancel** for each.
`/history` lists what you made, with a way to see it again or to make another.
Buttons work for as long as a request is remembered, also after the bot was restarted. Under your \
requests only you can press them, unless the server lets others go on from them; **Details** is \
for everybody."""

RULES = """\
### NSFW and privacy
NSFW pictures are made in age-restricted channels only, where the server did not switch them off, \
and in direct messages with me if you say so with `/defaults set`. Elsewhere the worker censors \
them.
The volunteers who make things can read prompts and pictures, so put nothing private in them.
The bot keeps your requests, the pictures you give it and the results for a while (90 days, unless \
its operator chose otherwise), so that buttons work, and your key, sealed, until \
`/account logout`. **Delete** removes a result, and what it was made from, at once. \
`/account export` gives you all that is stored about you, `/account forget` erases it."""

FLAGS = """\
### Every other parameter
`extra` takes flags, which complete as you type. Put the value after its flag:
`/imagine prompt:a lighthouse at night extra:--steps 40 --cfg 5.5 --sampler euler a --size 832x1216`

What is left unsaid is the model's own, so one flag is enough. LoRAs, mended faces, larger:
`/imagine prompt:portrait of a knight extra:--lora 12345:0.8 --post GFPGAN,RealESRGAN_x2plus`

Quote values with spaces:
`/imagine prompt:a bowl of fruit extra:--negative "blurry, ugly" --clip-skip 2`

`--no-tiling`, `--no-lora` … take back what a preset or your defaults say, and `--only` all of it. \
A mistake is pointed at, with the nearest flag there is, and costs nothing.
**Details** under a result gives the whole line, to be pasted again. `/advanced` has the most used \
ones as options of their own, and `/preset save` keeps flags under a name."""

SERVER = """\
### For those who manage a server
`/server setup` walks through the most important: a key, channels, NSFW, limits, defaults. Each \
step may be skipped, and at the end a button makes a picture.
Where and whom I answer: `/server channels` · `/server roles`; a category counts for its channels, \
a channel for its threads.
What nobody may ask for: `/server words forbid:casino how:whole word` · `/server models` · \
`/server styles` · `/server loras`
How much at once: `/server limits steps:40 side:1280 count:4`; of the server's key: \
`/server key budget`
`/server nsfw where:nowhere` censors everywhere, `spoiler:True` hides every picture until it is \
clicked on. `/server buttons` says who may go on from the results of others.
`/server log` names a channel that hears of every change. `/server show` lists all rules, \
`/server export` gives them as a file, `/server import` takes one over.
Presets and defaults for everybody here: `/preset share` and `/defaults set`."""

TOPICS: dict[str, Topic] = {
    "start": Topic("Your first picture", START),
    "pictures": Topic("Pictures: shape, count, seed, model", PICTURES),
    "flags": Topic("Every other parameter: extra and its flags", FLAGS),
    "results": Topic("Results: vary, upscale, edit, save", RESULTS),
    "remix": Topic("Pictures out of pictures, and QR codes", REMIX),
    "texts": Topic("Texts: length and temperature", TEXTS),
    "alchemy": Topic("Alchemy: describe, upscale, repair", ALCHEMY),
    "keys": Topic("Keys and kudos: who pays, waiting less", KEYS),
    "queue": Topic("Finding and stopping things", QUEUE),
    "server": Topic("For those who manage a server", SERVER),
    "rules": Topic("NSFW and privacy", RULES),
}
