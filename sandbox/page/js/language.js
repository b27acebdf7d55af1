/** The languages of people and servers: the boxes that choose one, and commands in a person's language. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { viewer } from "./names.js";
import { toast } from "./toast.js";

// The locales of Discord's clients (Discord's reference, "Locales").
const LOCALES =
  "en-US en-GB bg cs da de el es-419 es-ES fi fr hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW".split(
    " ",
  );

/** A box to choose the language of the person in front of the page. */
export const ownLanguage = () =>
  languageBox("Language", viewer().locale, "language-user", (locale) =>
    api.setUserLanguage(viewer().id, locale),
  );

/** A box to choose the language of a server. */
export const guildLanguage = (guild) =>
  languageBox("Language", guild.locale, `language-${guild.name}`, (locale) =>
    api.setGuildLanguage(guild.id, locale),
  );

function languageBox(label, current, testid, choose) {
  const box = h(
    "select",
    { "data-testid": testid, on: { change: (event) => tryTo(choose, event.target.value) } },
    LOCALES.map((locale) =>
      h("option", { value: locale, lang: locale, selected: locale === current }, nameOfLocale(locale)),
    ),
  );
  return h("label", { class: "language" }, h("span", null, label), box);
}

/** The name of a language in that language. */
const nameOfLocale = (locale) => new Intl.DisplayNames([locale], { type: "language" }).of(locale);

async function tryTo(choose, locale) {
  try {
    await choose(locale);
  } catch (error) {
    toast(error.message, "bad");
  }
}

/** A command, option or choice with the description and the choices of this person's language. */
export function localized(part) {
  const { locale } = viewer();
  const found = { ...part };
  if (part.description) found.description = part.description_localizations?.[locale] ?? part.description;
  if (part.options) found.options = part.options.map(localized);
  if (part.choices)
    found.choices = part.choices.map((choice) => ({
      ...choice,
      name: choice.name_localizations?.[locale] ?? choice.name,
    }));
  return found;
}
