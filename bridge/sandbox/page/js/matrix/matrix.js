// The team's Matrix rooms: who is looking, which rooms there are, and what is open.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { avatar } from "../people.js";
import { page, set, ui } from "../state.js";
import { named } from "./html.js";
import { openRoot } from "./event.js";
import { roomPane, rootPane, sign } from "./panes.js";
import { relation, repliesTo, seconds, title } from "./rooms.js";
import { become, matrix } from "./session.js";

export function matrixRooms() {
  const room = shownRoom();
  const root = shownRoot(room);
  return h(
    "section",
    { class: `app matrix${root ? " has-thread" : ""}`, "aria-label": "The team’s Matrix rooms" },
    sidebar(room),
    roomPane(room),
    root && rootPane(room, root),
  );
}

function shownRoom() {
  const all = inOrder();
  return all.find((one) => one.id === ui.room) ?? all[0];
}

/** The line's rooms first, in the order they were made, then everything else. */
function inOrder() {
  const lines = page.world.matrix.rooms;
  const place = (room) => (lines.includes(room.id) ? lines.indexOf(room.id) : lines.length);
  return [...matrix.rooms.values()].sort((a, b) => place(a) - place(b));
}

/** The thread that was opened; the newest conversation opens by itself, so that its way is seen at once. */
function shownRoot(room) {
  if (!room || room.invited || ui.root === false) return null;
  if (room.events.has(ui.root)) return room.events.get(ui.root);
  if (ui.room !== null && ui.root !== null) return null;
  const card = room.timeline.findLast((one) => one.sender === page.world.matrix.bot && repliesTo(room, one.event_id).length);
  if (card) Object.assign(ui, { room: room.id, root: card.event_id });
  return card ?? null;
}

function sidebar(shown) {
  return h(
    "nav",
    { class: "sidebar", "aria-label": "Rooms" },
    h("div", { class: "workspace" }, h("strong", null, page.world.matrix.server), h("span", null, "Matrix")),
    h("div", { class: "rooms" }, h("div", { class: "sidebar-heading" }, "Rooms"), inOrder().map((room) => entry(room, room === shown))),
    whoami(),
  );
}

function entry(room, here) {
  const said = [...room.timeline, ...[...room.threads.values()].flat()].filter((event) => event.type !== "m.room.member");
  const newest = said.reduce((last, event) => Math.max(last, seconds(event)), 0);
  const fresh = !here && (room.invited || newest > Number(ui.seen[`${matrix.user} ${room.id}`] ?? 0));
  return h(
    "button",
    {
      type: "button",
      key: room.id,
      class: `room${here ? " is-shown" : ""}${fresh ? " is-fresh" : ""}`,
      "aria-current": here ? "page" : undefined,
      onClick: () => set({ room: room.id, root: here ? false : null, matrixEditing: null }),
    },
    sign(room, 16),
    h("span", { class: "room-name" }, title(room, matrix.user)),
    fresh && h("span", { class: "dot", "aria-label": "new" }),
  );
}

function whoami() {
  const { people } = page.world.matrix;
  const me = people.find((one) => one.id === matrix.user);
  const face = (person) => avatar({ name: person.name, kind: "person" }, "small");
  const entries = people.map((person) => ({
    label: h("span", { class: "person" }, face(person), person.name),
    checked: person === me,
    act: () => become(person.id),
  }));
  const label = [face(me), h("span", { class: "whoami-name" }, h("span", { class: "quiet" }, "You are"), h("strong", null, me.name)), icon("chevron", 16)];
  return menu("whoami-matrix", { class: "whoami", "aria-label": `You are ${me.name}. Switch to another teammate` }, label, entries, { up: true });
}

/** Open what a matrix.to address names; false when it names nothing that is here. */
export function openAddress(address) {
  const [id, event] = named(address) ?? [];
  const room = matrix.rooms.get(id);
  if (!room) return false;
  const found = room.events.get(event);
  const { rel_type: kind, event_id: root } = found ? relation(found) : {};
  openRoot(room, found ? (kind === "m.thread" ? root : event) : false);
  return true;
}
