// Reactions under a message, and the small picker for new ones.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { close, popover } from "./menu.js";
import { emoji } from "./mrkdwn.js";
import { asUser, page } from "./state.js";

const OFFERED = [
  "eyes", "white_check_mark", "zzz", "x", "repeat", "incoming_envelope",
  "+1", "heart", "joy", "tada", "raised_hands", "pray",
];

export function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions", key: "reactions" },
    message.reactions.map((one) => reaction(channel, message, one)),
  );
}

function reaction(channel, message, one) {
  const mine = one.users.includes(page.world.user);
  const { users, bot } = page.world.slack;
  const names = one.users.map((id) => users[id]?.real_name ?? id).join(", ");
  const byApp = one.users.every((id) => id === bot.user_id);
  const [name, tone] = one.name.split("::skin-tone-");
  return h(
    "button",
    {
      type: "button",
      key: one.name,
      class: `reaction${mine ? " is-mine" : ""}${byApp ? " is-mark" : ""}`,
      "aria-pressed": String(mine),
      "aria-label": `${name.replace(/_/g, " ")}, ${names}`,
      "data-emoji": one.name,
      title: `${names} reacted with :${one.name}:`,
      onClick: () => react(channel, message, one.name, !mine),
    },
    emoji(name, tone) ?? `:${name}:`,
    h("span", null, one.count),
  );
}

function react(channel, message, name, on) {
  return asUser("slack.react", { channel: channel.id, ts: message.ts, name, on });
}

export function reactionPicker(channel, message, id) {
  const given = new Set((message.reactions ?? []).filter((one) => one.users.includes(page.world.user)).map((one) => one.name));
  const grid = () =>
    h(
      "div",
      { class: "emoji-grid", role: "menu", "aria-label": "Reactions" },
      OFFERED.map((name) =>
        h(
          "button",
          {
            type: "button",
            key: name,
            role: "menuitem",
            "aria-label": name.replace(/_/g, " "),
            title: `:${name}:`,
            "data-emoji": name,
            onClick: () => {
              close(true);
              react(channel, message, name, !given.has(name));
            },
          },
          emoji(name) ?? name,
        ),
      ),
    );
  return popover(id, { title: "Add reaction", "aria-label": "Add reaction" }, icon("smile", 18), grid, { align: "end" });
}
