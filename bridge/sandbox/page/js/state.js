// What the sandbox told us last, and what only this page knows: what is selected, open, half written.

import { act as send } from "./link.js";

const KEPT = "textbridge-sandbox";
const kept = read();

export const page = {
  world: null,
  connected: false,
  emoji: {},
  now: Date.now() / 1000,
};

export const ui = {
  user: kept.user ?? null,
  phone: kept.phone ?? null,
  channel: kept.channel ?? null,
  thread: kept.thread ?? null,
  tab: kept.tab ?? "channel", // or "home"
  matrixUser: kept.matrixUser ?? null,
  room: kept.room ?? null, // in Matrix, and the root of the thread: null for the newest, false for none
  root: kept.root ?? null,
  side: null, // "phone", "slack" or "matrix": what a narrow window shows
  strip: kept.strip ?? true,
  guide: kept.guide ?? true,
  adding: false, // the form for another contact
  menu: null, // id of the open popover
  editing: null, // {channel, ts, text}
  matrixEditing: null, // {id}
  confirm: null, // {title, text, confirm, deny, danger, done}
  lightbox: null, // {src, alt}
  errors: {}, // of the open modal, by block_id
  busy: new Set(),
  toasts: [],
  refused: {}, // why a composer's text was not sent, by composer
  seen: kept.seen ?? {}, // newest ts seen, by channel or thread
};

/** Half-written texts and chosen files, by composer; not drawn from, so typing redraws nothing. */
export const drafts = new Map();

let scheduled = false;
let draw = () => {};

export function onDraw(drawing) {
  draw = drawing;
}

/** Draw again, soon. */
export function redraw() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    draw();
  });
}

/** Change what the page knows and draw again. */
export function set(changes) {
  Object.assign(ui, changes);
  keep();
  redraw();
}

export function draft(key) {
  if (!drafts.has(key)) drafts.set(key, { text: "", files: [] });
  return drafts.get(key);
}

/** Ask the sandbox to do something. Gives its result, or null after telling the person why not. */
export async function perform(name, fields = {}, { quiet = false } = {}) {
  try {
    return { ok: true, ...((await send({ act: name, ...fields })) ?? {}) };
  } catch (error) {
    if (!quiet) toast(error.message, "error");
    return { ok: false, error: error.message };
  }
}

/** The same, in the name of the teammate whose Slack is shown. */
export function asUser(name, fields = {}, options = {}) {
  return perform(name, { user: page.world.user, ...fields }, options);
}

let count = 0;

export function toast(text, level = "info") {
  const id = ++count;
  set({ toasts: [...ui.toasts.slice(-2), { id, text, level }] });
  setTimeout(() => set({ toasts: ui.toasts.filter((one) => one.id !== id) }), 6000);
}

/** Do `work` while a control that carries `key` shows that it is busy. */
export async function busy(key, work) {
  if (ui.busy.has(key)) return;
  ui.busy.add(key);
  redraw();
  try {
    return await work();
  } finally {
    ui.busy.delete(key);
    redraw();
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep() {
  const { user, phone, channel, thread, tab, matrixUser, room, root, strip, guide, seen } = ui;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ user, phone, channel, thread, tab, matrixUser, room, root, strip, guide, seen }));
  } catch {
    // private windows may refuse; then the selection is forgotten on reload
  }
}
