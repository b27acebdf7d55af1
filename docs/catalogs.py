"""Collects the messages of the bot into the catalogues of bot/i18n.

Run `python -m docs.catalogs` after a change of a message: new messages are added without a
translation, and those that are gone are removed. A test fails until each has one.
"""

import asyncio
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.client.commands.command_translations import command_texts
from bot.i18n import ENGLISH, LANGUAGES, Language
from bot.i18n.catalogs import DOMAIN, FOLDER
from docs.generate import loaded_bot

ROOT = FOLDER.parents[2]
TEMPLATE = FOLDER.with_name(f"{DOMAIN}.pot")
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
METHODS = [("bot/**.py", "python"), ("cogs/**.py", "python")]
MARKS = {"_": None, "N_": None, "ngettext": (1, 2)}
WIDTH = 100  # characters of a line


async def template() -> Catalog:
    """Every message without a translation, with the file or the command that shows it."""
    found, bot = Catalog(), await loaded_bot()
    for path, _line, message, *_rest in extract_from_dir(ROOT, METHODS, keywords=MARKS):
        found.add(message, auto_comments=[path])
    for command in bot.tree.get_commands():
        for message, path in command_texts(command.to_dict(bot.tree)):
            found.add(message, auto_comments=[f"/{path}"])
    return found


def updated(language: Language, messages: Catalog) -> str:
    """The catalogue of that language with these messages, as the text of its file."""
    path = FOLDER / language.code / "LC_MESSAGES" / f"{DOMAIN}.po"
    source = path.read_bytes() if path.exists() else b""
    catalog = read_po(BytesIO(source), locale=language.code)
    catalog.update(messages, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    header = HEADER.format(language=language.code, plural_forms=catalog.plural_forms)
    return header + text_of(catalog)


def text_of(catalog: Catalog) -> str:
    """The messages of a catalogue in the PO format, sorted."""
    written = BytesIO()
    write_po(written, catalog, width=WIDTH, sort_output=True, omit_header=True)
    return written.getvalue().decode("utf-8")


def main() -> None:
    """Write the template and all catalogues."""
    messages = asyncio.run(template())
    TEMPLATE.write_text(text_of(messages), encoding="utf-8")
    for language in LANGUAGES:
        if language is not ENGLISH:
            path = FOLDER / language.code / "LC_MESSAGES" / f"{DOMAIN}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(updated(language, messages), encoding="utf-8")


if __name__ == "__main__":
    main()
