// A thread: its root, its replies, its composer.

import { inOrder } from "./channel.js";
import { composer, filePicker } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { messageList } from "./message.js";
import { scroller } from "./scroller.js";
import { asUser, page, redraw, set } from "./state.js";

const broadcasting = new Set();

export function threadPane(channel, root) {
  const key = `${page.world.user} ${channel.id} ${root.ts}`;
  const replies = inOrder(channel, (one) => one.thread_ts === root.ts && one.ts !== root.ts);
  const count = root.reply_count === 1 ? "1 reply" : `${root.reply_count} replies`;
  const rows = [
    messageList(channel, [root], "thread"),
    replies.length > 0 && h("div", { class: "day reply-count", key: "count" }, h("span", null, root.reply_count ? count : "Replies")),
    messageList(channel, replies, "thread"),
  ];
  return h(
    "aside",
    { class: "pane thread-pane", key: `thread-${root.ts}`, "aria-label": "Thread" },
    h(
      "header",
      { class: "pane-head" },
      h("h2", null, "Thread"),
      h("span", { class: "quiet" }, channel.is_im ? page.world.app.name : `#${channel.name}`),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", title: "Close thread", onClick: () => set({ thread: false }) }, icon("close", 18)),
    ),
    scroller(key, rows),
    writing(channel, root, key),
  );
}

function writing(channel, root, key) {
  if (channel.is_archived || !channel.is_mine) return h("p", { class: "cannot-write" }, "You cannot reply here.");
  const send = ({ text, files }) => {
    const broadcast = broadcasting.delete(key);
    return asUser("slack.post", { channel: channel.id, thread_ts: root.ts, text, files, broadcast }, { quiet: true });
  };
  const also = h(
    "label",
    { class: "also" },
    h("input", {
      type: "checkbox",
      checked: broadcasting.has(key),
      onChange: () => {
        broadcasting.has(key) ? broadcasting.delete(key) : broadcasting.add(key);
        redraw();
      },
    }),
    h("span", null, `Also send to #${channel.name ?? ""}`),
  );
  return composer({
    key,
    label: "Reply in the thread",
    placeholder: "Reply…",
    attach: (at) => filePicker(at, "Attach a file"),
    extra: channel.is_im ? h("span", { class: "composer-hint" }) : also,
    send,
  });
}
