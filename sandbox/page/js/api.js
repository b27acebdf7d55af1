/** The sandbox's control API: acting as a person, reading what that person may see. */

const BASE = "/control";

/** What Discord says when a bot has not answered in time; the control API gives it as `failure`. */
export const NO_ANSWER = "The application did not respond";

/** What the control API refused, in its own words. */
export class ControlError extends Error {
  constructor(status, message) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(BASE + path, options);
  } catch {
    throw new ControlError(0, "The sandbox does not answer. Check that it still runs.");
  }
  const text = await answer.text();
  const data = parse(text);
  if (!answer.ok)
    throw new ControlError(answer.status, data?.message ?? `The sandbox answered ${answer.status}.`);
  return data;
}

function parse(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // an answer without JSON says all it has to say in its status
  }
}

const query = (parameters) => new URLSearchParams(parameters).toString();

export const world = () => call("GET", "/world");
export const commands = () => call("GET", "/commands");
export const gateway = () => call("GET", "/gateway");
export const interact = (body) => call("POST", "/interactions", { wait: true, ...body });
export const say = (body) => call("POST", "/messages", body);
export const message = (id, viewer) => call("GET", `/messages/${id}?${query({ viewer })}`);
export const setUserLanguage = (id, locale) => call("PATCH", `/users/${id}`, { locale });
export const setGuildLanguage = (id, locale) => call("PATCH", `/guilds/${id}`, { locale });
/** Adds a reaction of this person, or removes it. */
export const react = (user, message, emoji, on) =>
  call(on ? "POST" : "DELETE", "/reactions", { user_id: user, message_id: message, emoji });
/** Edits a message as its author. */
export const edit = (id, user, content) => call("PATCH", `/messages/${id}`, { user_id: user, content });
/** Starts a thread or a post of a forum; gives it. */
export const startThread = (body) => call("POST", "/threads", body);
export const remove = (id) => call("DELETE", `/messages/${id}`);

/** The newest messages of a channel that this person may see, oldest first. */
export async function messages(channel, viewer, limit = 200) {
  const answer = await call("GET", `/messages?${query({ channel_id: channel, viewer, limit })}`);
  return answer.messages;
}

/** Hands a File over; gives {id, filename, size, content_type, url, width, height}. */
export function upload(file) {
  const form = new FormData();
  form.append("file", file, file.name || "pasted.png");
  return call("POST", "/uploads", form);
}

/** The address of the stream of events that this person sees. */
export const eventsUrl = (viewer) => `${BASE}/events?${query({ viewer })}`;
