// What the answers of sync amount to: rooms with their messages, threads, edits, reactions. Nothing here draws or asks.

export const relation = (event) => event.content?.["m.relates_to"] ?? {};
export const seconds = (event) => event.origin_server_ts / 1000;

/** Take an answer of sync into `rooms`, a Map by room id. */
export function take(rooms, answer) {
  const { join = {}, invite = {}, leave = {} } = answer.rooms ?? {};
  for (const id of Object.keys(leave)) rooms.delete(id);
  for (const [id, told] of Object.entries(invite)) {
    const room = empty(id);
    room.invited = true;
    for (const event of told.invite_state?.events ?? []) settle(room, event);
    rooms.set(id, room);
  }
  for (const [id, told] of Object.entries(join)) {
    let room = rooms.get(id);
    // A gap: what came before it is not shown rather than shown with a hole.
    if (!room || room.invited || told.timeline?.limited) rooms.set(id, (room = empty(id)));
    for (const event of told.state?.events ?? []) settle(room, event);
    for (const event of told.timeline?.events ?? []) happen(room, event);
    for (const event of told.ephemeral?.events ?? []) if (event.type === "m.typing") room.typing = event.content.user_ids ?? [];
  }
}

function empty(id) {
  return {
    id,
    name: "",
    direct: false,
    invited: false,
    encrypted: false,
    replacement: null,
    members: new Map(), // user id -> {name, membership}
    timeline: [], // what stands in the room itself
    threads: new Map(), // root's id -> replies
    events: new Map(), // id -> message
    edits: new Map(), // id -> newest content
    reactions: new Map(), // id -> Map of key -> [{id, sender}]
    targets: new Map(), // id of a reaction -> [id of what it is to, key]
    gone: new Set(),
    typing: [],
  };
}

function settle(room, event) {
  const { content } = event;
  switch (event.type) {
    case "m.room.name": room.name = content.name ?? ""; break;
    case "m.room.encryption": room.encrypted = true; break;
    case "m.room.tombstone": room.replacement = content.replacement_room ?? null; break;
    case "m.room.member":
      room.members.set(event.state_key, { name: content.displayname || localpart(event.state_key), membership: content.membership });
      if (content.is_direct) room.direct = true;
      break;
  }
}

function happen(room, event) {
  if (event.state_key !== undefined) {
    settle(room, event);
    if (event.type === "m.room.member" && ["join", "leave"].includes(event.content.membership)) room.timeline.push(event);
    return;
  }
  if (event.type === "m.room.redaction") return withdraw(room, event.redacts ?? event.content.redacts);
  if (!Object.keys(event.content).length) return; // taken back before we came
  if (event.type === "m.reaction") return react(room, event);
  if (event.type !== "m.room.message" && event.type !== "m.room.encrypted") return;
  const { rel_type: kind, event_id: other } = relation(event);
  if (kind === "m.replace") {
    if (room.events.get(other)?.sender === event.sender) room.edits.set(other, event.content["m.new_content"] ?? event.content);
    return;
  }
  if (room.events.has(event.event_id)) return;
  room.events.set(event.event_id, event);
  if (kind === "m.thread") room.threads.set(other, [...(room.threads.get(other) ?? []), event]);
  else room.timeline.push(event);
}

function react(room, event) {
  const { event_id: target, key } = relation(event);
  if (!key) return;
  const given = room.reactions.get(target) ?? new Map();
  given.set(key, [...(given.get(key) ?? []), { id: event.event_id, sender: event.sender }]);
  room.reactions.set(target, given);
  room.targets.set(event.event_id, [target, key]);
}

function withdraw(room, id) {
  room.gone.add(id);
  if (!room.targets.has(id)) return;
  const [target, key] = room.targets.get(id);
  const given = room.reactions.get(target);
  const left = given.get(key).filter((one) => one.id !== id);
  if (left.length) given.set(key, left);
  else given.delete(key);
}

/** The newest content of a message. */
export const content = (room, event) => room.edits.get(event.event_id) ?? event.content;

export const repliesTo = (room, id) => room.threads.get(id) ?? [];

export const localpart = (id) => id.replace(/^@/, "").split(":")[0];

export const nameIn = (room, id) => room.members.get(id)?.name ?? localpart(id);

export const joined = (room) => [...room.members].filter(([, one]) => one.membership === "join");

/** A room's name: as given, else who is in it besides `me`. */
export function title(room, me) {
  if (room.name) return room.name;
  const others = [...room.members].filter(([id, one]) => id !== me && one.membership !== "leave");
  return others.map(([, one]) => one.name).join(", ") || "Empty room";
}
