// Slack's mrkdwn as described elements. Only what Slack itself reads as markup is read; the rest is text.

import { h } from "./dom.js";
import { slackDate } from "./format.js";
import { page } from "./state.js";

const SPECIAL = /<([^<>]+)>|:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?|```([\s\S]+?)```|`([^`\n]+)`/;
const STYLES = [
  ["strong", /(^|[^\p{L}\p{N}*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\p{L}\p{N}*])/u],
  ["em", /(^|[^\p{L}\p{N}_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\p{L}\p{N}_])/u],
  ["s", /(^|[^\p{L}\p{N}~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\p{L}\p{N}~])/u],
];
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

/** A mrkdwn text, quotes and all. */
export function mrkdwn(text) {
  const lines = [];
  for (const [index, line] of String(text).split("\n").entries()) {
    const quoted = /^&gt; ?/.exec(line);
    if (quoted) lines.push(h("blockquote", null, styled(line.slice(quoted[0].length))));
    else lines.push(index && lines.at(-1)?.tag !== "blockquote" ? "\n" : null, line);
  }
  return joined(lines).map((part) => (typeof part === "string" ? styled(part) : part));
}

function joined(parts) {
  const found = [];
  for (const part of parts.filter((one) => one !== null)) {
    if (typeof part === "string" && typeof found.at(-1) === "string") found[found.length - 1] += part;
    else found.push(part);
  }
  return found;
}

/** Running mrkdwn: first what stands for itself, then styles in what is left. */
function styled(text) {
  const found = SPECIAL.exec(text);
  if (!found) return emphasised(text);
  return [emphasised(text.slice(0, found.index)), special(found), styled(text.slice(found.index + found[0].length))];
}

function special([whole, angle, name, tone, block, code]) {
  if (angle) return reference(angle) ?? plain(whole);
  if (name) return emoji(name, tone) ?? whole;
  return block ? h("pre", null, plain(block)) : h("code", null, plain(code));
}

function emphasised(text) {
  for (const [tag, shape] of STYLES) {
    const found = shape.exec(text);
    if (!found) continue;
    const start = found.index + found[1].length;
    return [
      emphasised(text.slice(0, start)),
      h(tag, null, emphasised(found[2])),
      emphasised(text.slice(found.index + found[0].length)),
    ];
  }
  return plain(text);
}

/** Text in which Slack's three escapes are undone. */
export function plain(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

function reference(inner) {
  const [target, label] = [inner.split("|")[0], inner.includes("|") ? plain(inner.slice(inner.indexOf("|") + 1)) : null];
  if (target.startsWith("@")) return userName(target.slice(1));
  if (target.startsWith("#")) return channelName(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, epoch, pattern] = target.split("^");
    return h("time", { title: label }, slackDate(epoch, pattern, label ?? ""));
  }
  if (target.startsWith("!subteam^")) return groupName(target.slice("!subteam^".length), label);
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${target.slice(1)}`);
  return link(plain(target), label);
}

/** A link; anything but web, mail and telephone addresses is shown as text. */
export function link(address, label) {
  const shown = label || address.replace(/^mailto:/, "");
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return shown;
  return h("a", { href: address, target: "_blank", rel: "noreferrer noopener", "data-link": address }, shown);
}

export function userName(id) {
  const person = page.world.slack.users[id];
  const own = id === page.world.user || id === page.world.slack.bot.user_id;
  return h("span", { class: own ? "mention mention-own" : "mention" }, `@${person?.real_name ?? id}`);
}

export function channelName(id, label) {
  const channel = page.world.slack.channels.find((one) => one.id === id);
  return h("span", { class: "mention" }, `#${channel?.name ?? label ?? id}`);
}

export function groupName(id, label) {
  return h("span", { class: "mention" }, `@${page.world.slack.usergroups[id]?.handle ?? label ?? id}`);
}

/** An emoji by name; nothing when there is none. */
export function emoji(name, tone) {
  const character = page.emoji[name];
  if (!character) return null;
  const shown = tone ? character + TONES[tone] : character;
  return h("span", { class: "emoji", role: "img", "aria-label": name.replace(/_/g, " "), title: `:${name}:` }, shown);
}

/** Plain text of a block: emoji names become emoji unless it says otherwise. */
export function plainText(object) {
  if (!object) return null;
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  if (object.emoji === false) return object.text;
  return object.text.split(/(:[a-z0-9_+'-]+:)/).map((part) => {
    const name = /^:(.+):$/.exec(part);
    return (name && emoji(name[1])) ?? part;
  });
}
