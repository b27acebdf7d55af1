/** Carrying out what a person does: commands, presses, picks, context menus, modals. */

import * as api from "./api.js";
import { openModal } from "./modal.js";
import { channelOf, here, installOf, viewer } from "./names.js";
import { setBusy, setChosen, setFailure } from "./pending.js";
import { emit, find, forget, state, upsert } from "./state.js";
import { toast } from "./toast.js";

let localLines = 0;

/**
 * Runs a slash command. A refusal of the control API (a ControlError) goes back to the caller, who
 * still has the form; everything later is shown in the log, as a chat does.
 */
export async function runCommand(name, options) {
  const line = localLine(`/${name}`);
  try {
    await perform({ kind: "command", name, options }, { line });
  } catch (error) {
    forget(line.id);
    throw error;
  }
}

/** A command of the context menu: `kind` is "user" or "message". */
export async function runContext(kind, name, targetId) {
  const line = localLine(name);
  try {
    await perform({ kind: `${kind}_command`, name, target_id: targetId }, { line });
  } catch (error) {
    forget(line.id);
    toast(error.message, "bad");
  }
}

/** A button or a select (with `values`) of a message. */
export async function press(messageId, customId, values) {
  const message = find(messageId);
  if (values) setChosen(messageId, customId, values);
  setBusy(messageId, customId);
  try {
    const result = await perform(
      {
        kind: "component",
        message_id: messageId,
        custom_id: customId,
        values,
        channel_id: message.channel_id,
      },
      {},
    );
    if (result.failure) setFailure(messageId, result.failure);
  } catch (error) {
    setFailure(messageId, error.message);
  } finally {
    setBusy(messageId, null);
  }
}

/** Sends a modal's fields; gives null when it was taken, else why not. */
async function submitModal(modal, fields, origin, who) {
  const line = origin.messageId ? null : localLine(origin.name ?? modal.title, who);
  try {
    const result = await perform(
      { kind: "modal", custom_id: modal.custom_id, fields, message_id: origin.messageId, ...who },
      { line, origin },
    );
    return result.failure;
  } catch (error) {
    if (line) forget(line.id);
    return error.message;
  }
}

async function perform(body, { line, origin }) {
  const who = { user_id: body.user_id ?? state.viewer, channel_id: body.channel_id ?? state.channel };
  const result = await api.interact({ ...body, ...who, install: installOf(channelOf(who.channel_id)) });
  if (result.failure) {
    if (line && body.kind !== "modal") fail(line, result.failure);
    else if (line) forget(line.id);
    return result;
  }
  await land(result, who);
  if (line) forget(line.id);
  if (result.modal) {
    const from = { messageId: body.message_id ?? origin?.messageId, name: line?.interaction_metadata.name };
    openModal(result.modal, (fields) => submitModal(result.modal, fields, from, who));
  }
  emit("answered", body);
  return result;
}

/** Makes sure that the answer is in the log before the waiting line goes: no gap, no jump. */
async function land(result, who) {
  if (!result.message_id || find(result.message_id) || who.user_id !== state.viewer) return;
  try {
    upsert(await api.message(result.message_id, who.user_id));
  } catch {
    // Deleted in the meantime: the stream of events reports it.
  }
}

/** The placeholder of an answer that has not arrived; only this page knows it. */
function localLine(name, who = {}) {
  localLines += 1;
  const line = {
    id: `local-${localLines}`,
    local: "pending",
    channel_id: who.channel_id ?? state.channel,
    author: { bot: true, ...state.world.bot },
    content: "",
    flags: 64,
    ephemeral_for: who.user_id ?? state.viewer,
    created_at: Date.now() / 1000,
    interaction_metadata: { user: viewer(), name },
  };
  upsert(line);
  emit("sent");
  return line;
}

function fail(line, sentence) {
  upsert({ ...line, local: "failed", content: sentence });
  emit("answered", { failed: true });
}

/** Asks the bot for suggestions; gives [{name, value}], or an empty list when it does not answer. */
export async function autocomplete(name, options, focused) {
  const body = {
    kind: "autocomplete",
    name,
    options,
    focused,
    user_id: state.viewer,
    channel_id: state.channel,
    install: installOf(here()),
  };
  const result = await api.interact(body);
  return result.failure ? null : (result.choices ?? []);
}
