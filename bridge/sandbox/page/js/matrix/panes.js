// A room and a thread of it: what was said, and where to write.

import { composer, filePicker } from "../composer.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { scroller } from "../scroller.js";
import { page, set } from "../state.js";
import { eventList } from "./event.js";
import { joined, nameIn, repliesTo, title } from "./rooms.js";
import { join, matrix, typing, write } from "./session.js";

export function roomPane(room) {
  if (!room) return h("div", { class: "pane channel-pane", key: "none" }, h("div", { class: "empty" }, waiting()));
  const count = joined(room).length;
  return h(
    "div",
    { class: "pane channel-pane", key: "room" },
    h("header", { class: "pane-head" }, h("h2", null, sign(room, 18), title(room, matrix.user)), h("span", { class: "quiet" }, count === 1 ? "1 member" : `${count} members`)),
    away(),
    room.invited ? invitation(room) : scroller(`${matrix.user} ${room.id}`, rows(room)),
    !room.invited && writing(room, null),
  );
}

const waiting = () => (matrix.state === "here" ? "This person is in no room." : matrix.state === "away" ? "The homeserver is away." : "Logging in…");

export const sign = (room, size) => icon(room.direct ? "message" : room.encrypted ? "lock" : "room", size);

function rows(room) {
  const shown = eventList(room, room.timeline, "room");
  if (room.timeline.some((event) => event.type !== "m.room.member")) return shown;
  const ours = page.world.matrix.rooms.includes(room.id);
  return [
    ...shown,
    h(
      "div",
      { class: "empty", key: "empty" },
      icon("message", 32),
      h("h3", null, "Nothing here yet"),
      h("p", null, ours ? "Text the team from the phone: the conversation appears here as a thread." : "Nobody has said anything."),
    ),
  ];
}

function away() {
  if (page.world.matrix.running && matrix.state !== "away") return null;
  const words = page.world.matrix.running ? "The homeserver does not answer." : "The homeserver is stopped. What happens meanwhile is told when it is back.";
  return h("p", { class: "away", role: "status", key: "away" }, icon("warning", 16), words);
}

function invitation(room) {
  return h(
    "div",
    { class: "empty", key: "invited" },
    icon("message", 32),
    h("h3", null, `${title(room, matrix.user)} invites you`),
    h("button", { type: "button", class: "btn btn-primary", onClick: () => join(room) }, "Accept"),
  );
}

function writing(room, root) {
  if (room.replacement) return replaced(room);
  if (room.encrypted) return h("p", { class: "cannot-write" }, "This room is encrypted, and this page has no keys. Write in Element; the terminal says how.");
  return composer({
    key: `${matrix.user} ${root ?? room.id}`,
    label: root ? "Reply in the thread" : `Message to ${title(room, matrix.user)}`,
    placeholder: root ? "Reply…" : `Message ${title(room, matrix.user)}`,
    attach: (at) => filePicker(at, "Attach a file"),
    above: typers(room),
    extra: h("span", { class: "composer-hint" }, hint(room, root)),
    typing: () => typing(room),
    send: (draft) => write(room, root, draft),
  });
}

function hint(room, root) {
  if (root) return h("span", null, h("code", null, "//"), " for a comment, ", h("code", null, "!help"), " for words");
  return page.world.matrix.rooms.includes(room.id) ? h("span", null, h("code", null, "!sms …"), " for commands") : "";
}

function typers(room) {
  const names = room.typing.filter((id) => id !== matrix.user).map((id) => nameIn(room, id));
  return names.length > 0 && h("p", { class: "typing", role: "status" }, `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…`);
}

function replaced(room) {
  const known = matrix.rooms.has(room.replacement);
  const go = async () => {
    if (known || (await join({ id: room.replacement })).ok) set({ room: room.replacement, root: false });
  };
  return h("p", { class: "cannot-write" }, "This room was replaced. ", h("button", { type: "button", class: "link", onClick: go }, "Go to the new one"));
}

export function rootPane(room, root) {
  const replies = repliesTo(room, root.event_id);
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h(
    "aside",
    { class: "pane thread-pane", key: `root-${root.event_id}`, "aria-label": "Thread" },
    h(
      "header",
      { class: "pane-head" },
      h("h2", null, "Thread"),
      h("span", { class: "quiet" }, title(room, matrix.user)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", title: "Close thread", onClick: () => set({ root: false }) }, icon("close", 18)),
    ),
    away(),
    scroller(`${matrix.user} ${root.event_id}`, [
      eventList(room, [root], "thread"),
      replies.length > 0 && h("div", { class: "day reply-count", key: "count" }, h("span", null, count)),
      eventList(room, replies, "thread"),
    ]),
    writing(room, root.event_id),
  );
}
