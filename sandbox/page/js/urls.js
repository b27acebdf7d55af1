/** Which addresses the page opens, shows and understands. */

const CLIENT =
  /^https?:\/\/(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com\/channels\/(@me|\d+)\/(\d+)(?:\/(\d+))?\/?$/;
const PLACE = /^#?\/channels\/(@me|\d+)\/(\d+)(?:\/(\d+))?$/;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The address when a click may open it (http and https only), else null. */
export function safeHref(text) {
  const url = parse(text);
  return url && (url.protocol === "http:" || url.protocol === "https:") ? url.href : null;
}

/**
 * The address of an image or a file, or null if it is not allowed.
 *
 * The server's own files become paths: a page opened as "localhost" may then read what the server
 * calls "127.0.0.1".
 */
export function mediaSrc(text) {
  const url = parse(text);
  if (!url || !["http:", "https:", "blob:"].includes(url.protocol)) return null;
  const own = LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname);
  return own && url.port === location.port ? url.pathname + url.search : url.href;
}

function parse(text) {
  try {
    return new URL(String(text), location.href);
  } catch {
    return null; // not an address: the callers show the text instead
  }
}

/** {guild, channel, message} of a message link (Discord's or the page's own), else null. */
export function placeOf(text) {
  const own = String(text).startsWith(location.origin)
    ? String(text).slice(location.origin.length + 1)
    : text;
  const found = CLIENT.exec(text) ?? PLACE.exec(own);
  return found ? { guild: found[1], channel: found[2], message: found[3] ?? null } : null;
}

/** The page's own link of a place. */
export function placeHash({ guild, channel, message }) {
  return `#/channels/${guild ?? "@me"}/${channel}${message ? `/${message}` : ""}`;
}
