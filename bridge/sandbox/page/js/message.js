// One message in a channel or thread, with what can be done to it.

import { blocks, own, picture } from "./blocks.js";
import { editor } from "./editor.js";
import { h } from "./dom.js";
import { ago, bytes, clock, clockWithSeconds, dayName } from "./format.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { author, avatar } from "./people.js";
import { openThread } from "./places.js";
import { reactionPicker, reactions } from "./reactions.js";
import { typed } from "./richtext.js";
import { asUser, busy, page, set, toast, ui } from "./state.js";

const TOGETHER = 300; // seconds within which one author's messages stand under one name

/** Messages with the days between them. `place` is "channel" or "thread". */
export function messageList(channel, messages, place) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const day = dayName(message.ts);
    if (place === "channel" && (!before || dayName(before.ts) !== day)) {
      rows.push(h("div", { class: "day", key: `day-${day}` }, h("span", null, day)));
      before = null;
    }
    rows.push(one(channel, message, place, continues(before, message)));
    before = message;
  }
  return rows;
}

function continues(before, message) {
  if (!before || before.is_ephemeral || message.is_ephemeral || before.reply_count || special(message) || special(before)) return false;
  return author(before).key === author(message).key && Number(message.ts) - Number(before.ts) < TOGETHER;
}

const special = (message) => /_(join|leave|archive|unarchive|name)$/.test(message.subtype ?? "");

function one(channel, message, place, compact) {
  if (special(message)) return notice(message);
  if (message.subtype === "tombstone") return tombstone(channel, message, place);
  const by = author(message);
  const editing = ui.editing?.ts === message.ts && ui.editing.channel === channel.id;
  return h(
    "article",
    {
      key: message.ts,
      class: `message${compact ? " is-compact" : ""}${message.is_ephemeral ? " is-ephemeral" : ""}${editing ? " is-editing" : ""}`,
      "data-ts": message.ts,
      "aria-label": `${by.name}, ${clock(message.ts)}`,
    },
    h("div", { class: "message-side" }, compact ? moment(message.ts) : avatar(by)),
    h(
      "div",
      { class: "message-main" },
      message.is_ephemeral && onlyYou(channel, message),
      message.subtype === "thread_broadcast" && place === "channel" && broadcastOf(channel, message),
      !compact && byline(by, message),
      editing ? editor(channel, message) : content(channel, message, place),
      reactions(channel, message),
      place === "channel" && message.reply_count && summary(channel, message),
    ),
    !message.is_ephemeral && !editing && toolbar(channel, message, place),
  );
}

const moment = (ts) => h("time", { title: clockWithSeconds(ts) }, clock(ts));

function byline(by, message) {
  return h(
    "div",
    { class: "byline" },
    h("strong", null, by.name),
    (by.kind === "app" || by.kind === "contact") && h("span", { class: "tag" }, "APP"),
    by.kind === "outsider" && h("span", { class: "tag tag-outsider", title: "From another organisation, through Slack Connect" }, "External"),
    by.kind === "guest" && h("span", { class: "tag tag-outsider", title: "Sees only the channels it was added to" }, "Guest"),
    moment(message.ts),
  );
}

function notice(message) {
  return h(
    "div",
    { class: "notice", key: message.ts },
    message.text.startsWith("<@") ? mrkdwn(message.text) : [author(message).name, " ", mrkdwn(message.text)],
  );
}

function tombstone(channel, message, place) {
  return h(
    "article",
    { class: "message is-gone", key: message.ts },
    h("div", { class: "message-side" }, h("span", { class: "avatar avatar-gone" }, icon("trash", 16))),
    h("div", { class: "message-main" }, h("em", null, "This message was deleted."), place === "channel" && message.reply_count && summary(channel, message)),
  );
}

function onlyYou(channel, message) {
  return h(
    "div",
    { class: "only-you" },
    icon("eye", 14),
    "Only visible to you",
    h("button", { type: "button", class: "link", onClick: () => asUser("slack.dismiss", { channel: channel.id, ts: message.ts }) }, "Dismiss"),
  );
}

function broadcastOf(channel, message) {
  return h("div", { class: "only-you" }, "replied to a thread ", h("button", { type: "button", class: "link", onClick: () => openThread(channel, message.thread_ts) }, "View thread"));
}

function content(channel, message, place) {
  const shown = message.blocks?.length ? blocks(message.blocks, host(channel, message, place)) : message.text && h("div", { class: "rich" }, h("p", null, mrkdwn(message.text)));
  return [
    h("div", { class: "content", key: "content" }, shown, message.edited && !message.bot_id && h("span", { class: "edited", title: clockWithSeconds(message.edited.ts) }, "(edited)")),
    message.files?.length && h("div", { class: "files", key: "files" }, message.files.map(file)),
    message.attachments?.map((one, index) => h("div", { class: `attachment ${one.color === "danger" ? "is-danger" : ""}`, key: `attachment-${index}` }, one.blocks && blocks(one.blocks, host(channel, message, place)), one.title && h("strong", null, one.title), one.text && h("p", null, mrkdwn(one.text)))),
  ];
}

function file(one) {
  if (one.mode === "tombstone") return h("span", { class: "missing-picture", key: one.id }, "This file was deleted.");
  if (/^image\/(png|jpeg|gif|webp)$/.test(one.mimetype)) return h("div", { key: one.id }, picture({ image_url: one.url_private, alt_text: one.title || one.name }, "file-picture"));
  return h(
    "a",
    { class: "file", key: one.id, href: own(one.url_private), download: one.name },
    h("span", { class: "file-icon" }, icon("clip", 18)),
    h("span", null, h("strong", null, one.name), h("span", { class: "quiet" }, `${one.pretty_type} · ${bytes(one.size)}`)),
  );
}

/** What clicks on a message's blocks do. */
function host(channel, message, place) {
  const at = { channel: channel.id, ts: message.ts };
  const busyKey = (element, block) => `${message.ts} ${block.block_id} ${element.action_id} ${element.value ?? ""}`;
  return {
    id: `${place}-${message.ts}`,
    busyKey,
    press: (element, value, block) =>
      busy(busyKey(element, block), () => {
        if (element.type !== "button") return asUser("slack.select", { ...at, action_id: element.action_id, option: value });
        const label = element.text?.text ?? "";
        return asUser("slack.click", { ...at, action_id: element.action_id, block_id: block.block_id, value: element.value, label });
      }),
  };
}

function summary(channel, message) {
  const authors = channel.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts).map(author);
  const faces = [...new Map(authors.map((one) => [one.key, one])).values()].slice(0, 4);
  const fresh = Number(message.latest_reply) > Number(ui.seen[`${page.world.user} ${channel.id} ${message.ts}`] ?? 0);
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h(
    "button",
    { type: "button", class: `thread-summary${fresh ? " is-fresh" : ""}`, onClick: () => openThread(channel, message.ts) },
    faces.map((one) => avatar(one, "small")),
    h("strong", null, words),
    h("span", { class: "quiet" }, `Last reply ${ago(message.latest_reply)}`),
    fresh && h("span", { class: "fresh" }, "New"),
  );
}

function toolbar(channel, message, place) {
  const mine = message.user === page.world.user && !message.bot_id;
  const root = message.thread_ts ?? message.ts;
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    reactionPicker(channel, message, `react-${place}-${message.ts}`),
    place === "channel" && h("button", { type: "button", title: "Reply in thread", "aria-label": "Reply in thread", onClick: () => openThread(channel, root) }, icon("reply", 18)),
    menu(`more-${place}-${message.ts}`, { title: "More actions", "aria-label": "More actions" }, icon("dots", 18), more(channel, message, mine), { align: "end" }),
  );
}

function more(channel, message, mine) {
  const { shortcuts, name } = page.world.app;
  return [
    mine && { label: "Edit message", act: () => set({ editing: { channel: channel.id, ts: message.ts, text: typed(message.blocks ?? []) } }) },
    mine && { label: "Delete message…", danger: true, act: () => askDelete(channel, message) },
    { label: "Copy text", act: () => navigator.clipboard?.writeText(message.text).then(() => toast("Copied.")) },
    shortcuts.length > 0 && { heading: name },
    ...shortcuts.map((one) => ({
      label: one.name,
      act: () => asUser("slack.shortcut", { channel: channel.id, ts: message.ts, callback_id: one.callback_id }),
    })),
  ];
}

function askDelete(channel, message) {
  set({
    confirm: {
      title: { type: "plain_text", text: "Delete message" },
      text: { type: "plain_text", text: "Are you sure you want to delete this message? This cannot be undone." },
      confirm: { type: "plain_text", text: "Delete" },
      deny: { type: "plain_text", text: "Cancel" },
      danger: true,
      done: () => asUser("slack.delete", { channel: channel.id, ts: message.ts }),
    },
  });
}
