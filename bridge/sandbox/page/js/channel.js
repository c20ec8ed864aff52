// A channel: its messages and its composer.

import { composer, filePicker } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { messageList } from "./message.js";
import { scroller } from "./scroller.js";
import { asUser, page, ui } from "./state.js";

export function channelPane(channel) {
  if (!channel) return h("div", { class: "pane" }, h("div", { class: "empty" }, "This teammate is in no channel."));
  const messages = inOrder(channel, (one) => !isReply(one) || one.subtype === "thread_broadcast");
  return h(
    "div",
    { class: "pane channel-pane", key: "channel" },
    h(
      "header",
      { class: "pane-head" },
      h("h2", null, icon(channel.is_im ? "message" : channel.is_private ? "lock" : "hash", 18), channel.is_im ? page.world.app.name : channel.name),
      h("span", { class: "quiet" }, members(channel)),
    ),
    scroller(`${page.world.user} ${channel.id}`, messages.length ? messageList(channel, messages, "channel") : nothing(channel)),
    writing(channel),
  );
}

export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

/** Messages and what only this person sees, oldest first. */
export function inOrder(channel, wanted) {
  const shown = channel.messages.filter(wanted);
  const mine = channel.ephemeral.filter((one) => wanted({ ...one, thread_ts: one.thread_ts ?? undefined }));
  return [...shown, ...mine].sort((a, b) => a.ts - b.ts);
}

function members(channel) {
  if (channel.is_im) return "";
  const count = channel.members.filter((id) => !page.world.slack.users[id]?.is_bot).length;
  return count === 1 ? "1 member" : `${count} members`;
}

function nothing(channel) {
  return [
    h(
      "div",
      { class: "empty", key: "empty" },
      icon("message", 32),
      h("h3", null, "Nothing here yet"),
      h("p", null, channel.members.includes(page.world.slack.bot.user_id) ? "Text the team from the phone: the conversation appears here as a thread." : "No line texts into this channel."),
    ),
  ];
}

function writing(channel) {
  if (channel.is_archived) return h("p", { class: "cannot-write" }, "This channel is archived.");
  if (!channel.is_mine) return h("p", { class: "cannot-write" }, "You are not a member of this channel.");
  const key = `${page.world.user} ${channel.id}`;
  const name = channel.is_im ? page.world.app.name : `#${channel.name}`;
  return composer({
    key,
    label: `Message to ${name}`,
    placeholder: `Message ${name}`,
    attach: (at) => filePicker(at, "Attach a file"),
    extra: h("span", { class: "composer-hint" }, hint()),
    send: ({ text, files }) => asUser("slack.post", { channel: channel.id, text, files }, { quiet: true }),
  });
}

function hint() {
  const [command] = page.world.app.commands;
  return command ? h("span", null, h("code", null, `${command.command} …`), " for commands") : "";
}
