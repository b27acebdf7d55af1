/** Times as Discord writes them, and the relative ones kept true every second. */

import { h } from "./dom.js";
import { viewer } from "./names.js";

const LANGUAGE = "en-GB"; // the page is in English; day before month, 24 hours, whatever the browser is set to
const FORMATS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [
  ["year", 31_556_952],
  ["month", 2_629_746],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const formats = new Map();

function format(options, date, language = LANGUAGE) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key).format(date);
}

/** The language of the times in messages: that of the person in front of the page. */
function ownLanguage() {
  const { locale } = viewer();
  return !locale || locale.startsWith("en") ? LANGUAGE : locale;
}

function relative(number, unit) {
  const key = `relative ${ownLanguage()}`;
  if (!formats.has(key)) formats.set(key, new Intl.RelativeTimeFormat(ownLanguage(), { numeric: "always" }));
  return formats.get(key).format(number, unit);
}

/** "in 12 seconds", "3 minutes ago": whole units, cut and not rounded, so that it never says 60 seconds. */
function relativeText(unix, now = Date.now() / 1000) {
  const left = Math.round(unix - now);
  if (left === 0) return "now";
  const [unit, size] = UNITS.find(([, seconds]) => Math.abs(left) >= seconds) ?? UNITS.at(-1);
  return relative(Math.trunc(left / size), unit);
}

/** A <time> element for <t:UNIX:STYLE>, or null when the number is no date. */
export function timestamp(unix, style = "f") {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const live = style === "R";
  return h(
    "time",
    {
      class: "stamp",
      datetime: date.toISOString(),
      title: format(FORMATS.F, date, ownLanguage()),
      "data-live": live ? unix : undefined,
    },
    live ? relativeText(unix) : format(FORMATS[style] ?? FORMATS.f, date, ownLanguage()),
  );
}

/** Starts the clock of all live timestamps in the document. */
export function startClock() {
  setInterval(() => {
    for (const node of document.querySelectorAll("time[data-live]")) {
      const text = relativeText(Number(node.dataset.live));
      if (node.textContent !== text) node.textContent = text;
    }
  }, 1000);
}

const dayOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** "Today at 14:03", "Yesterday at 9:15" or a date, for a message's head. */
export function headTime(unix) {
  const date = new Date(unix * 1000);
  const days = Math.round((dayOf(new Date()) - dayOf(date)) / 86_400_000);
  const clock = format(FORMATS.t, date);
  if (days === 0) return `Today at ${clock}`;
  if (days === 1) return `Yesterday at ${clock}`;
  return format(FORMATS.s, date);
}

/** Only the clock, for the margin of a message in a row. */
export const clockTime = (unix) => format(FORMATS.t, new Date(unix * 1000));

/** A key and a title for the day a message was written on. */
export function dayTitle(unix) {
  const date = new Date(unix * 1000);
  return { key: `day-${dayOf(date)}`, title: format(FORMATS.D, date) };
}

/** The full date, for tooltips. */
export const fullTime = (unix) => format({ dateStyle: "full", timeStyle: "medium" }, new Date(unix * 1000));
