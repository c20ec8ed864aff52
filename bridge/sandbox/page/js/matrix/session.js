// Who one is in Matrix, and what one does there.

import { page, perform, redraw, set, toast, ui } from "../state.js";
import { connect } from "./client.js";
import { content, joined, repliesTo, take } from "./rooms.js";
import { bare, inThread, shown, stepOfSign, stepOfWords, written } from "./words.js";

let client = null;
let key = "";

export const matrix = { user: "", rooms: new Map(), state: "connecting" };

/** Be logged in as whoever was chosen; to be called whenever the page has news of the homeserver. */
export function keepUp() {
  const { url, people, password } = page.world.matrix;
  const chosen = people.find((one) => one.id === ui.matrixUser) ?? people[page.world.slack ? 1 : 0];
  if (key === `${url} ${chosen.id} ${password}`) return;
  client?.end();
  key = `${url} ${chosen.id} ${password}`;
  Object.assign(matrix, { user: chosen.id, rooms: new Map(), state: "connecting" });
  const ours = key;
  client = connect({
    url,
    user: chosen.id,
    password,
    up: () => page.world.matrix.running,
    heard: (answer, first) => {
      if (first) matrix.rooms = new Map();
      take(matrix.rooms, answer);
      redraw();
    },
    state: (word) => {
      if (ours !== key || matrix.state === word) return;
      matrix.state = word;
      redraw();
    },
  });
}

export const become = (id) => set({ matrixUser: id, matrixEditing: null });

const tick = (step) => step && perform("matrix.did", { step }, { quiet: true });

/** Do something at the homeserver; gives `{ok, error}` as acts do. */
async function attempt(work, { quiet = false } = {}) {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    if (!quiet) toast(error.message, "error");
    return { ok: false, error: error.message };
  }
}

/** Write in a room, or in the thread of `root`. */
export function write(room, root, { text, files }) {
  return attempt(async () => {
    const related = () => (root ? { "m.relates_to": inThread(root, repliesTo(room, root).at(-1)?.event_id) } : {});
    for (const file of files) {
      const bytes = Uint8Array.from(atob(file.content), (sign) => sign.charCodeAt(0));
      const url = await client.upload(bytes, file.content_type, file.name);
      await client.send(room.id, "m.room.message", { ...shown({ ...file, bytes }, url), ...related() });
    }
    if (text.trim()) await client.send(room.id, "m.room.message", { ...written(text, joined(room)), ...related() });
    tick(stepOfWords(text));
  }, { quiet: true });
}

export function edit(room, event, text) {
  return attempt(async () => {
    const fresh = written(text, joined(room));
    const relates = { rel_type: "m.replace", event_id: event.event_id };
    await client.send(room.id, "m.room.message", { ...fresh, body: `* ${text}`, "m.new_content": fresh, "m.relates_to": relates });
    if (marked(room, event, "📤") || marked(room, event, "☑")) tick("edit");
  });
}

export function remove(room, event) {
  if (marked(room, event, "⏳")) tick("undo");
  return attempt(() => client.redact(room.id, event.event_id));
}

/** Give a reaction, or take one's own back. */
export function react(room, event, sign) {
  const mine = room.reactions.get(event.event_id)?.get(sign)?.find((one) => one.sender === matrix.user);
  if (!mine) tick(stepOfSign(sign));
  const relates = { rel_type: "m.annotation", event_id: event.event_id, key: sign };
  return attempt(() => (mine ? client.redact(room.id, mine.id) : client.send(room.id, "m.reaction", { "m.relates_to": relates })));
}

export const join = (room) => attempt(() => client.join(room.id));

const TOLD_AGAIN = 8000;
let toldAt = 0;

/** Let the others see that one is typing, now and then. */
export function typing(room) {
  if (Date.now() - toldAt < TOLD_AGAIN) return;
  toldAt = Date.now();
  attempt(() => client.typing(room.id, true), { quiet: true });
}

function marked(room, event, sign) {
  const given = room.reactions.get(event.event_id) ?? new Map();
  return [...given].some(([each, by]) => bare(each) === sign && by.some((one) => one.sender === page.world.matrix.bot));
}

const pictures = new Map(); // mxc -> object URL, or null while it is fetched

/** The address of a file the browser can show; null until it has come. */
export function media(mxc) {
  if (!pictures.has(mxc)) {
    pictures.set(mxc, null);
    client.download(mxc).then(
      (blob) => {
        pictures.set(mxc, URL.createObjectURL(blob));
        redraw();
      },
      () => setTimeout(() => pictures.delete(mxc), 2000),
    );
  }
  return pictures.get(mxc);
}

export const body = (room, event) => content(room, event).body ?? "";
