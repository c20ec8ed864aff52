// The team's Slack: who is looking, which channels there are, and what is open.

import { channelPane } from "./channel.js";
import { h } from "./dom.js";
import { homePane } from "./home.js";
import { icon } from "./icons.js";
import { become } from "./link.js";
import { menu } from "./menu.js";
import { author, avatar } from "./people.js";
import { asUser, page, perform, set, ui } from "./state.js";
import { threadPane } from "./thread.js";

const STATUSES = [[":palm_tree:", "🌴", "Vacationing"], [":spiral_calendar_pad:", "🗓️", "In a meeting"]];

export function slack() {
  const { slack: workspace } = page.world;
  const channel = shownChannel();
  const root = ui.tab === "channel" && channel && ui.thread ? channel.messages.find((one) => one.ts === ui.thread) : null;
  return h(
    "section",
    { class: `app slack${root ? " has-thread" : ""}`, "aria-label": "The team’s Slack" },
    sidebar(workspace, channel),
    ui.tab === "home" ? homePane() : channelPane(channel),
    root && threadPane(channel, root),
  );
}

/** The channel that was chosen, or the first the teammate is in. */
export function shownChannel() {
  const { channels } = page.world.slack;
  const rooms = channels.filter((one) => !one.is_im);
  return channels.find((one) => one.id === ui.channel) ?? rooms.find((one) => one.is_mine) ?? rooms[0];
}

function sidebar(workspace, shown) {
  const rooms = workspace.channels.filter((one) => !one.is_im && !one.is_archived);
  const direct = workspace.channels.filter((one) => one.is_im && one.messages.length);
  return h(
    "nav",
    { class: "sidebar", "aria-label": "Channels" },
    h("div", { class: "workspace" }, h("strong", null, workspace.team.name), h("span", null, "Slack")),
    h(
      "div",
      { class: "rooms" },
      h("div", { class: "sidebar-heading" }, "Channels"),
      rooms.map((channel) => entry(channel, shown)),
      direct.length > 0 && h("div", { class: "sidebar-heading" }, "Direct messages"),
      direct.map((channel) => entry(channel, shown)),
      h("div", { class: "sidebar-heading" }, "Apps"),
      appEntry(),
    ),
    whoami(workspace),
  );
}

function appEntry() {
  const here = ui.tab === "home";
  return h(
    "button",
    { type: "button", key: "app", class: `room${here ? " is-shown" : ""}`, "aria-current": here ? "page" : undefined, onClick: openHome },
    avatar({ name: "", kind: "app" }, "small"),
    h("span", { class: "room-name" }, page.world.app.name),
  );
}

function openHome() {
  set({ tab: "home" });
  asUser("view.home", {}, { quiet: true });
}

function entry(channel, shown) {
  const here = ui.tab === "channel" && channel.id === shown?.id;
  const newest = channel.messages.at(-1)?.ts ?? 0;
  const fresh = !here && channel.is_mine && Number(newest) > Number(ui.seen[`${page.world.user} ${channel.id}`] ?? 0);
  return h(
    "button",
    {
      type: "button",
      key: channel.id,
      class: `room${here ? " is-shown" : ""}${fresh ? " is-fresh" : ""}`,
      "aria-current": here ? "page" : undefined,
      onClick: () => set({ channel: channel.id, tab: "channel", thread: here ? false : null }),
    },
    icon(channel.is_im ? "message" : channel.is_private ? "lock" : "hash", 16),
    h("span", { class: "room-name" }, channel.is_im ? page.world.app.name : channel.name),
    fresh && h("span", { class: "dot", "aria-label": "new" }),
  );
}

function whoami(workspace) {
  const people = Object.values(workspace.users).filter((user) => !user.is_bot && !user.deleted);
  const me = workspace.users[page.world.user];
  const entries = people.map((user) => ({
    label: h("span", { class: "person" }, avatar(author({ user: user.id }), "small"), user.real_name),
    note: user.team_id !== workspace.team.id ? "External" : user.is_restricted ? "Guest" : user.status || null,
    checked: user.id === me.id,
    act: () => {
      set({ user: user.id, editing: null, errors: {} });
      become(user.id);
      if (ui.tab === "home") perform("view.home", { user: user.id }, { quiet: true });
    },
  }));
  const says = me.status;
  const statuses = STATUSES.map(([emoji, sign, text]) => ({
    label: `${sign} ${text}`,
    checked: says === text,
    act: () => asUser("slack.status", says === text ? {} : { emoji, text }),
  }));
  const label = [
    avatar(author({ user: me.id }), "small"),
    h("span", { class: "whoami-name" }, h("span", { class: "quiet" }, says || "You are"), h("strong", null, me.real_name)),
    icon("chevron", 16),
  ];
  return menu("whoami", { class: "whoami", "aria-label": `You are ${me.real_name}. Switch to another teammate` }, label, [...entries, { heading: `Status of ${me.real_name}` }, ...statuses], { up: true });
}
