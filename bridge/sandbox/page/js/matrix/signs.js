// Reactions under a message: the bot's marks and offers, and everybody else's.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { close, popover } from "../menu.js";
import { nameIn } from "./rooms.js";
import { matrix, react } from "./session.js";
import { bare } from "./words.js";

const OFFERED = [
  ["👀", "eyes"], ["✅", "check mark"], ["💤", "zzz"], ["❌", "cross mark"], ["🔁", "repeat"], ["📨", "incoming envelope"],
  ["👍", "thumbs up"], ["❤️", "heart"], ["😂", "joy"], ["🎉", "tada"], ["🙌", "raised hands"], ["🙏", "pray"],
];

export function signs(room, event) {
  const given = room.reactions.get(event.event_id);
  if (!given?.size) return null;
  return h("div", { class: "reactions", key: "reactions" }, [...given].map(([sign, by]) => one(room, event, sign, by)));
}

function one(room, event, sign, by) {
  const mine = by.some((each) => each.sender === matrix.user);
  const names = by.map((each) => nameIn(room, each.sender)).join(", ");
  return h(
    "button",
    {
      type: "button",
      key: sign,
      class: `reaction${mine ? " is-mine" : ""}`,
      "aria-pressed": String(mine),
      "aria-label": `${sign}, ${names}`,
      "data-sign": bare(sign),
      title: mine ? `${names}. Click to take yours back` : `${names}. Click to react with it too`,
      onClick: () => react(room, event, sign),
    },
    h("span", { class: "emoji" }, sign),
    h("span", null, by.length),
  );
}

export function signPicker(room, event, id) {
  const grid = () =>
    h(
      "div",
      { class: "emoji-grid", role: "menu", "aria-label": "Reactions" },
      OFFERED.map(([sign, name]) =>
        h(
          "button",
          {
            type: "button",
            key: sign,
            role: "menuitem",
            "aria-label": name,
            onClick: () => {
              close(true);
              react(room, event, sign);
            },
          },
          h("span", { class: "emoji" }, sign),
        ),
      ),
    );
  return popover(id, { title: "Add reaction", "aria-label": "Add reaction" }, icon("smile", 18), grid, { align: "end" });
}
