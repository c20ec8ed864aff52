// From what somebody types to a message's content, as clients make it: mentions become links that ring.

const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Content of a text message. `members`: [[user id, {name}], …], who may be mentioned by name or by id. */
export function written(text, members) {
  const byWord = new Map();
  for (const [id, { name }] of members) for (const word of [id, `@${name}`, id.split(":")[0]]) byWord.set(word.toLowerCase(), [id, name]);
  const words = [...byWord.keys()].sort((a, b) => b.length - a.length).map(literal);
  const mention = new RegExp(`(?<![\\w@])(${[...words, "@room"].join("|")})(?![\\w:])`, "gi");
  const called = new Set();
  let everyone = false;
  const link = (word) => {
    if (word.toLowerCase() === "@room") {
      everyone = true;
      return word;
    }
    const [id, name] = byWord.get(word.toLowerCase());
    called.add(id);
    return `<a href="https://matrix.to/#/${encodeURIComponent(id)}">${escape(name)}</a>`;
  };
  const html = text.split(mention).map((part, at) => (at % 2 ? link(part) : escape(part))).join("").replaceAll("\n", "<br>");
  const mentions = { ...(called.size ? { user_ids: [...called] } : {}), ...(everyone ? { room: true } : {}) };
  const formatted = called.size ? { format: "org.matrix.custom.html", formatted_body: html } : {};
  return { msgtype: "m.text", body: text, ...formatted, "m.mentions": mentions };
}

/** Content of a file's message. */
export function shown(file, url) {
  const [kind] = file.content_type.split("/");
  const msgtype = { image: "m.image", audio: "m.audio", video: "m.video" }[kind] ?? "m.file";
  return { msgtype, body: file.name, filename: file.name, url, info: { mimetype: file.content_type, size: file.bytes.length }, "m.mentions": {} };
}

/** The relation of a message in a thread; clients without threads see a reply to the newest in it. */
export function inThread(root, newest) {
  return { rel_type: "m.thread", event_id: root, is_falling_back: true, "m.in_reply_to": { event_id: newest ?? root } };
}

const WORDS = { "!claim": "claim", "!assign": "assign", "!team": "team", "!canned": "canned", "!c": "canned" };
const SIGNS = { "👀": "claim", "❌": "undo", "📨": "guard", "🔒": "guard" };
export const bare = (key) => key.replaceAll("\ufe0f", "");

/** The step of *What to try* that writing this does. */
export function stepOfWords(text) {
  const typed = text.trim();
  if (typed.startsWith("//")) return "comment";
  if (/^!sms\s+queue\b/.test(typed)) return "queue";
  return WORDS[typed.split(/\s/)[0]];
}

/** The step that giving this reaction does. */
export const stepOfSign = (key) => SIGNS[bare(key)];
