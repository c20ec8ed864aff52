// Who wrote something, and how they are pictured.

import { h } from "./dom.js";
import { hue, initials } from "./format.js";
import { icon } from "./icons.js";
import { page } from "./state.js";

/** The author of a message: `{name, kind: "person" | "outsider" | "guest" | "contact" | "app", key}`. */
export function author(message) {
  const { slack, app } = page.world;
  if (message.user === "USLACKBOT") return { name: "Slackbot", kind: "app", key: "USLACKBOT" };
  if (message.username) return { name: message.username, kind: "contact", key: `as-${message.username}` };
  if (message.bot_id || message.user === slack.bot.user_id) {
    return { name: slack.users[slack.bot.user_id]?.real_name ?? app.name, kind: "app", key: "app" };
  }
  const person = slack.users[message.user];
  return { name: person?.real_name ?? message.user ?? "Somebody", kind: kindOf(person, slack), key: message.user };
}

function kindOf(person, slack) {
  if (person && person.team_id !== slack.team.id) return "outsider";
  return person?.is_restricted ? "guest" : "person";
}

/** A square with initials; the app has a sign instead. */
export function avatar({ name, kind }, size = "") {
  const own = kind === "app";
  return h(
    "span",
    { class: `avatar ${size} ${own ? "avatar-app" : `hue-${hue(name)}`} ${kind === "contact" ? "avatar-contact" : ""}`, "aria-hidden": "true" },
    own ? icon("message", size ? 12 : 18) : initials(name),
  );
}
