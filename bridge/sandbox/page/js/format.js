// Times, numbers and names as people write them.

import { page } from "./state.js";

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const long = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const medium = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

const at = (epoch) => new Date(Number(epoch) * 1000);

export const clock = (epoch) => time.format(at(epoch));
export const clockWithSeconds = (epoch) => seconds.format(at(epoch));
export const isoClock = (iso) => time.format(new Date(iso));

/** Sandbox time in epoch seconds. */
export const now = () => page.now + (page.world?.offset ?? 0);

export function dayName(epoch) {
  const away = daysAway(epoch);
  return away === 0 ? "Today" : away === -1 ? "Yesterday" : away === 1 ? "Tomorrow" : day.format(at(epoch));
}

function daysAway(epoch) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(at(epoch)) - midnight(at(now()))) / 86_400_000);
}

/** How long ago, in the largest unit. */
export function ago(epoch) {
  const span = Math.max(0, now() - Number(epoch));
  if (span < 45) return "just now";
  return `${duration(span)} ago`;
}

export function duration(span) {
  for (const [size, word] of [[86_400, "d"], [3_600, "h"], [60, "min"]]) {
    if (span >= size * 0.9) return `${Math.max(1, Math.round(span / size))} ${word}`;
  }
  return `${Math.round(span)} s`;
}

/** Slack's `<!date^epoch^pattern|fallback>`. */
export function slackDate(epoch, pattern, fallback) {
  if (!Number.isFinite(Number(epoch))) return fallback;
  const parts = {
    date_num: () => at(epoch).toISOString().slice(0, 10),
    date: () => long.format(at(epoch)),
    date_short: () => medium.format(at(epoch)),
    date_long: () => `${day.format(at(epoch))}`,
    date_pretty: () => pretty(epoch, long),
    date_short_pretty: () => pretty(epoch, short),
    date_long_pretty: () => dayName(epoch),
    time: () => clock(epoch),
    time_secs: () => clockWithSeconds(epoch),
    ago: () => ago(epoch),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => parts[name]?.() ?? whole);
}

function pretty(epoch, otherwise) {
  return Math.abs(daysAway(epoch)) <= 1 ? dayName(epoch) : otherwise.format(at(epoch));
}

/** A number as people read it: +1 212 555 0142. */
export function phoneNumber(number) {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number ?? "");
  return american ? `+1 ${american[1]} ${american[2]} ${american[3]}` : (number ?? "");
}

export function initials(name) {
  const words = name.replace(/[^\p{L}\p{N} ]/gu, " ").trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  if (/^\d/.test(words[0])) return "#";
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : words[0].slice(0, 2)).toUpperCase();
}

/** A hue for a name, always the same. */
export function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  return sum % 12;
}

export function bytes(size) {
  return size < 1_000_000 ? `${Math.max(1, Math.round(size / 1000))} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}
