// Where things stand in the pretend Slack: threads, and the permalinks that lead to messages.

import { page, set } from "./state.js";

const PERMALINK = /\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?(.*))?$/;

export function openThread(channel, ts) {
  set({ channel: channel.id, thread: ts, tab: "channel", menu: null, side: "slack" });
}

/** Open what a permalink of the pretend Slack names; false when the address is not one. */
export function openPermalink(address) {
  const found = PERMALINK.exec(address ?? "");
  if (!found || !page.world) return false;
  const [, id, whole, fraction, query] = found;
  const channel = page.world.slack?.channels.find((one) => one.id === id);
  if (channel) openThread(channel, new URLSearchParams(query).get("thread_ts") ?? `${whole}.${fraction}`);
  return true;
}
