// One message in a room or thread, as a client shows it, with what can be done to it.

import { h } from "../dom.js";
import { editing } from "../editor.js";
import { ago, bytes, clock, clockWithSeconds, dayName } from "../format.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { avatar } from "../people.js";
import { page, set, toast, ui } from "../state.js";
import { html, plain } from "./html.js";
import { content, nameIn, relation, repliesTo, seconds } from "./rooms.js";
import { body, edit, matrix, media, remove } from "./session.js";
import { signPicker, signs } from "./signs.js";

const TOGETHER = 300; // seconds within which one author's messages stand under one name
const PROFILE = "com.beeper.per_message_profile";
const FALLBACK = /^(?:> .*\n)+\n?/;

/** Messages with the days between them. `place` is "room" or "thread". */
export function eventList(room, events, place) {
  const rows = [];
  let before = null;
  for (const event of events) {
    const day = dayName(seconds(event));
    if (place === "room" && (!before || dayName(seconds(before)) !== day)) {
      rows.push(h("div", { class: "day", key: `day-${day}` }, h("span", null, day)));
      before = null;
    }
    if (event.type === "m.room.member") arrived(rows, room, event);
    else rows.push(one(room, event, place, continues(room, before, event)));
    before = event;
  }
  return rows.map((row) => row.describe?.() ?? row);
}

/** Comings and goings in a row stand in one line. */
function arrived(rows, room, event) {
  const how = event.content.membership === "join" ? "joined" : "left";
  const name = nameIn(room, event.state_key);
  const last = rows.at(-1);
  if (last?.how === how) {
    if (!last.names.includes(name)) last.names.push(name);
    return;
  }
  const names = [name];
  const list = () => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
  rows.push({ how, names, describe: () => h("div", { class: "notice", key: event.event_id }, `${list()} ${how} the room.`) });
}

function continues(room, before, event) {
  if (!before || before.type === "m.room.member" || repliesTo(room, before.event_id).length) return false;
  return author(room, before).key === author(room, event).key && seconds(event) - seconds(before) < TOGETHER;
}

/** Who wrote a message: a contact where the bot says so, else its sender. */
function author(room, event) {
  const profile = event.content[PROFILE];
  const bot = event.sender === page.world.matrix.bot;
  if (bot && profile?.displayname) return { name: profile.displayname, kind: "contact", key: `as-${profile.displayname}` };
  return { name: nameIn(room, event.sender), kind: bot ? "app" : "person", key: event.sender };
}

function one(room, event, place, compact) {
  const by = author(room, event);
  const gone = room.gone.has(event.event_id);
  const changing = ui.matrixEditing?.id === event.event_id;
  const quiet = event.content.msgtype === "m.notice";
  return h(
    "article",
    {
      key: event.event_id,
      class: `message${compact ? " is-compact" : ""}${changing ? " is-editing" : ""}${gone ? " is-gone" : ""}${quiet ? " is-quiet" : ""}`,
      "aria-label": `${by.name}, ${clock(seconds(event))}`,
    },
    h("div", { class: "message-side" }, compact ? moment(event) : avatar(by)),
    h(
      "div",
      { class: "message-main" },
      !compact && byline(by, event),
      gone ? h("em", { key: "gone" }, "Message deleted") : changing ? changed(room, event) : shown(room, event),
      !gone && signs(room, event),
      place === "room" && summary(room, event),
    ),
    !gone && !changing && toolbar(room, event, place),
  );
}

const moment = (event) => h("time", { title: clockWithSeconds(seconds(event)) }, clock(seconds(event)));

function byline(by, event) {
  return h(
    "div",
    { class: "byline" },
    h("strong", null, by.name),
    by.kind === "app" && h("span", { class: "tag" }, "BOT"),
    by.kind === "contact" && h("span", { class: "tag", title: "A profile for this message alone. Clients that know none show the name in front of the text." }, "via Textbridge"),
    moment(event),
  );
}

function changed(room, event) {
  return editing(body(room, event), {
    done: () => set({ matrixEditing: null }),
    save: (text) => edit(room, event, text),
  });
}

function shown(room, event) {
  if (event.type === "m.room.encrypted") return h("div", { class: "content is-gone", key: "content" }, "Encrypted. This page has no keys; read it in Element.");
  const now = content(room, event);
  if (now.url) return h("div", { class: "files", key: "files" }, file(now));
  const edited = room.edits.has(event.event_id) && event.sender !== page.world.matrix.bot;
  const words = now.formatted_body ? html(now.formatted_body, matrix.user) : h("p", null, plain((now.body ?? "").replace(answered(event) ? FALLBACK : "", "")));
  return h("div", { class: "content", key: "content" }, answered(event) && quoted(room, event), h("div", { class: "rich" }, words), edited && h("span", { class: "edited" }, "(edited)"));
}

/** What a plain reply replies to; in threads that is only there for clients without them. */
function answered(event) {
  const relates = relation(event);
  return relates.is_falling_back ? null : (relates["m.in_reply_to"]?.event_id ?? null);
}

function quoted(room, event) {
  const original = room.events.get(answered(event));
  if (!original) return null;
  return h("blockquote", { class: "answered" }, h("strong", null, author(room, original).name), " ", body(room, original).split("\n")[0]);
}

function file(now) {
  const address = media(now.url);
  const name = now.filename ?? now.body;
  if (/^image\/(png|jpeg|gif|webp)$/.test(now.info?.mimetype)) {
    if (!address) return h("span", { class: "picture-waiting", role: "img", "aria-label": `${name}, loading` });
    return h("button", { type: "button", class: "picture file-picture", "aria-label": `Enlarge ${name}`, onClick: () => set({ lightbox: { src: address, alt: name } }) }, h("img", { src: address, alt: name }));
  }
  return h(
    "a",
    { class: "file", href: address, download: name },
    h("span", { class: "file-icon" }, icon("clip", 18)),
    h("span", null, h("strong", null, name), h("span", { class: "quiet" }, bytes(now.info?.size ?? 0))),
  );
}

function summary(room, event) {
  const replies = repliesTo(room, event.event_id).filter((one) => !room.gone.has(one.event_id));
  if (!replies.length) return null;
  const faces = [...new Map(replies.map((one) => author(room, one)).map((one) => [one.key, one])).values()].slice(0, 4);
  const newest = seconds(replies.at(-1));
  const fresh = ui.root !== event.event_id && newest > Number(ui.seen[`${matrix.user} ${event.event_id}`] ?? 0);
  return h(
    "button",
    { type: "button", key: "summary", class: `thread-summary${fresh ? " is-fresh" : ""}`, onClick: () => openRoot(room, event.event_id) },
    faces.map((one) => avatar(one, "small")),
    h("strong", null, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    h("span", { class: "quiet" }, `Last reply ${ago(newest)}`),
    fresh && h("span", { class: "fresh" }, "New"),
  );
}

export const openRoot = (room, root) => set({ room: room.id, root, menu: null, side: "matrix" });

function toolbar(room, event, place) {
  const mine = event.sender === matrix.user;
  const root = relation(event).rel_type === "m.thread" ? relation(event).event_id : event.event_id;
  const words = body(room, event);
  const entries = [
    mine && event.content.msgtype === "m.text" && { label: "Edit message", act: () => set({ matrixEditing: { id: event.event_id } }) },
    mine && { label: "Delete message…", danger: true, act: () => askDelete(room, event) },
    { label: "Copy text", act: () => navigator.clipboard?.writeText(words).then(() => toast("Copied.")) },
  ];
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    signPicker(room, event, `sign-${place}-${event.event_id}`),
    place === "room" && h("button", { type: "button", title: "Reply in thread", "aria-label": "Reply in thread", onClick: () => openRoot(room, root) }, icon("reply", 18)),
    menu(`do-${place}-${event.event_id}`, { title: "More actions", "aria-label": "More actions" }, icon("dots", 18), entries, { align: "end" }),
  );
}

function askDelete(room, event) {
  set({
    confirm: {
      title: { type: "plain_text", text: "Delete message" },
      text: { type: "plain_text", text: "Take this message back for everybody in the room? This cannot be undone." },
      confirm: { type: "plain_text", text: "Delete" },
      deny: { type: "plain_text", text: "Cancel" },
      danger: true,
      done: () => remove(room, event),
    },
  });
}
